import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Small files, compared with what BCI2kReader reads: `Goldens/bci2000_files.json`, made by `Goldens/make_bci2000_files.py`.
struct BCI2000GoldenTests {
  struct Golden: Decodable {
    /// Of `[sample, label, samples]`.
    struct Change: Decodable {
      var sample: Int
      var label: String
      var length: Int

      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        sample = try container.decode(Int.self)
        label = try container.decode(String.self)
        length = try container.decode(Int.self)
      }
    }

    var file: Data
    var rate: Double
    var names: [String]
    var values: [[Double]]
    var events: [Change]
  }

  private static let goldens: [String: Golden] = References.goldens("bci2000_files.json")

  @Test func `the goldens are there`() { #expect(Self.goldens.count == 4) }

  @Test(arguments: goldens.keys.sorted())
  func `values and states are those of BCI2kReader`(name: String) throws {
    let golden = try #require(Self.goldens[name])
    var reader = try SampleBCI2000.read(Array(golden.file))
    let info = reader.recording
    #expect(info.warnings.isEmpty == !golden.names.contains(""))
    #expect(info.channels.map(\.sampleRate) == golden.names.map { _ in golden.rate })
    #expect(zip(info.channels, golden.names).allSatisfy { $1.isEmpty || $0.name == $1 })
    #expect(info.start?.iso8601 == "2016-03-26T22:42:42")
    let block = try reader.read(0..<golden.values[0].count, of: Array(golden.values.indices))
    for (row, values) in golden.values.enumerated() {
      // 1e-12 relative, and the half of the twelfth decimal to which the golden is rounded.
      #expect(zip(block.channel(row), values).allSatisfy { abs($0 - $1) <= 1e-12 * abs($1) + 5e-13 })
    }
    let expected = golden.events.map {
      Event(onset: Double($0.sample) / golden.rate, duration: Double($0.length) / golden.rate, label: $0.label)
    }
    let events = try reader.events()
    #expect(events.count == expected.count && Set(events) == Set(expected))
  }
}
