import MinhangCore

/// The text beside a binary of SpikeGLX: lines of `key=value`; keys of tables begin with `~`.
///
/// **Source:** SpikeGLX documentation, "Metadata_30.html" and its predecessors.
struct SpikeGLXMeta: Sendable {
  private static let largest = 16 << 20
  private let values: [String: String]
  let path: String

  /// Reads a file; nil where there is none or it is not of this kind.
  init?(path: String) {
    guard let file = try? RandomAccessFile(path: path), file.byteCount <= Self.largest,
      let bytes = try? file.bytes(at: 0, count: file.byteCount), Self.isMeta(bytes)
    else { return nil }
    self.path = path
    var values: [String: String] = [:]
    for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      guard let equals = line.firstIndex(of: 0x3D) else { continue }
      var key = HeaderText.decoded(line[..<equals])
      if key.hasPrefix("~") { key.removeFirst() }
      values[key] = HeaderText.decoded(line[(equals + 1)...])
    }
    self.values = values
  }

  /// Whether a text has the lines that every such file has.
  static func isMeta(_ bytes: [UInt8]) -> Bool {
    guard bytes.first.map({ $0 >= 0x20 && $0 < 0x7F }) == true else { return false }
    let keys = bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).map { $0.prefix { $0 != 0x3D } }
    return ["nSavedChans", "fileSizeBytes", "typeThis"].allSatisfy { wanted in keys.contains { $0.elementsEqual(wanted.utf8) } }
  }

  subscript(_ key: String) -> String? { values[key] }

  /// A whole number within a range.
  ///
  /// - Throws: `badData` where it is missing or no such number.
  func whole(_ key: String, in range: ClosedRange<Int>) throws(RecordingError) -> Int {
    guard let text = values[key] else { throw missing(key) }
    guard let value = HeaderNumber.whole(text), range.contains(value) else {
      throw wrong(key, "a whole number \(range.lowerBound)\u{2026}\(range.upperBound)")
    }
    return value
  }

  /// A decimal number above zero.
  ///
  /// - Throws: `badData` where it is missing or no such number.
  func positive(_ key: String) throws(RecordingError) -> Double {
    guard let text = values[key] else { throw missing(key) }
    guard let value = HeaderNumber.decimal(text)?.value, value > 0, value.isFinite else { throw wrong(key, "a number above 0") }
    return value
  }

  /// A sampling rate, Hz.
  ///
  /// - Throws: `badData` where it is missing or none that a recording can have.
  func rate(_ key: String) throws(RecordingError) -> Double {
    let value = try positive(key)
    guard SamplingRate.isUsable(value) else { throw wrong(key, SamplingRate.expected) }
    return value
  }

  /// Whole numbers with commas between them; nil where the key is missing.
  ///
  /// - Throws: `badData` for anything else than numbers from 0 to 65535.
  func counts(_ key: String) throws(RecordingError) -> [Int]? {
    guard let text = values[key] else { return nil }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { HeaderNumber.whole(String($0).trimmingSpaces) }
    guard parts.count <= 8, parts.allSatisfy({ $0.map((0...65_535).contains) == true }) else {
      throw wrong(key, "whole numbers 0\u{2026}65535 with commas between them")
    }
    return parts.compactMap { $0 }
  }

  /// The entries of a table: what stands in each pair of parentheses.
  func table(_ key: String) -> [Substring] {
    guard let text = values[key] else { return [] }
    return text.split(separator: "(").map { $0.prefix { $0 != ")" } }
  }

  func missing(_ key: String) -> RecordingError {
    RecordingError(.badData, path: path, "meta field \"\(key)\" is missing; expected \(key)=VALUE")
  }

  func wrong(_ key: String, _ expectation: String) -> RecordingError {
    RecordingError(.badData, path: path, "meta field \"\(key)\" is \((values[key] ?? "").quotedForDisplay()); expected \(expectation)")
  }
}
