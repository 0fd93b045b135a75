import Foundation
import MinhangCore

@testable import MinhangRecordings

/// A small MATLAB file of level 5, made element by element.
struct SampleMATLAB {
  indirect enum Value {
    case double([Double], shape: [Int])
    case single([Float], shape: [Int])
    /// Numbers of class double that are stored as whole numbers of 16 bits, as MATLAB does where it can.
    case small([Int16], shape: [Int])
    case text(String)
    /// A text in UTF-8.
    case utf8(String)
    case cells([Value])
    case structures([String], [[Value]])
    case sparse

    static func number(_ value: Double) -> Value { .double([value], shape: [1, 1]) }
    static let empty = Value.double([], shape: [0, 0])
  }

  var isBigEndian = false
  var isCompressed = false

  func number<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    withUnsafeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
  }

  /// An element; a small one where its data have at most 4 bytes.
  func element(_ kind: UInt32, _ data: [UInt8]) -> [UInt8] {
    if kind != 14, kind != 15, (1...4).contains(data.count) {
      return number(UInt32(data.count) << 16 | kind) + data + [UInt8](repeating: 0, count: 4 - data.count)
    }
    let padding = kind == 15 ? 0 : (8 - data.count % 8) % 8
    return number(kind) + number(UInt32(data.count)) + data + [UInt8](repeating: 0, count: padding)
  }

  func matrix(_ value: Value, name: String = "") -> [UInt8] {
    func head(_ kind: UInt32, _ shape: [Int]) -> [UInt8] {
      element(6, number(kind) + number(UInt32(0))) + element(5, shape.flatMap { number(Int32($0)) }) + element(1, Array(name.utf8))
    }
    let content: [UInt8] =
      switch value {
      case .double(let values, let shape): head(6, shape) + element(9, values.flatMap { number($0.bitPattern) })
      case .single(let values, let shape): head(7, shape) + element(7, values.flatMap { number($0.bitPattern) })
      case .small(let values, let shape): head(6, shape) + element(3, values.flatMap { number($0) })
      case .text(let text): head(4, [1, text.utf16.count]) + element(17, text.utf16.flatMap { number($0) })
      case .utf8(let text): head(4, [1, text.unicodeScalars.count]) + element(16, Array(text.utf8))
      case .cells(let cells): head(1, [1, cells.count]) + cells.flatMap { matrix($0) }
      case .structures(let fields, let rows):
        head(2, [1, rows.count]) + element(5, number(Int32(16)))
          + element(1, fields.flatMap { Array($0.utf8) + [UInt8](repeating: 0, count: 16 - $0.utf8.count) })
          + rows.flatMap { $0.flatMap { matrix($0) } }
      case .sparse:
        head(5, [3, 3]) + element(5, number(Int32(0))) + element(5, (0..<4).flatMap { _ in number(Int32(0)) }) + element(9, [])
      }
    return element(14, content)
  }

  /// A zlib stream of stored blocks.
  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [0x78, 0x01]
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes { (a, b) = ((a + UInt32(byte)) % 65_521, (b + (a + UInt32(byte)) % 65_521) % 65_521) }
    for start in stride(from: 0, to: bytes.count, by: 65_535) {
      let part = bytes[start..<min(bytes.count, start + 65_535)]
      let count = UInt16(part.count)
      out += [start + part.count == bytes.count ? 1 : 0, UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8)]
      out += part
    }
    let sum = b << 16 | a
    return out + (0..<4).map { UInt8(sum >> (24 - 8 * UInt32($0)) & 0xFF) }
  }

  func file(_ variables: [(String, Value)]) -> [UInt8] {
    var bytes = Array("MATLAB 5.0 MAT-file, made by a test".utf8)
    bytes +=
      [UInt8](repeating: 0x20, count: 124 - bytes.count) + number(UInt16(0x0100)) + (isBigEndian ? Array("MI".utf8) : Array("IM".utf8))
    for (name, value) in variables {
      let made = matrix(value, name: name)
      bytes += isCompressed ? element(15, Self.stored(made)) : made
    }
    return bytes
  }
}

/// A small data set of EEGLAB.
struct SampleEEGLAB {
  var format = SampleMATLAB()
  /// The file is of version 7.3; nil for version 7.
  var hierarchy: SampleHDF5?
  var channelCount = 3
  var points = 100
  var trials = 1
  var rate = 250.0
  var labels: [String]? = ["Fp1", "Cz", "EOG1"]
  var events: [(type: SampleMATLAB.Value, latency: Double, duration: Double?)] = [(.text("go"), 1, nil), (.number(7), 11.5, 5)]
  var data: SampleMATLAB.Value?
  /// Whether the fields are variables.
  var isFlat = false
  var replaced: [String: SampleMATLAB.Value] = [:]

  func value(_ channel: Int, _ sample: Int) -> Float { Float(channel * 1000) + Float(sample) * 0.25 - 7 }

  var numbers: [Float] { (0..<points * trials).flatMap { sample in (0..<channelCount).map { value($0, sample) } } }

  var bytes: [UInt8] {
    let shape = trials > 1 ? [channelCount, points, trials] : [channelCount, points]
    let places = (labels ?? []).enumerated().map { place, label -> [SampleMATLAB.Value] in
      [.text(label), .number(Double(place) + 1), .number(2), .number(-3), .empty]
    }
    let rows = events.map { [$0.type, .number($0.latency), $0.duration.map { .number($0) } ?? .empty] }
    var fields: [(String, SampleMATLAB.Value)] = [
      ("setname", .text("made")), ("subject", .text("S 7")), ("nbchan", .number(Double(channelCount))), ("trials", .number(Double(trials))),
      ("pnts", .number(Double(points))), ("srate", .number(rate)), ("xmin", .number(0)), ("icaweights", .sparse),
      ("data", data ?? .single(numbers, shape: shape)), ("chanlocs", .structures(["labels", "X", "Y", "Z", "type"], places)),
      ("event", .structures(["type", "latency", "duration"], rows)),
    ]
    for (name, value) in replaced {
      if let place = fields.firstIndex(where: { $0.0 == name }) { fields[place].1 = value } else { fields.append((name, value)) }
    }
    let variables = isFlat ? fields : [("EEG", .structures(fields.map(\.0), [fields.map(\.1)]))]
    return hierarchy?.file(variables) ?? format.file(variables)
  }
}
