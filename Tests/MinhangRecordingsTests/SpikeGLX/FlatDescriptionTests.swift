import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct FlatDescriptionTests {
  private func open(
    _ json: String, bytes: [UInt8], options: OpeningOptions = .none, _ sidecar: String = "a.bin.json"
  ) throws -> any RecordingReader {
    let folder = try SampleFolder()
    try folder.write(json, sidecar)
    return try Recording.open(path: folder.write(bytes, "a.bin"), options: options)
  }

  @Test(arguments: ["a.bin.json", "a.json"])
  func `names, gains, offset and order of bytes`(sidecar: String) throws {
    let json = """
      {"sampling_rate": 1000, "channels": ["u", "v"], "dtype": "int16", "gains": [0.25, -2], "offset": 3, "byte_order": "big"}
      """
    var reader = try open(json, bytes: [9, 9, 9, 0, 4, 0xFF, 0xFF, 1, 0, 0, 3], sidecar)
    let info = reader.recording
    #expect(info.warnings.isEmpty && info.notes.isEmpty && info.format.name == "flat binary")
    #expect(info.companions.map { $0.split(separator: "/").last } == [sidecar[...]])
    #expect(info.channels.map(\.name) == ["u", "v"] && info.channels.allSatisfy { $0.sampleRate == 1000 && $0.unit == .microvolt })
    let block = try reader.read(0..<2, of: [0, 1])
    #expect(Array(block.channel(0)) == [1, 64] && Array(block.channel(1)) == [2, -6])
    #expect(info.channels[1].calibration?.physicalMinimum == 65_536)
  }

  @Test func `every type of number`() throws {
    func values(_ type: String, _ bytes: [UInt8]) throws -> [Double] {
      var reader = try open("{\"sampling_rate\": 10, \"channels\": 1, \"dtype\": \"\(type)\", \"gain_uv\": 1}", bytes: bytes)
      return Array(try reader.read(0..<(reader.recording.channels[0].sampleCount), of: [0]).channel(0))
    }
    #expect(try values("int16", [0xFE, 0xFF]) == [-2])
    #expect(try values("uint16", [0xFE, 0xFF]) == [65_534])
    #expect(try values("int32", [0, 0, 0, 0x80]) == [-2_147_483_648])
    #expect(try values("float32", [UInt8](Int(Float(1.5).bitPattern), bytes: 4)) == [1.5])
    #expect(try values("float64", [UInt8](Int(bitPattern: UInt((-0.1).bitPattern)), bytes: 8)) == [-0.1])
  }

  @Test func `without a gain the stored numbers are kept, or taken in the unit that the caller states`() throws {
    let json = "{\"sampling_rate\": 10, \"channels\": 1, \"dtype\": \"int16\"}"
    var reader = try open(json, bytes: [5, 0])
    #expect(reader.recording.channels[0].unit == .none && reader.recording.notes.map(\.code) == [.unit])
    reader = try open(json, bytes: [5, 0], options: OpeningOptions(unit: .millivolt))
    #expect(try reader.read(0..<1, of: [0])[channel: 0, sample: 0] == 5000)
  }

  @Test func `a wrong member is refused by its name, a cut frame is told`() throws {
    func message(_ json: String) -> String? {
      do { _ = try open(json, bytes: [1, 0, 2, 0, 3]) } catch { return (error as? RecordingError)?.message }
      return nil
    }
    #expect(
      message("{\"sampling_rate\": 0, \"channels\": 1, \"dtype\": \"int16\"}")
        == "member \"sampling_rate\" is \"0\"; expected \(SamplingRate.expected)")
    for rate in ["1e300", "5e-324", "1.1e9", "-1"] {
      #expect(message("{\"sampling_rate\": \(rate), \"channels\": 1, \"dtype\": \"int16\"}")?.contains(SamplingRate.expected) == true)
    }
    #expect(message("{\"sampling_rate\": 9, \"channels\": -4, \"dtype\": \"int16\"}")?.hasPrefix("member \"channels\" is \"-4\"") == true)
    #expect(message("{\"sampling_rate\": 9, \"channels\": 1, \"dtype\": \"int17\"}")?.hasPrefix("member \"dtype\"") == true)
    #expect(message("{\"sampling_rate\": 9, \"channels\": 1, \"dtype\": \"int16\", \"offset\": 6}")?.hasPrefix("member \"offset\"") == true)
    #expect(message("{\"sampling_rate\": 9, \"channels\": 2, \"dtype\": \"int16\", \"gains\": [1]}")?.hasPrefix("member \"gains\"") == true)
    let info = try open("{\"sampling_rate\": 9, \"channels\": 1, \"dtype\": \"int16\", \"gain_uv\": 1}", bytes: [1, 0, 2, 0, 3]).recording
    #expect(info.channels[0].sampleCount == 2 && info.warningCodes == [.cutRecord])
  }

  @Test func `no name alone makes a recording`() {
    #expect(throws: RecordingError.self) { try open("{}", bytes: [1, 0, 2, 0], "b.json") }
    #expect(throws: RecordingError.self) { try open("{\"sampling_rate\": 9}", bytes: [1, 0, 2, 0]) }
  }
}
