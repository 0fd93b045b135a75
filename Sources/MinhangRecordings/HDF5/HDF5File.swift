import MinhangCore

/// The part of HDF5 that recordings use, read by itself: groups, data sets of numbers, texts and references.
///
/// Goals in order: nothing in a file can trap, hang or grow the program; a file that is damaged in places gives the rest; data stay in the file
/// until they are read, chunk by chunk. Left out, each refused in one line: groups so large that their links lie in a fractal heap, compound and
/// variable-length elements, data in other files, filters other than deflate, shuffle and Fletcher-32, chunks indexed by extensible arrays or
/// B-trees of version 2.
///
/// **Source:** The HDF Group, "HDF5 File Format Specification", version 3.0.
final class HDF5File {
  let bytes: HDF5Bytes
  /// Where the root group's object header lies.
  private(set) var root = 0
  /// Things that contradict the format and were survived.
  private(set) var defects: [String] = []
  private static let mostDefects = 1000

  init(_ file: RandomAccessFile) throws(RecordingError) {
    bytes = HDF5Bytes(file)
    var found: [String] = []
    root = try Self.superblock(bytes) { found.append($0) }
    defects = found
  }

  var path: String { bytes.file.path }

  /// Keeps what contradicts the format.
  func complain(_ message: String) { if defects.count < Self.mostDefects { defects.append(message) } }
}
