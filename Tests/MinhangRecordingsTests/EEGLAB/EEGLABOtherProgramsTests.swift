import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Files that other programs wrote: `Goldens/hdf5_files.json` and `Goldens/matlab_files.json`, made by the scripts beside them.
struct EEGLABOtherProgramsTests {
  private static let goldens: [String: String] = {
    var all: [String: String] = [:]
    for file in ["hdf5", "matlab"] {
      let golden: [String: String] = References.goldens("\(file)_files.json")
      for (name, text) in golden { all["\(file) \(name)"] = text }
    }
    return all
  }()

  private static func value(_ channel: Int, _ sample: Int) -> Double { Double((37 * sample + 101 * channel) % 200 - 100) / 4 }

  @Test func `the goldens are there`() { #expect(Self.goldens.count == 15) }

  /// Zeros at the end are not kept in the golden.
  private func open(_ name: String) throws -> any RecordingReader {
    let parts = try #require(Self.goldens[name]).split(separator: ":")
    let data = try #require(Data(base64Encoded: String(parts[0])))
    let size = try #require(Int(parts[1]))
    return try EEGLABReaderTests.open([("a.set", [UInt8](data) + [UInt8](repeating: 0, count: size - data.count))])
  }

  @Test(arguments: goldens.keys.sorted())
  func `the samples are those that were written`(name: String) throws {
    var reader = try open(name)
    #expect(reader.recording.warnings.isEmpty)
    #expect(reader.recording.channels.count == 3 && reader.recording.spans.count == (name.hasSuffix("epochs") ? 3 : 1))
    for range in [0..<60, 0..<1, 13..<47, 59..<60] {
      let block = try reader.read(range, of: [0, 1, 2])
      for channel in 0..<3 {
        let expected = range.map { Self.value(channel, $0) }
        #expect(Array(block.channel(channel)) == (name == "hdf5 pages" ? expected.map { $0.rounded(.towardZero) } : expected))
      }
    }
  }

  @Test(arguments: goldens.keys.filter { $0.contains("struct") || $0.contains("variables") }.sorted())
  func `structures, arrays of structures and empty values`(name: String) throws {
    let reader = try open(name)
    let info = reader.recording
    #expect(info.channels.map(\.label) == ["Fp1", "Öz", "EOG"] && info.identity.patientCode == "S 7")
    #expect(info.channels.map(\.position) == (1...3).map { SensorPosition(x: -2, y: Double($0), z: -3, unit: .unknown) })
    #expect(
      try reader.events() == [
        Event(onset: 0, duration: 0, label: "go"), Event(onset: 0.105, duration: 0.05, label: "7"), Event(onset: 0.4, label: "stop"),
      ])
  }
}
