import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct NSxReaderTests {
  private typealias Packet = SampleNSx.Packet

  @Test func `values, names, rates and segments are those of neo`() throws {
    let goldens = try IntracorticalGoldens.load().nsx
    #expect(goldens.count == 4)
    for golden in goldens {
      let bytes = golden.sample.bytes
      #expect(bytes.count == golden.size)
      var reader = try golden.sample.open()
      let info = reader.recording
      #expect(info.warnings.isEmpty, "\(golden.name): \(info.warnings)")
      #expect(info.channels.map(\.label) == golden.names)
      #expect(info.channels.allSatisfy { $0.sampleRate == golden.rate })
      let segments = info.timeline(of: 0).segments
      #expect(segments.map(\.sampleCount) == golden.counts)
      for (segment, start) in zip(segments, golden.starts) { #expect(abs(segment.start - start) < 1e-9) }
      let all = Array(info.channels.indices)
      let count = golden.values.count / all.count
      let block = try reader.read(0..<count, of: all)
      for c in all {
        let factor = golden.units[c] == "mV" ? 1000.0 : 1
        for i in 0..<count {
          let expected = golden.values[i * all.count + c] * factor
          #expect(abs(block[channel: c, sample: i] - expected) <= 1e-12 * max(abs(expected), 1))
        }
      }
      for cut in [0..<0, 3..<4, 10..<count, 0..<(count - 1)] {
        let part = try reader.read(cut, of: [2, 0])
        #expect(part.channel(0).elementsEqual(block.channel(2)[(block.channel(2).startIndex + cut.lowerBound)...].prefix(cut.count)))
      }
    }
  }

  @Test func `the start is the time origin and the first stamp`() throws {
    var file = SampleNSx()
    file.packets[0].stamp = 15_000
    #expect(try file.open().recording.start?.iso8601 == "2024-06-07T13:14:15.75")
    file.origin = [2024, 13, 5, 7, 13, 14, 15, 0]
    let info = try file.open().recording
    #expect(info.start == nil && info.warningCodes == [.startDate])
  }

  @Test func `filters are told`() throws {
    let golden = try #require(try IntracorticalGoldens.load().nsx.first)
    let info = try golden.sample.open().recording
    #expect(info.channels[0].prefilter == "HP:0.3Hz Butterworth order 1 LP:7500Hz Butterworth order 3")
    #expect(info.channels[1].prefilter == "")
    #expect(info.channels.map(\.kind) == [.seeg, .seeg, .misc])
  }

  @Test func `version 2_1 has no ranges`() throws {
    var file = SampleNSx(magic: "NEURALSG")
    file.period = 30
    var reader = try file.open()
    #expect(reader.recording.channels.map(\.label) == ["elec1", "elec2"] && reader.recording.channels[0].sampleRate == 1000)
    #expect(reader.recording.warnings.isEmpty && reader.recording.notes.map(\.code) == [.unit])
    #expect(Array(try reader.read(0..<10, of: [1]).channel(0)) == stride(from: 1, to: 20, by: 2).map { Double($0) })
    reader = try file.open(options: OpeningOptions(unit: .millivolt))
    #expect(Array(try reader.read(0..<2, of: [1]).channel(0)) == [1000, 3000])
  }

  @Test func `packets that follow on are one segment, and a pause begins another`() throws {
    var file = SampleNSx()
    file.packets = [
      Packet(stamp: 30, samples: Array(0..<20)), Packet(stamp: 40, samples: Array(20..<24)), Packet(stamp: 45, samples: Array(24..<28)),
    ]
    var reader = try file.open()
    let segments = reader.recording.timeline(of: 0).segments
    #expect(segments.map(\.sampleCount) == [12, 2] && abs(segments[1].start - 15.0 / 30_000) < 1e-12)
    #expect(reader.recording.warnings.isEmpty && reader.recording.notes.map(\.code) == [.gap])
    #expect(Array(try reader.read(9..<14, of: [0]).channel(0)) == [18, 20, 22, 24, 26].map { $0 * 0.25 })
    #expect(try reader.read(12..<14, of: [0]).segment == 1)
  }

  @Test func `packets of single samples by the network's clock measure the rate`() throws {
    var file = SampleNSx(magic: "BRSMPGRP", version: [3, 0], resolution: 1_000_000_000)
    file.packets = (0..<1000).map { Packet(stamp: 1_700_000_000_000_000_000 + $0 * 33_336, samples: [$0, -$0]) }
    var reader = try file.open()
    #expect(reader.recording.warnings.isEmpty && reader.recording.timeline(of: 0).segments.count == 1)
    #expect(abs((reader.recording.streams[0].measuredRate ?? 0) - 1e9 / 33_336) < 1e-6)
    #expect(reader.recording.start?.iso8601 == "2024-06-07T13:14:15.25")
    #expect(Array(try reader.read(998..<1000, of: [1]).channel(0)) == [-249.5, -249.75])
  }

  @Test func `a count of 0 in the last packet means the rest of the file`() throws {
    var file = SampleNSx()
    file.packets[0].points = 0
    let info = try file.open().recording
    #expect(info.channels[0].sampleCount == 10 && info.warningCodes == [.recordCount])
    file.packets = [Packet(stamp: 0, samples: []), Packet(stamp: 5, samples: [1, 2])]
    #expect(try file.open().recording.warnings.isEmpty)
  }

  @Test func `what is wrong is told, and the rest is read`() throws {
    func codes(_ change: (inout SampleNSx) -> Void) throws -> (codes: [RecordingWarning.Code], count: Int) {
      var file = SampleNSx()
      change(&file)
      let info = try file.open().recording
      return (info.warningCodes, info.channels[0].sampleCount)
    }
    #expect(try codes { $0.packets[0].points = 4_000_000_000 } == ([.cutRecord], 10))
    #expect(try codes { $0.packets.append(Packet(stamp: 9, samples: [1, 2], mark: 7)) } == ([.cutRecord], 10))
    #expect(try codes { $0.packets.append(Packet(stamp: 2, samples: [1, 2])) } == ([.overlap], 11))
    #expect(try codes { $0.headerBytes = 5 } == ([.headerLength], 10))
    #expect(try codes { $0.channels[1].label = "a1" } == ([.label], 10))
    #expect(try codes { $0.channels[1].ranges = [5, 5, 0, 1] } == ([.calibration], 10))
    #expect(try codes { $0.resolution = 0 } == ([.recordTime], 10))
    #expect(try codes { $0.packets = [] } == ([.emptyChannel], 0))
  }

  @Test func `what cannot be read is refused in one line`() throws {
    func message(_ change: (inout SampleNSx) -> Void) -> String? {
      var file = SampleNSx()
      change(&file)
      do { _ = try file.open() } catch { return (error as? RecordingError)?.message }
      return nil
    }
    #expect(message { $0.period = 0 } == "header field \"period\" at byte 286 is 0; expected 1\u{2026}4294967295")
    #expect(message { $0.channelCount = 0 } == "header field \"channel count\" at byte 310 is 0; expected 1\u{2026}65536")
    #expect(message { $0.channelCount = 60_000 }?.contains("expected the whole header") == true)
  }

  @Test func `no mutation traps`() throws {
    let folder = try SampleFolder()
    for (seed, base) in try IntracorticalGoldens.load().nsx.map(\.sample.bytes).enumerated() {
      for round in 0..<150 {
        let bytes = Mutation.mutated(base, seed: UInt64(1000 * seed + round))
        Mutation.readWhole(try folder.write(bytes, "m.ns5"))
      }
    }
  }
}

/// Seeded damage to a file, and reading whatever is left of it.
enum Mutation {
  static func mutated(_ base: [UInt8], seed: UInt64) -> [UInt8] {
    var generator = SeededGenerator(seed: seed, stream: 4)
    var bytes = base
    for _ in 0...generator.nextInteger(below: 4) {
      guard !bytes.isEmpty else { break }
      let place = generator.nextInteger(below: bytes.count)
      switch generator.nextInteger(below: 5) {
      case 0: bytes[place] ^= 1 << UInt8(generator.nextInteger(below: 8))
      case 1: bytes.removeSubrange(place...)
      case 2: bytes.insert(contentsOf: [UInt8](repeating: UInt8(generator.nextInteger(below: 256)), count: 5), at: place)
      case 3:
        let number = [0, -1, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF][generator.nextInteger(below: 6)]
        for (k, byte) in [UInt8](number, bytes: 4).enumerated() where place + k < bytes.count { bytes[place + k] = byte }
      default: bytes[place] = [0x30, 0x2D, 0x2C, 0x0A, 0x28, 0xFF][generator.nextInteger(below: 6)]
      }
    }
    return bytes
  }

  /// Reads events and all samples; an error is as good as a success.
  static func readWhole(_ path: String) {
    guard var reader = try? Recording.open(path: path) else { return }
    _ = try? reader.events()
    for channel in reader.recording.channels.prefix(3) {
      _ = reader.recording.timeline(of: channel.index).gaps
      _ = try? reader.read(0..<channel.sampleCount, of: [channel.index])
    }
  }
}
