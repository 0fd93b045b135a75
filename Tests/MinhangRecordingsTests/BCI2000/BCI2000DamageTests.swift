import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Damaged BCI2000 files: most of the recording is read and told about, or the refusal names the field.
struct BCI2000DamageTests {
  @Test func `a cut sample is left out`() throws {
    let reader = try SampleBCI2000(rest: [1, 2, 3]).reader()
    #expect(reader.recording.channels[0].sampleCount == 16 && reader.recording.warnings.map(\.code) == [.cutRecord])
  }

  @Test(arguments: [0, 1, -5, 40, 300, 1_000_000, .max]) func `a wrong length of the header is seen`(stated: Int) throws {
    var reader = try SampleBCI2000(statedHeaderBytes: stated).reader()
    #expect(reader.recording.channels[0].sampleCount == 16 && reader.recording.warnings.map(\.code) == [.headerLength])
    #expect(try reader.read(0..<2, of: [0]).channel(0).first == -2)
    #expect(try reader.events().count == 2)
  }

  @Test(arguments: [-3, -1, 1, 2, 9]) func `a length of the header that is a little off is seen`(distance: Int) throws {
    let sound = SampleBCI2000()
    let reader = try SampleBCI2000(statedHeaderBytes: sound.header.count + distance).reader()
    #expect(reader.recording.channels[0].sampleCount == 16 && reader.recording.warnings.map(\.code) == [.headerLength])
  }

  @Test func `states that do not fit are told`() throws {
    var file = SampleBCI2000()
    file.states += [
      .init(name: "Far", width: 8, byte: 4, bit: 0), .init(name: "Twice", width: 4, byte: 2, bit: 2),
      .init(name: "Broad", width: 65, byte: 3, bit: 0),
      .init(name: "Flat", width: 0, byte: 3, bit: 0), .init(name: "Below", width: 1, byte: -1, bit: 0),
    ]
    let reader = try file.reader()
    #expect(reader.recording.warnings.map(\.code) == [.annotation, .annotation, .annotation, .annotation, .annotation])
    #expect(try reader.events().count == 2)
  }

  @Test func `a state vector that is stated too short is found by the states`() throws {
    let reader = try SampleBCI2000(statedVectorBytes: 2, vectorBytes: 3, samples: 17).reader()
    #expect(reader.recording.channels[0].sampleCount == 17 && reader.recording.warnings.map(\.code) == [.headerLength])
    #expect(try reader.events().count == 2)
  }

  @Test(arguments: [
    ("SourceChGain", "S floatlist SourceChGain= 1 0.5", [RecordingWarning.Code.calibration]),
    ("SourceChGain", "S floatlist SourceChGain= 2 0.5 abc", [.calibration]),
    ("SourceChGain", "S floatlist SourceChGain= 2 0.5 0", [.calibration]),
    ("SourceChGain", "S floatlist SourceChGain= 2 0.5 1e999", [.calibration]), ("SourceChGain", "S int Other= 1", [.calibration]),
    ("SourceChGain", "S floatlist SourceChGain= -2 0.5 1", [.headerText, .calibration]),
    ("SourceChGain", "S floatlist SourceChGain= 9223372036854775807 0.5 -1", [.headerText, .range]),
    ("ChannelNames", "S list ChannelNames= 1 A", [.label]), ("ChannelNames", "S list ChannelNames= 2 A A", [.label]),
    ("ChannelNames", "S list ChannelNames= { a b } A % ", [.label]), ("StorageTime", "S string StorageTime= 16:15", [.startDate]),
    ("SourceChOffset", "S floatlist SourceChOffset= 2 0 nan", [.calibration]),
    ("SamplingRate", "S int SamplingRate= 8e6", [.sampleRate]),
  ])
  func `a defective parameter is told`(name: String, line: String, codes: [RecordingWarning.Code]) throws {
    var file = SampleBCI2000()
    file.parameters = file.parameters.map { $0.contains(" \(name)=") ? line : $0 }
    var reader = try file.reader()
    #expect(reader.recording.warnings.map(\.code) == codes)
    #expect(reader.recording.channels.count == 2)
    #expect(try reader.read(0..<16, of: [0, 1]).sampleCount == 16)
  }

  @Test func `a channel without a gain keeps its stored numbers`() throws {
    var file = SampleBCI2000()
    file.parameters.removeAll { $0.contains("SourceChGain") }
    var reader = try file.reader()
    #expect(reader.recording.channels.allSatisfy { !$0.isCalibrated })
    #expect(try reader.read(0..<3, of: [1]).channel(0).elementsEqual([96, 97, 98]))
  }

  @Test func `numbers that are none are counted`() throws {
    var file = SampleBCI2000(version: "1.1", format: "float32")
    file.value = { channel, sample in sample == 3 ? .nan : sample == 5 && channel == 0 ? .infinity : 1 }
    let reader = try file.reader()
    #expect(reader.recording.warnings.map(\.message) == ["3 values are not finite numbers"])
  }

  @Test(arguments: [
    ("SourceCh= 2", "SourceCh= 0", "\"SourceCh\" at byte"), ("SourceCh= 2", "SourceCh= 99999999999999999999", "\"SourceCh\" at byte"),
    ("StatevectorLen= 4", "StatevectorLen= -1", "\"StatevectorLen\" at byte"),
    ("int SamplingRate= 8Hz", "int SamplingRate= 0Hz", "SamplingRate is \"0Hz\""),
    ("int SamplingRate= 8Hz", "int Sampling= 8Hz", "SamplingRate is missing"),
    ("int SamplingRate= 8Hz", "int SamplingRate= x", "SamplingRate is \"x\""),
    ("[ Parameter Definition ]", "[ Something ]", "HeaderLen"),
    ("StatevectorLen= 4", "StatevectorLen= 4 DataFormat= int24", "\"DataFormat\" at byte"),
  ])
  func `refusals name the field, the place and the value`(old: String, new: String, words: String) throws {
    let text = String(decoding: SampleBCI2000().header, as: UTF8.self).replacingOccurrences(of: old, with: new)
    let bytes = Array(text.utf8) + SampleBCI2000().bytes.dropFirst(SampleBCI2000().header.count)
    #expect { try SampleBCI2000.read(bytes) } throws: { ("\($0)").contains(words) && !("\($0)").contains("\n") }
  }

  @Test func `a rate that is missing may be told`() throws {
    var file = SampleBCI2000()
    file.parameters.removeAll { $0.contains("SamplingRate") }
    let path = temporaryPath("dat")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(file.bytes).write(to: URL(fileURLWithPath: path))
    let info = try Recording.open(path: path, options: OpeningOptions(sampleRate: 4)).recording
    #expect(info.duration == 4 && info.warnings.map(\.code) == [.sampleRate])
  }

  @Test func `every cut is read or refused in one line`() throws {
    let bytes = SampleBCI2000().bytes
    for count in stride(from: 11, to: bytes.count, by: 3) {
      do {
        let reader = try SampleBCI2000.read(Array(bytes[..<count]))
        #expect(!reader.recording.warnings.isEmpty || (count - SampleBCI2000().header.count).isMultiple(of: 8))
      } catch { #expect(!"\(error)".contains("\n")) }
    }
  }

  @Test func `no damage of one byte traps`() throws {
    let bytes = SampleBCI2000().bytes
    for place in bytes.indices {
      for value in [0, 0x20, 0x25, 0x2D, 0x39, 0xFF] as [UInt8] {
        var changed = bytes
        changed[place] = value
        guard var reader = try? SampleBCI2000.read(changed), let channel = reader.recording.channels.first else { continue }
        #expect(throws: Never.self) { try reader.read(0..<channel.sampleCount, of: [0]) }
      }
    }
  }
}
