import MinhangCore

/// Unpacks a gzip file of any number of members into a file without a name.
///
/// What comes before damage or a cut is kept, with a warning. Refused is what cannot be a recording: more than `mostBytes`, more than 200 times
/// the packed size beyond the first 64 MiB, or more than the disk has.
///
/// **Source:** RFC 1952, "GZIP file format specification".
struct GZipUnpacking {
  /// Unpacked bytes at most.
  static let mostBytes = 1 << 36
  /// Unpacked bytes for each packed one at most; signals of amplifiers stay below 20.
  static let mostGrowth = 200
  /// Up to here any growth is allowed.
  static let harmlessBytes = 64 << 20
  /// Bytes that are left free on the disk.
  static let spareBytes = 256 << 20
  private static let magic: [UInt8] = [0x1F, 0x8B]

  /// Whether a file that begins so is packed by gzip.
  static func recognises(_ head: FileHead) -> Bool { head.bytes.starts(with: magic) }

  /// Where the work stands, shared by what reads, inflates and writes.
  private final class Progress {
    var readBytes = 0
    var check: UInt32 = 0
    var memberBytes = 0
    var refusal: String?
  }

  private let file: RandomAccessFile
  private let limit: Int
  private let scratch: ScratchFile
  private let progress = Progress()
  private var inflation: Inflation

  /// Makes the work for a file.
  ///
  /// - Parameter spareBytes: Bytes to be left free on the disk.
  init(_ file: RandomAccessFile, spareBytes: Int = Self.spareBytes) throws(RecordingError) {
    self.file = file
    let (scratch, progress) = (try ScratchFile(for: file.path), progress)
    self.scratch = scratch
    let growth = file.byteCount.multipliedReportingOverflow(by: Self.mostGrowth)
    let limit = min(Self.mostBytes, max(Self.harmlessBytes, growth.overflow ? .max : growth.partialValue))
    self.limit = limit
    var checked = 0
    inflation = Inflation(
      source: { (buffer: inout [UInt8]) throws(RecordingError) in
        let count = min(buffer.count, file.byteCount - progress.readBytes)
        try file.read(into: &buffer, count: count, at: progress.readBytes)
        progress.readBytes += count
        return count
      },
      sink: { (bytes: ArraySlice<UInt8>) throws(RecordingError) in
        guard bytes.count <= limit - scratch.byteCount else {
          progress.refusal = "unpacks to more than \(limit) bytes from \(file.byteCount); expected a recording packed by gzip"
          return false
        }
        // The disk is asked every 64 MiB.
        if scratch.byteCount >= checked {
          checked = scratch.byteCount + Self.harmlessBytes
          guard scratch.freeBytes >= spareBytes else {
            progress.refusal =
              "unpacks to more than the \(scratch.byteCount) bytes that the disk for temporary files has room for; set TMPDIR"
            return false
          }
        }
        try scratch.append(bytes)
        progress.check = CyclicCheck.value(of: bytes, from: progress.check)
        progress.memberBytes += bytes.count
        return true
      })
  }

  /// Unpacks all members.
  ///
  /// - Returns: The unpacked bytes, under the path of the packed file.
  /// - Throws: `badData` where nothing can be unpacked or where it cannot be a recording, `inputOutput`, `cannotCreate`.
  mutating func run(log: inout WarningLog) throws(RecordingError) -> RandomAccessFile {
    var member = 1
    while try header(member, log: &log) {
      (progress.check, progress.memberBytes) = (0, 0)
      let outcome = try inflation.stream()
      if let refusal = progress.refusal { throw RecordingError(.badData, path: file.path, refusal) }
      guard outcome == .ended else {
        guard scratch.byteCount > 0 else {
          throw RecordingError(.badData, path: file.path, "packed data are damaged from the beginning; expected a gzip file")
        }
        let what = outcome == .cut ? "end before their time" : "are damaged"
        log.add(.compression, "the packed data \(what); the \(scratch.byteCount) bytes before that are read")
        break
      }
      try trailer(member, log: &log)
      member += 1
    }
    return scratch.readable()
  }

  /// Reads the head of a member; false where there is none.
  private mutating func header(_ member: Int, log: inout WarningLog) throws(RecordingError) -> Bool {
    guard let first = try inflation.byte() else { return false }
    let start = [first, try inflation.byte(), try inflation.byte()]
    guard start == [0x1F, 0x8B, 8], let flags = try inflation.byte(), flags & 0xE0 == 0, try skip(6) else {
      if member == 1 {
        throw RecordingError(
          .badData, path: file.path, "gzip header at byte 0 is cut or of an unknown method; expected a file packed by DEFLATE")
      }
      // Archives on tapes are padded with zeros.
      var isPadding = start.allSatisfy { $0 == nil || $0 == 0 }
      while isPadding, let byte = try inflation.byte() { isPadding = byte == 0 }
      if !isPadding { log.add(.compression, "the packed data are followed by bytes that are none; ignored") }
      return false
    }
    var isWhole = true
    if flags & 4 != 0 {
      let (low, high) = (try inflation.byte(), try inflation.byte())
      isWhole = try skip(Int(low ?? 0) | Int(high ?? 0) << 8)
    }
    // The name and the comment end with a zero.
    for flag in [8, 16] as [UInt8] where flags & flag != 0 {
      while let byte = try inflation.byte(), byte != 0 {}
    }
    if flags & 2 != 0, isWhole { _ = try skip(2) }
    return true
  }

  private mutating func skip(_ count: Int) throws(RecordingError) -> Bool {
    for _ in 0..<count where try inflation.byte() == nil { return false }
    return true
  }

  private mutating func trailer(_ member: Int, log: inout WarningLog) throws(RecordingError) {
    var bytes: [UInt8] = []
    while bytes.count < 8, let byte = try inflation.byte() { bytes.append(byte) }
    guard bytes.count == 8 else {
      log.add(.compression, "the checksum behind the packed data is cut off")
      return
    }
    let numbers = LittleEndianBytes(bytes)
    if numbers.unsigned(at: 0, count: 4) != UInt64(progress.check) {
      log.add(.compression, "member \(member) of the packed data does not match its checksum: some of it is damaged")
    } else if numbers.unsigned(at: 4, count: 4) != UInt64(progress.memberBytes) & 0xFFFF_FFFF {
      log.add(
        .compression, "member \(member) of the packed data states \(numbers.u32(4)) bytes; it has \(progress.memberBytes)")
    }
  }
}
