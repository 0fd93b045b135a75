import MinhangCore

/// The headers of a Blackrock NEV file: `NEURALEV` (2.1 to 2.3) or `BREVENTS` (3.0).
///
/// **Source:** Blackrock Microsystems, "File Formats for Cerebus, CerePlex and Digital Hub" (LB-0023), section on NEV.
struct NEVHeader: Sendable {
  static let magics = ["NEURALEV", "BREVENTS"]
  private static let basicBytes = 336
  private static let extensionBytes = 32
  /// More packets of a header than any array has electrodes, several times over.
  private static let mostExtensions = 1 << 20

  let version: String
  /// Whether time stamps have 8 bytes.
  let hasLongStamps: Bool
  /// Bytes of a data packet.
  let packetBytes: Int
  /// Time stamps a second.
  let resolution: Double
  let start: RecordingDate?
  /// The labels of electrodes that have one.
  let labels: [Int: String]
  /// Where the first packet lies.
  let dataStart: Int

  /// Where in a packet the identifier stands; what belongs to it follows behind.
  var identifierPlace: Int { hasLongStamps ? 8 : 4 }
  /// The largest identifier of an electrode.
  var mostElectrodes: Int { hasLongStamps ? 10_240 : 2048 }

  init(_ file: RandomAccessFile, log: inout WarningLog) throws(RecordingError) {
    let path = file.path
    guard file.byteCount >= Self.basicBytes else {
      throw RecordingError(
        .badData, path: path, "file size is \(file.byteCount) bytes; expected at least the \(Self.basicBytes) of the basic header")
    }
    let fields = LittleEndianBytes(try file.bytes(at: 0, count: Self.basicBytes))
    hasLongStamps = fields.bytes.starts(with: Self.magics[1].utf8)
    guard hasLongStamps || fields.bytes.starts(with: Self.magics[0].utf8) else {
      throw RecordingError(.badData, path: path, "file type at byte 0 is no NEV; expected \(Self.magics.joined(separator: " or "))")
    }
    version = "\(fields.byte(8)).\(fields.byte(9))"
    if fields.byte(8) != (hasLongStamps ? 3 : 2) {
      log.add(.formatVariant, "the version at byte 8 is \(version), which this file type does not have; read as the type has it")
    }
    packetBytes = fields.u32(16)
    let least = hasLongStamps ? 16 : 12
    guard (least...65_536).contains(packetBytes) else {
      throw RecordingError(
        .badData, path: path, "header field \"bytes in data packets\" at byte 16 is \(packetBytes); expected \(least)\u{2026}65536")
    }
    let count = fields.u32(332)
    let length = Self.basicBytes + count * Self.extensionBytes
    guard count <= Self.mostExtensions, length <= file.byteCount else {
      throw RecordingError(
        .badData, path: path,
        "header field \"number of extended headers\" at byte 332 is \(count), a header of \(length) bytes, but the file has \(file.byteCount); expected the whole header"
      )
    }
    dataStart = NSxHeader.dataStart(fields, at: 12, needed: length, entries: "\(count) extended headers", of: file, log: &log)
    resolution = NSxHeader.resolution(fields, at: 20, log: &log)
    start = NSxHeader.date(fields, at: 28, log: &log)
    let table = LittleEndianBytes(try file.bytes(at: Self.basicBytes, count: count * Self.extensionBytes))
    var labels: [Int: String] = [:]
    var unknown = 0
    for k in 0..<count {
      let place = k * Self.extensionBytes
      switch table.text(place, 8) {
      case "NEUEVLBL": labels[table.u16(place + 8)] = table.text(place + 10, 16)
      case let name where !Self.isKnown(name): unknown += 1
      default: break
      }
    }
    if unknown > 0 { log.add(.formatVariant, "\(unknown) of \(count) extended headers are of no kind that is known; skipped") }
    self.labels = labels
  }

  private static func isKnown(_ name: String) -> Bool {
    ["NEUEVWAV", "NEUEVFLT", "DIGLABEL", "NSASEXEV", "ARRAYNME", "ECOMMENT", "CCOMMENT", "MAPFILE", "VIDEOSYN", "TRACKOBJ", "NSASEXEX"]
      .contains(name) || name.isEmpty
  }
}
