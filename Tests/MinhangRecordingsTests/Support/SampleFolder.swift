import Foundation
import MinhangCore

@testable import MinhangRecordings

/// A folder of its own for files that belong together; gone when the value is.
final class SampleFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/minhang-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    return path + "/" + name
  }

  @discardableResult
  func write(_ text: String, _ name: String) throws -> String { try write(Array(text.utf8), name) }
}

extension [UInt8] {
  /// Numbers of 16 bits, least significant byte first.
  init(words: [Int]) { self = words.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] } }

  /// A number of some bytes, least significant byte first.
  init(_ number: Int, bytes count: Int) { self = (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }

  /// A text filled up with NULs.
  init(_ text: String, bytes count: Int) { self = (Array(text.utf8) + [UInt8](repeating: 0, count: count)).prefix(count) + [] }
}

/// What neo reads from small files: `Goldens/intracortical.json`, made by `Goldens/make_intracortical_goldens.py`.
struct IntracorticalGoldens: Decodable {
  struct SpikeGLX: Decodable {
    var name: String
    var meta: [String]
    var samples: [Int]
    var channels: Int
    var names: [String]
    var rate: Double
    var values: [Double]
  }

  struct NSx: Decodable {
    var name: String
    var version: [Int]
    var period: Int
    var resolution: Int
    var origin: [Int]
    var channels: [SampleNSx.Channel]
    var packets: [SampleNSx.Packet]
    var size: Int
    var names: [String]
    var units: [String]
    var rate: Double
    var counts: [Int]
    var starts: [Double]
    var values: [Double]

    var sample: SampleNSx {
      SampleNSx(
        magic: version[0] == 3 ? "BRSMPGRP" : "NEURALCD", version: version, period: period, resolution: resolution, origin: origin,
        channels: channels, packets: packets)
    }
  }

  var spikeglx: [SpikeGLX]
  var nsx: [NSx]

  static func load() throws -> Self { try References.golden("intracortical.json") }
}
