import MinhangCore

/// The headers of a Blackrock NSx file.
///
/// `NEURALSG` (2.1) has a period and a list of electrodes. `NEURALCD` (2.2, 2.3) and `BRSMPGRP` (3.0) have a date, the resolution of the
/// time stamps, and for each channel a block of 66 bytes with label, ranges, unit and filters.
///
/// **Source:** Blackrock Microsystems, "File Formats for Cerebus, CerePlex and Digital Hub" (LB-0023), sections on NSx.
struct NSxHeader: Sendable {
  /// The three kinds, by their first eight bytes.
  enum Kind: String, Sendable, CaseIterable {
    case v21 = "NEURALSG"
    case v22 = "NEURALCD"
    case v30 = "BRSMPGRP"
  }

  /// Bytes of a basic header without the list of channels.
  private static let shortBytes = 32
  private static let basicBytes = 314
  private static let channelBytes = 66
  /// The clock to which the period refers, Hz.
  static let clock = 30_000.0

  let kind: Kind
  let version: String
  /// Hz.
  let sampleRate: Double
  /// Time stamps a second.
  let resolution: Double
  let start: RecordingDate?
  let channels: [NSxChannel]
  /// Where the first packet (or, in 2.1, the first sample) lies.
  let dataStart: Int

  /// Bytes of the samples of one time.
  var frameBytes: Int { 2 * channels.count }

  init(_ file: RandomAccessFile, log: inout WarningLog) throws(RecordingError) {
    let path = file.path
    let head = try file.bytes(at: 0, count: min(file.byteCount, Self.basicBytes))
    guard let kind = Kind.allCases.first(where: { head.starts(with: $0.rawValue.utf8) }) else {
      throw RecordingError(
        .badData, path: path, "file type at byte 0 is no NSx; expected \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self.kind = kind
    let basic = kind == .v21 ? Self.shortBytes : Self.basicBytes
    guard head.count >= basic else {
      throw RecordingError(.badData, path: path, "file size is \(file.byteCount) bytes; expected at least the \(basic) of the basic header")
    }
    let fields = LittleEndianBytes(head)
    version = kind == .v21 ? "2.1" : "\(head[8]).\(head[9])"
    if kind != .v21, (kind == .v22 && head[8] != 2) || (kind == .v30 && head[8] != 3) {
      log.add(
        .formatVariant, "the version at byte 8 is \(version), which the type \(kind.rawValue) does not have; read as the type has it")
    }
    let periodPlace = kind == .v21 ? 24 : 286
    let period = fields.u32(periodPlace)
    guard period > 0 else {
      throw RecordingError(.badData, path: path, "header field \"period\" at byte \(periodPlace) is 0; expected 1\u{2026}4294967295")
    }
    sampleRate = Self.clock / Double(period)
    let countPlace = basic - 4
    let count = fields.u32(countPlace)
    guard (1...65_536).contains(count) else {
      throw RecordingError(
        .badData, path: path, "header field \"channel count\" at byte \(countPlace) is \(count); expected 1\u{2026}65536")
    }
    let block = kind == .v21 ? 4 : Self.channelBytes
    let length = basic + count * block
    guard length <= file.byteCount else {
      throw RecordingError(
        .badData, path: path,
        "header field \"channel count\" at byte \(countPlace) is \(count), a header of \(length) bytes, but the file has \(file.byteCount); expected the whole header"
      )
    }
    let table = try file.bytes(at: basic, count: count * block)
    guard kind != .v21 else {
      (resolution, start, dataStart) = (Self.clock, nil, length)
      let entries = LittleEndianBytes(table)
      channels = (0..<count).map { NSxChannel(electrode: entries.u32(4 * $0)) }
      return
    }
    dataStart = Self.dataStart(fields, at: 10, needed: length, entries: "\(count) channels", of: file, log: &log)
    resolution = Self.resolution(fields, at: 290, log: &log)
    start = Self.date(fields, at: 294, log: &log)
    channels = (0..<count).map {
      NSxChannel(block: LittleEndianBytes(Array(table[($0 * block)..<(($0 + 1) * block)])), index: $0, log: &log)
    }
  }

  /// Where the packets begin: behind the headers, or later where the file says so.
  ///
  /// - Parameters:
  ///   - place: The byte of the field "bytes in headers".
  ///   - length: Bytes that the headers need.
  ///   - entries: What they hold, in words.
  static func dataStart(
    _ fields: LittleEndianBytes, at place: Int, needed length: Int, entries: String, of file: RandomAccessFile, log: inout WarningLog
  ) -> Int {
    let stated = fields.u32(place)
    guard stated != length else { return length }
    let start = stated > length && stated <= file.byteCount ? stated : length
    log.add(
      .headerLength,
      "header field \"bytes in headers\" at byte \(place) is \(stated); \(entries) need \(length); the packets are looked for at byte \(start)"
    )
    return start
  }

  /// Time stamps a second.
  static func resolution(_ fields: LittleEndianBytes, at place: Int, log: inout WarningLog) -> Double {
    let ticks = fields.u32(place)
    guard ticks == 0 else { return Double(ticks) }
    log.add(
      .recordTime, "header field \"time resolution\" at byte \(place) is 0; the time stamps are taken for thirty thousandths of a second")
    return clock
  }

  /// Eight words: year, month, day of the week, day, hour, minute, second, millisecond; UTC.
  static func date(_ fields: LittleEndianBytes, at place: Int, log: inout WarningLog) -> RecordingDate? {
    let words = (0..<8).map { fields.u16(place + 2 * $0) }
    if words.allSatisfy({ $0 == 0 }) { return nil }
    let date = RecordingDate(
      year: words[0], month: words[1], day: words[3], hour: words[4], minute: words[5], second: words[6],
      fraction: words[7] < 1000 ? Double(words[7]) / 1000 : -1)
    if date == nil {
      log.add(
        .startDate, "the time origin at byte \(place) is \(words.map(String.init).joined(separator: " ")); no such time, left out")
    }
    return date
  }
}
