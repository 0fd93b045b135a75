import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct SpikeGLXReaderTests {
  private static let table = "~imroTbl=(0,384)(0 0 1 500 250 1)(1 0 1 250 125 1)"
  private static let basic = [
    "fileSizeBytes=24", "nSavedChans=3", "typeThis=imec", "imAiRangeMax=0.6", "imSampRate=30000", "snsApLfSy=2,0,1", "acqApLfSy=384,384,1",
    "snsSaveChanSubset=0,1,768", table,
  ]

  private func open(_ meta: [String], words: [Int], _ folder: SampleFolder) throws -> any RecordingReader {
    try folder.write(meta.joined(separator: "\n") + "\n", "a.meta")
    return try Recording.open(path: folder.write([UInt8](words: words), "a.bin"))
  }

  @Test func `values, names and rates are those of neo`() throws {
    let goldens = try IntracorticalGoldens.load().spikeglx
    #expect(goldens.count == 4)
    let folder = try SampleFolder()
    for golden in goldens {
      let meta = try folder.write(golden.meta.joined(separator: "\n") + "\n", golden.name + ".meta")
      let binary = try folder.write([UInt8](words: golden.samples), golden.name + ".bin")
      for path in [meta, binary] {
        var reader = try Recording.open(path: path)
        let info = reader.recording
        #expect(info.warnings.isEmpty && info.format.name == "SpikeGLX" && info.path == binary, "\(info.warnings)")
        #expect(info.files == [binary, meta])
        #expect(info.channels.map(\.label).starts(with: golden.names) && info.channels.allSatisfy { $0.sampleRate == golden.rate })
        #expect(info.start?.iso8601 == "2024-06-07T13:14:15")
        let count = golden.samples.count / golden.channels
        let block = try reader.read(0..<count, of: Array(0..<golden.names.count))
        for (c, channel) in info.channels.prefix(golden.names.count).enumerated() where channel.kind != .trigger {
          // neo gives the auxiliary board in volts.
          let factor = golden.name.hasSuffix("nidq") ? 1e6 : 1
          for i in 0..<count {
            let expected = golden.values[i * golden.names.count + c] * factor
            #expect(abs(block[channel: c, sample: i] - expected) <= 1e-12 * abs(expected))
          }
        }
        let word = golden.channels - 1
        let words = try reader.read(0..<count, of: [word]).channel(0)
        #expect(words.elementsEqual((0..<count).map { Double(golden.samples[$0 * golden.channels + word] & 0xFFFF) }))
      }
    }
  }

  @Test func `lines of the digital word are events`() throws {
    let folder = try SampleFolder()
    let words = [1, 65, 64, 0x8040 - 0x10000, 0, 64].flatMap { [0, 0, $0] }
    var meta = Self.basic
    meta[0] = "fileSizeBytes=36"
    let reader = try open(meta, words: words, folder)
    #expect(reader.recording.warnings.isEmpty)
    #expect(
      try reader.events() == [
        Event(onset: 1 / 30_000.0, duration: 4 / 30_000.0 - 1 / 30_000.0, label: "SY0.6", channel: 2),
        Event(onset: 3 / 30_000.0, duration: 4 / 30_000.0 - 3 / 30_000.0, label: "SY0.15", channel: 2),
        Event(onset: 5 / 30_000.0, label: "SY0.6", channel: 2),
      ])
  }

  @Test func `damage is told`() throws {
    let folder = try SampleFolder()
    func codes(_ place: Int, _ line: String, words: Int = 12) throws -> [RecordingWarning.Code] {
      var meta = Self.basic
      meta[place] = line
      return try open(meta, words: Array(0..<words), folder).recording.warningCodes
    }
    #expect(try codes(0, "fileSizeBytes=24").isEmpty)
    #expect(try codes(0, "fileSizeBytes=3000") == [.recordCount])
    #expect(try codes(0, "fileSizeBytes=22", words: 11) == [.cutRecord])
    #expect(try codes(0, "fileSizeBytes=4", words: 2) == [.cutRecord, .emptyChannel])
    #expect(try codes(8, "~imroTbl=") == [.calibration, .calibration])
  }

  @Test func `what cannot be read is refused in one line that names the field`() throws {
    let folder = try SampleFolder()
    func message(_ place: Int, _ line: String) -> String? {
      var meta = Self.basic
      meta[place] = line
      do { _ = try open(meta, words: Array(0..<12), folder) } catch { return (error as? RecordingError)?.message }
      return nil
    }
    #expect(message(1, "nSavedChans=0") == "meta field \"nSavedChans\" is \"0\"; expected a whole number 1\u{2026}65535")
    #expect(message(3, "imAiRangeMax=nan") == "meta field \"imAiRangeMax\" is \"nan\"; expected a number above 0")
    #expect(message(4, "imSampRate=1e300") == "meta field \"imSampRate\" is \"1e300\"; expected \(SamplingRate.expected)")
    #expect(message(4, "x=1") == "meta field \"imSampRate\" is missing; expected imSampRate=VALUE")
    #expect(message(5, "snsApLfSy=9,0,1")?.contains("expected 3 numbers with the sum nSavedChans = 3") == true)
    #expect(message(7, "snsSaveChanSubset=0,1,99999999")?.contains("expected \"all\", or 3") == true)
    #expect(message(7, "snsSaveChanSubset=5,0,1")?.contains("expected \"all\", or 3") == true)
    #expect(message(2, "typeThis=none")?.contains("expected imec, nidq or obx") == true)
  }

  @Test func `only the binary of the same name is opened, whatever the text says`() throws {
    let folder = try SampleFolder()
    let meta = try folder.write((Self.basic + ["fileName=/etc/passwd"]).joined(separator: "\n"), "b.meta")
    let error = #expect(throws: RecordingError.self) { try Recording.open(path: meta) }
    #expect(error?.code == .notFound && error?.path == folder.path + "/b.bin")
  }

  @Test func `no mutation traps`() throws {
    let folder = try SampleFolder()
    try folder.write([UInt8](words: Array(0..<12)), "a.bin")
    let base = Array(Self.basic.joined(separator: "\n").utf8)
    for seed in 0..<400 {
      try folder.write(Mutation.mutated(base, seed: UInt64(seed)), "a.meta")
      Mutation.readWhole(folder.path + "/a.bin")
      Mutation.readWhole(folder.path + "/a.meta")
    }
  }
}
