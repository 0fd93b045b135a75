import MinhangCore

/// The references of a data set of a MATLAB file of version 7.3, one after the other.
///
/// They are read by the thousand, so that those of several data sets can be followed in step at no cost.
struct MATReferences {
  private static let most = 8192

  private let data: HDF5Dataset
  private let source: ArraySource
  private let file: HDF5File
  private let width: Int
  let count: Int
  /// The reference that is next.
  private var place = 0
  /// Those that were read, and how many of them were given.
  private var stored: [UInt8] = []
  private var given = 0

  init(_ data: HDF5Dataset, of file: HDF5File) {
    self.data = data
    self.file = file
    source = data.source(in: file)
    width = file.bytes.offsetSize
    count = data.byteCount / width
  }

  /// The next reference as it is stored; nil behind the last one.
  mutating func next() throws(RecordingError) -> UInt64? {
    guard place < count else { return nil }
    if given == stored.count {
      let some = min(count - place, Self.most) * width
      if count <= Self.most {
        stored = try data.first(some, of: file)
      } else {
        try file.bytes.check(0, 0, "references", steps: some + data.chunkByteCount / 8)
        stored = try source.bytes(at: place * width, count: some)
      }
      given = 0
    }
    var reference: UInt64 = 0
    for k in 0..<width { reference |= UInt64(stored[given + k]) << UInt64(8 * k) }
    given += width
    place += 1
    return reference
  }

  /// Gives none of the others.
  mutating func end() { place = count }
}
