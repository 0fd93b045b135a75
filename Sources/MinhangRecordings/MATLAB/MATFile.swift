import MinhangCore

/// The variables of a MATLAB file of level 5: what MATLAB calls versions 5, 6 and 7.
///
/// What is compressed is inflated into memory, at most 64 times its size (256 MiB for small files, 2 GiB for large ones); the rest stays in the file.
///
/// **Source:** The MathWorks, "MAT-File Format", level 5: header of 128 bytes, order of bytes at byte 126, one element for each variable.
struct MATFile {
  static let headerByteCount = 128
  private static let mostVariables = 4096

  /// The variables that were asked for.
  private(set) var variables: [String: MATValue] = [:]
  /// The names of all variables, as far as they were seen.
  private(set) var names: [String] = []
  /// What contradicts the format; what lies before it was read.
  private(set) var defect: String?

  /// The defects, first one first, and what they mean for the reading; for warnings.
  var remarks: [String] { survived.isEmpty ? defect.map { ["\($0); what comes behind is not read"] } ?? [] : survived }
  private var survived: [String] = []

  /// The variables of a file whose defects each leave the rest.
  init(variables: [String: MATValue], names: [String], survived: [String]) {
    self.variables = variables
    self.names = names
    self.survived = survived
    defect = survived.first
  }

  /// Reads the variables of some names, and of structures the fields of these names.
  init(_ file: RandomAccessFile, wanted: Set<String>) throws(RecordingError) {
    guard file.byteCount >= Self.headerByteCount else {
      throw RecordingError(
        .badData, path: file.path, "file size is \(file.byteCount) bytes; expected at least the \(Self.headerByteCount) of a MATLAB header")
    }
    let mark = try file.bytes(at: 124, count: 4)
    guard mark[2...] == [0x49, 0x4D] || mark[2...] == [0x4D, 0x49] else {
      let shown = String(decoding: mark[2...], as: UTF8.self).quotedForDisplay()
      throw RecordingError(.badData, path: file.path, "order of bytes at byte 126 is \(shown); expected \"IM\" or \"MI\"")
    }
    let isBigEndian = mark[2] == 0x4D
    let version = isBigEndian ? mark[0] : mark[1]
    if version != 1 { defect = "version at byte 124 is \(version); expected 1" }
    let source = ArraySource(file, byteCount: file.byteCount)
    var parser = MATParser(source, isBigEndian: isBigEndian, wanted: wanted)
    var place = Self.headerByteCount
    while place < file.byteCount, names.count < Self.mostVariables, parser.defect == nil {
      guard let element = try parser.element(at: place, end: file.byteCount) else { break }
      switch element.kind {
      case MATElement.Kind.matrix:
        if let head = try parser.head(element.data) {
          names.append(head.name)
          if wanted.contains(head.name) { keep(try parser.value(head, end: element.data.upperBound, depth: 0), head.name) }
        }
      case MATElement.Kind.compressed:
        try inflate(element.data, of: file, isBigEndian: isBigEndian, wanted: wanted)
      default: parser.complain(at: place, "type is \(element.kind); expected 14 or 15, a variable")
      }
      place = element.next
    }
    defect = defect ?? parser.defect
  }

  private mutating func keep(_ value: MATValue, _ name: String) {
    if variables[name] == nil { variables[name] = value }
  }

  private mutating func inflate(
    _ data: Range<Int>, of file: RandomAccessFile, isBigEndian: Bool, wanted: Set<String>
  ) throws(RecordingError) {
    let place = data.lowerBound - 8
    func complaint(_ message: String) -> String { "compressed MATLAB element at byte \(place): \(message)" }
    let whereabouts = " of the compressed element at byte \(place)"
    // The beginning says whether anybody wants the rest.
    let start = Inflation.inflated(zlib: try file.bytes(at: data.lowerBound, count: min(data.count, 8192)), limit: 8192).bytes
    guard start.count >= 8 else {
      defect = defect ?? complaint("it cannot be inflated")
      return
    }
    let (kind, size) = Self.tag(start, isBigEndian: isBigEndian)
    guard kind == MATElement.Kind.matrix else {
      defect = defect ?? complaint("type of its content is \(kind); expected 14, an array")
      return
    }
    var preview = MATParser(ArraySource(start, path: file.path), isBigEndian: isBigEndian, wanted: [])
    guard let head = try preview.head(8..<start.count) else {
      defect = defect ?? preview.defect.map { $0 + whereabouts }
      return
    }
    names.append(head.name)
    guard wanted.contains(head.name) else { return }
    let most = max(1 << 28, min(1 << 31, data.count.multipliedReportingOverflow(by: 64).partialValue))
    guard size + 8 <= most else {
      throw RecordingError(
        .unsupported, path: file.path,
        complaint("inflated size is \(size) bytes; expected at most \(most): save the file without compression (MATLAB: save -v6)"))
    }
    let (bytes, end) = Inflation.inflated(zlib: try file.bytes(at: data.lowerBound, count: data.count), limit: size + 8)
    var parser = MATParser(ArraySource(bytes, path: file.path), isBigEndian: isBigEndian, wanted: wanted, whereabouts: whereabouts)
    if let element = try parser.element(at: 0, end: bytes.count) { keep(try parser.value(element.data), head.name) }
    switch end {
    case .whole: defect = defect ?? parser.defect
    case .checkSum: defect = defect ?? complaint("its check sum contradicts its \(bytes.count) bytes")
    case .broken: defect = defect ?? complaint("it can be inflated to byte \(bytes.count) only, of \(size + 8)")
    }
  }

  private static func tag(_ bytes: [UInt8], isBigEndian: Bool) -> (kind: UInt32, size: Int) {
    func word(_ place: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(isBigEndian ? 24 - 8 * $1 : 8 * $1) }
    }
    return (word(0), Int(word(4)))
  }
}
