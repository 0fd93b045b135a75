import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Damage and hostility: what is refused names key, value and expectation; what is survived is told.
struct BrainVisionDamageTests {
  @Test(arguments: [
    ("NumberOfChannels", "0"), ("NumberOfChannels", "4.5"), ("NumberOfChannels", "99999999999999999999"), ("SamplingInterval", "nan"),
    ("SamplingInterval", "-1"), ("SamplingInterval", "1e308"), ("SamplingInterval", "1e-300"), ("DataFormat", "FOO"), ("DataFile", ""),
    ("DataOrientation", ""), ("DataType", "FREQUENCYDOMAIN"),
  ]) func `a key that cannot be used is named`(key: String, value: String) throws {
    var sample = BrainVisionSample()
    sample[key] = value
    let message = try #require(sample.error()?.message)
    #expect(message.contains("\"\(key)\" is \"\(value)\"; expected") || message.contains("\"\(key)\" is \"\(value)\": "), "\(message)")
  }

  @Test(arguments: ["/etc/passwd", "../made.eeg", "/dev/zero", ".", "..", "a\0b", "http://x/y"])
  func `files outside the header's folder are not opened`(name: String) throws {
    var sample = BrainVisionSample()
    sample["DataFile"] = name
    #expect(sample.error()?.message.contains("\"DataFile\"") == true)
    sample["DataFile"] = "made.eeg"
    sample["MarkerFile"] = name
    // The file beside the header with the header's name serves.
    let reader = try sample.open()
    #expect(reader.recording.warningCodes == [.annotation])
    #expect(try reader.events().count == 2)
  }

  @Test func `files elsewhere are opened where the caller allows it`() throws {
    var sample = BrainVisionSample()
    sample["DataFile"] = "./made.eeg"
    #expect(sample.error() != nil)
    let count = try sample.with {
      try BrainVisionReader(path: $0, options: OpeningOptions(allowsFilesElsewhere: true)).recording.channels[0].sampleCount
    }
    #expect(count == 100)
  }

  @Test func `a pipe as data file is refused at once`() throws {
    var sample = BrainVisionSample()
    sample["DataFile"] = "pipe"
    try sample.with { path in
      #expect(mkfifo(path.replacing("made.vhdr", with: "pipe"), 0o600) == 0)
      #expect(throws: RecordingError.self) { try BrainVisionReader(path: path) }
    }
  }

  @Test func `marker and data files name their header`() throws {
    try BrainVisionSample().with { path in
      for suffix in ["vmrk", "eeg"] {
        let other = path.replacing(".vhdr", with: ".\(suffix)")
        let error = #expect(throws: RecordingError.self) { _ = try Recording.open(path: other) }
        #expect(error?.message.contains("\"made.vhdr\"") == true)
      }
    }
  }

  @Test func `a renamed data file is suggested`() throws {
    var sample = BrainVisionSample()
    sample["DataFile"] = "before.eeg"
    #expect(sample.error()?.message.contains("\"made.eeg\"") == true)
  }

  @Test func `a missing marker file warns`() throws {
    var sample = BrainVisionSample()
    sample.markers = nil
    #expect(try sample.open().recording.warningCodes == [.annotation])
  }

  @Test(arguments: [0, 1, 5, 6, 599]) func `a cut data file is read as far as it goes`(count: Int) throws {
    var sample = BrainVisionSample()
    sample.data = Array(sample.data.prefix(count))
    sample.markers = []
    var reader = try sample.open()
    #expect(reader.recording.channels[0].sampleCount == count / 6)
    #expect(reader.recording.warningCodes.contains(.cutRecord) == (count % 6 > 0))
    #expect(reader.recording.warningCodes.contains(.emptyChannel) == (count < 6))
    #expect(try reader.read(0..<(count / 6), of: [0]).sampleCount == count / 6)
  }

  @Test func `a cut vectorized file is refused`() throws {
    var sample = BrainVisionSample()
    sample["DataOrientation"] = "VECTORIZED"
    sample.data.removeLast()
    #expect(sample.error()?.message.contains("expected a multiple of 6") == true)
  }

  @Test(arguments: [
    ("Mk9=Stimulus,S 1,0,1,0", true), ("Mk9=Stimulus,S 1,-5,1,0", false), ("Mk9=Stimulus,S 1,99999999999999999999,1,0", false),
    ("Mk9=Stimulus,S 1,9999,1,0", true), ("Mk9=Stimulus,S 1,abc,1,0", false), ("Mk9=Stimulus,S 1,12.5,1,0", true),
    ("Mk9=Stimulus,S 1,12,99999999999,0", true), ("Mk9=Stimulus,S 1,12,-3,0", true), ("Mk9=Stimulus,S 1,12,1,999", true),
    ("Mk9=Stimulus", false), ("Mk9 Stimulus", false), ("Mk9=New Segment,,12,1,0,20029999101112000000", false),
  ]) func `a damaged marker warns`(line: String, isKept: Bool) throws {
    var sample = BrainVisionSample()
    sample.markers?.append(line)
    let reader = try sample.open()
    #expect(reader.recording.warnings.count == 1)
    #expect(try reader.events().count == (isKept ? 3 : 2))
  }

  @Test(arguments: [
    ("Ch1=,,0.5,µV", RecordingWarning.Code.label), ("Ch1=Cz,,0.5,µV", .label), ("Ch1=Fz,,0,µV", .calibration),
    ("Ch1=Fz,,abc,µV", .calibration),
    ("Ch1=Fz,,nan,µV", .calibration), ("Ch1=Fz,,0,5,µV", .numberStyle), ("Ch1=Fz,,-0.5,µV", .range),
  ]) func `a damaged channel warns`(line: String, code: RecordingWarning.Code) throws {
    var sample = BrainVisionSample()
    sample.channels[0] = line
    let info = try sample.open().recording
    #expect(info.warningCodes == [code] && info.channels[0].isCalibrated == (code != .calibration))
    #expect(Set(info.channels.map(\.name)).count == 3)
  }

  @Test(arguments: [["Ch2=a"], ["Ch1=a", "Ch3=a"], ["Ch1=a", "Ch1=b", "Ch2=a", "Ch3=b"], ["Ch0=a", "Ch1=b", "Ch2=c"], []])
  func `channels without an entry or with two are refused`(lines: [String]) {
    var sample = BrainVisionSample()
    sample.channels = lines
    #expect(sample.error()?.code == .badData)
  }

  @Test func `a wrong number of channels is mended by the size of the data`() throws {
    var sample = BrainVisionSample()
    sample["NumberOfChannels"] = "7"
    let info = try sample.open().recording
    #expect(info.channels.count == 3 && info.warningCodes == [.recordCount])
  }

  @Test func `200 000 markers take no time`() throws {
    var sample = BrainVisionSample()
    sample.markers = (1...200_000).map { "Mk\($0)=Stimulus,S\($0 % 256),\($0 % 100 + 1),1,0" }
    let clock = ContinuousClock()
    var count = 0
    try sample.with { path in
      // Unoptimised code takes some times what the product does (0.2 s); quadratic work would take hours.
      let time = try clock.measure { count = try BrainVisionReader(path: path).events().count }
      #expect(time < .seconds(20))
    }
    #expect(count == 200_000)
  }

  @Test func `no flipped byte of header or markers traps`() throws {
    let sample = BrainVisionSample()
    try sample.with { path in
      var generator = SeededGenerator(seed: 11)
      for name in [path, path.replacing(".vhdr", with: ".vmrk")] {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: name))
        for _ in 0..<300 {
          var damaged = bytes
          for _ in 0...generator.nextInteger(below: 3) {
            damaged[generator.nextInteger(below: damaged.count)] = UInt8(generator.nextInteger(below: 256))
          }
          try damaged.write(to: URL(fileURLWithPath: name))
          guard var reader = try? BrainVisionReader(path: path) else { continue }
          let count = reader.recording.channels.first?.sampleCount ?? 0
          _ = try? reader.read(0..<count, of: Array(reader.recording.channels.indices))
        }
        try bytes.write(to: URL(fileURLWithPath: name))
      }
    }
  }
}
