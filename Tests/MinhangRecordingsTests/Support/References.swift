import Foundation

/// What other programs read, and the real recordings that they read it from.
enum References {
  private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

  /// The path of a recording in `../shared/data`; nil where it is not there, which is printed.
  static func recording(_ name: String) -> String? {
    let root = tests.deletingLastPathComponent().deletingLastPathComponent()
    let path = root.deletingLastPathComponent().appendingPathComponent("shared/data/\(name)").path
    if FileManager.default.fileExists(atPath: path) { return path }
    print("skipped: no recording at ../shared/data/\(name)")
    return nil
  }

  /// A file of `Goldens`.
  static func golden<Golden: Decodable>(_ name: String, as type: Golden.Type = Golden.self) throws -> Golden {
    try JSONDecoder().decode(type, from: Data(contentsOf: tests.appendingPathComponent("Goldens/\(name)")))
  }

  /// A file of `Goldens` that names recordings, for the arguments of tests; empty, and the reason printed, where it cannot be read.
  static func goldens<Golden: Decodable>(_ name: String) -> [String: Golden] {
    do { return try golden(name) } catch {
      print("Goldens/\(name) cannot be read: \(error)")
      return [:]
    }
  }

  /// `sum((mix(k) | 1) · number[k])` modulo 2^64, as the scripts beside the goldens have it: it tells numbers in another order apart.
  struct Checksum {
    private var sum: UInt64 = 0
    private var mix: UInt64 = 0

    mutating func add(_ number: UInt64) {
      sum &+= (mix | 1) &* number
      mix &+= 0x9E37_79B9_7F4A_7C15
    }

    var text: String { String(repeating: "0", count: 16 - String(sum, radix: 16).count) + String(sum, radix: 16) }
  }

  /// The checksum of values bit by bit.
  static func checksum(_ values: ArraySlice<Double>) -> String {
    var sum = Checksum()
    for value in values { sum.add(value.bitPattern) }
    return sum.text
  }
}

/// A time and a text, as the goldens write them: `[seconds, "label"]`.
struct GoldenMark: Decodable {
  var time: Double
  var label: String

  init(from decoder: any Decoder) throws {
    var values = try decoder.unkeyedContainer()
    time = try values.decode(Double.self)
    label = try values.decode(String.self)
  }
}
