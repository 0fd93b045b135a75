import Foundation

@testable import MinhangRecordings

/// A small GDF file, made byte by byte so that each rule can be kept or broken on its own.
struct SampleGDF {
  struct Signal {
    var label: String
    var type = 3
    var samples = 8
    var unit = "uV"
    var code = 4275
    var physical = (-3276.8, 3276.7)
    var digital = (-32768, 32767)
    var position: (Float, Float, Float) = (0, 0, 0)
    /// The stored number of a sample, by its index in the whole file.
    var value: (Int) -> Int = { $0 * 7 % 100 - 50 }
  }

  struct Entry {
    var position: Int
    var type: Int
    var channel = 0
    var duration = 0
  }

  var version = "2.20"
  var signals = [Signal(label: "Fz"), Signal(label: "Cz")]
  var records = 4
  var statedRecords: Int?
  var statedHeaderBlocks: Int?
  /// Eight bytes.
  var duration: [UInt8] = little(1, 4) + little(1, 4)
  var startField: [UInt8]?
  var headerThree: [UInt8] = []
  var mode: Int? = 3
  var eventRate = 8.0
  var statedEvents: Int?
  var events: [Entry] = []
  var patient = "P01 Doe John"
  var sexByte: UInt8 = 0

  var isFirst: Bool { version < "1.90" }

  static func little(_ value: Int, _ width: Int) -> [UInt8] { (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  static func little(_ value: Double) -> [UInt8] { little(Int(truncatingIfNeeded: value.bitPattern), 8) }
  static func little(_ value: Float) -> [UInt8] { little(Int(value.bitPattern), 4) }
  static func text(_ text: String, _ width: Int) -> [UInt8] {
    Array((Array(text.utf8) + [UInt8](repeating: 0x20, count: width)).prefix(width))
  }
  static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  var bytes: [UInt8] { fixed + variable + headerThree + data + table }

  private var fixed: [UInt8] {
    let blocks = statedHeaderBlocks ?? (signals.count + 1 + headerThree.count / 256)
    var bytes = Self.text("GDF \(version)", 8)
    if isFirst {
      bytes += Self.text(patient, 80) + Self.text("Session", 80) + (startField ?? Self.text("2002030210111250", 16))
      bytes += Self.little(256 * blocks, 8) + Self.zeros(44)
    } else {
      bytes += Self.text(patient, 66) + Self.zeros(13) + [sexByte] + Self.text("Session 1", 64) + Self.zeros(16)
      bytes += (startField ?? Self.little(733_000 << 32 | 1 << 31, 8)) + Self.zeros(8)
      bytes += Self.little(blocks, 2) + Self.zeros(50)
    }
    bytes += Self.little(statedRecords ?? records, 8) + duration + Self.little(signals.count, isFirst ? 4 : 2)
    return bytes + (isFirst ? [] : [0, 0])
  }

  private var variable: [UInt8] {
    func all(_ field: (Signal) -> [UInt8]) -> [UInt8] { signals.flatMap(field) }
    var bytes = all { Self.text($0.label, 16) } + all { _ in Self.text("AgAgCl", 80) }
    bytes += isFirst ? all { Self.text($0.unit, 8) } : all { Self.text($0.unit, 6) } + all { Self.little($0.code, 2) }
    bytes += all { Self.little($0.physical.0) } + all { Self.little($0.physical.1) }
    if isFirst {
      bytes += all { Self.little($0.digital.0, 8) } + all { Self.little($0.digital.1, 8) } + all { _ in Self.text("HP:0.1Hz", 80) }
    } else {
      bytes += all { Self.little(Double($0.digital.0)) } + all { Self.little(Double($0.digital.1)) } + all { _ in Self.zeros(68) }
      bytes += all { _ in Self.little(Float(75)) } + all { _ in Self.little(Float(0.1)) } + all { _ in Self.little(Float(50)) }
    }
    bytes += all { Self.little($0.samples, 4) } + all { Self.little($0.type, 4) }
    if isFirst { return bytes + all { _ in Self.zeros(32) } }
    bytes += all { Self.little($0.position.0) + Self.little($0.position.1) + Self.little($0.position.2) }
    return bytes + all { _ in Self.zeros(20) }
  }

  private var data: [UInt8] {
    (0..<records).flatMap { record in
      signals.flatMap { signal in
        (0..<signal.samples).flatMap { k in
          Self.stored(signal.value(record * signal.samples + k), type: signal.type)
        }
      }
    }
  }

  static func stored(_ value: Int, type: Int) -> [UInt8] {
    switch type {
    case 16: return little(Float(value))
    case 17: return little(Double(value))
    case 18:
      // A quadruple has the fraction of a double, four bits further down, and 15360 more in its exponent.
      let bits = Double(value).bitPattern
      let exponent = value == 0 ? 0 : Int(bits >> 52 & 0x7FF) + 15360
      let high = Int(bits >> 63) << 15 | exponent
      let fraction = Int(bits & 0xF_FFFF_FFFF_FFFF)
      return zeros(7) + little((fraction & 15) << 4, 1) + little(fraction >> 4, 6) + little(high, 2)
    default: return little(value, GDFSampleType(code: type)!.byteCount)
    }
  }

  private var table: [UInt8] {
    guard let mode else { return [] }
    let count = statedEvents ?? events.count
    var bytes = [UInt8(mode)]
    bytes += isFirst ? Self.little(Int(eventRate), 3) + Self.little(count, 4) : Self.little(count, 3) + Self.little(Float(eventRate))
    bytes += events.flatMap { Self.little($0.position, 4) } + events.flatMap { Self.little($0.type, 2) }
    if mode & 2 != 0 { bytes += events.flatMap { Self.little($0.channel, 2) } + events.flatMap { Self.little($0.duration, 4) } }
    if mode & 4 != 0 { bytes += events.flatMap { _ in Self.zeros(8) } }
    return bytes
  }

  func reader() throws -> GDFReader {
    let path = temporaryPath("gdf")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try GDFReader(path: path)
  }
}
