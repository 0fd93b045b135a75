import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct NEVReaderTests {
  /// What neo reads: `Goldens/nev.json`, made by `Goldens/make_nev_goldens.py`.
  private struct Golden: Decodable {
    var name: String
    var file: SampleNEV
    var size: Int
    var spikes: [String: [Double]]
    var events: [String: [GoldenMark]]
  }

  @Test func `spikes, units and digital inputs are those of neo`() throws {
    let goldens: [Golden] = try References.golden("nev.json")
    #expect(goldens.map(\.name) == ["v22", "v23", "v30"])
    for golden in goldens {
      #expect(golden.file.bytes.count == golden.size)
      let reader = try #require(try golden.file.open() as? SpikeTimesReader)
      #expect(
        reader.recording.warnings.isEmpty && reader.recording.format.name == "NEV \(golden.file.version[0]).\(golden.file.version[1])")
      #expect(reader.recording.start?.iso8601 == "2024-06-07T13:14:15.25")
      let trains = reader.spikes
      #expect(trains.count == golden.spikes.values.reduce(0) { $0 + $1.count } && trains.units.count == golden.spikes.count)
      for (name, times) in golden.spikes {
        // neo says ch12#255.
        let parts = name.dropFirst(2).split(separator: "#").map(String.init)
        let label = "\(golden.file.labels[parts[0]] ?? "").\(parts[1] == "255" ? "noise" : parts[1])"
        let unit = try #require(trains.units.firstIndex(of: label))
        let found = trains.times.indices.filter { trains.owners[$0] == UInt32(unit) }.map { trains.times[$0] }
        #expect(found.count == times.count && zip(found, times).allSatisfy { abs($0 - $1) < 1e-9 })
      }
      let marks = try #require(golden.events["digital_input_port"])
      let events = try reader.events().filter { Int($0.label) != nil }
      #expect(events.map(\.label) == marks.map(\.label) && zip(events, marks).allSatisfy { abs($0.onset - $1.time) < 1e-9 })
      #expect(try reader.eventCounts() == reader.events().reduce(into: [:]) { $0[$1.label, default: 0] += 1 })
    }
  }

  @Test func `comments, bytes of the serial port, and what is no event`() throws {
    let text = Array("begin".utf8).map(Int.init)
    let reader = try SampleNEV(packets: [
      (30_000, 0xFFFF, [0, 0, 0, 0, 0, 0] + text), (60_000, 0, [0x80, 0, 13, 7]), (61_000, 0xFFFB, [0, 0]),
      (62_000, 0xFFFF, [1, 0, 0, 0, 0, 0, 0xD6, 0, 0x66, 0]), (63_000, 2, [0]),
    ]).open()
    #expect(try reader.events().map(\.label) == ["begin", "serial 13", "Öf", "elec2.0"])
    #expect(reader.recording.warnings.isEmpty && reader.recording.notes.map(\.code) == [.annotation])
  }

  @Test func `beside an NSx file its times count from that one's first sample`() throws {
    let folder = try SampleFolder()
    var signal = SampleNSx()
    signal.packets = [SampleNSx.Packet(stamp: 15_000, samples: Array(0..<20))]
    let path = try folder.write(signal.bytes, "a.ns5")
    let nev = SampleNEV(packets: [(15_003, 12, [1]), (30_000, 0, [1, 0, 5, 0])])
    try folder.write(nev.bytes, "a.nev")
    let reader = try Recording.open(path: path)
    #expect(reader.recording.warnings.isEmpty && reader.recording.channels.count == 2)
    #expect(try reader.events() == [Event(onset: 3.0 / 30_000, label: "elec12.1"), Event(onset: 0.5, label: "5")])
    #expect((reader as? any SpikeRecording)?.spikes.units == ["elec12.1"])
    #expect(reader.recording.companions == [String(path.dropLast(4)) + ".nev"])
    try folder.write(Array(nev.bytes.dropLast(3)), "a.nev")
    #expect(try Recording.open(path: path).recording.warnings.map(\.code) == [.cutRecord])
    try folder.write("no such thing", "a.nev")
    #expect(try Recording.open(path: path).recording.warnings.map(\.code) == [.annotation])
    // What is there and cannot be opened is not the same as nothing.
    try FileManager.default.removeItem(atPath: String(path.dropLast(4)) + ".nev")
    #expect(try Recording.open(path: path).recording.warnings.isEmpty)
    try FileManager.default.createDirectory(atPath: String(path.dropLast(4)) + ".nev", withIntermediateDirectories: false)
    #expect(try Recording.open(path: path).recording.warnings.map(\.code) == [.annotation])
  }

  /// The clocks of recorders that are started together begin at `begin` once all of them run; samples of value 99 say where the events are.
  @Test(
    arguments: [
      // The stamps fall at the reset by less than a second; by more; not at all, for they pass the clock's end; events follow only after it.
      [(0, 48_000), (1, 30_000)], [(0, 48_000), (1, 100)], [(0, 30_000), (1, 55_000)], [(1, 55_000)],
      // Two resets.
      [(0, 16_000), (1, 15_000), (2, 5)], [(0, 49_999), (1, 55_000), (2, 39_000)],
    ], [0, 5, 700])
  func `events behind a clock that was set anew lie where the samples are`(places: [(clock: Int, stamp: Int)], begin: Int) throws {
    let lengths = [50_000, 60_000, 40_000]
    var signal = SampleNSx()
    signal.channels = [signal.channels[0]]
    signal.packets = lengths.enumerated().map { clock, length in
      var samples = [Int](repeating: 0, count: length)
      for place in places where place.clock == clock { samples[place.stamp] = 99 }
      return SampleNSx.Packet(stamp: begin, samples: samples)
    }
    // A pause within the last clock keeps its length.
    signal.packets.append(SampleNSx.Packet(stamp: begin + 100_000, samples: [99, 0]))
    let folder = try SampleFolder()
    let path = try folder.write(signal.bytes, "a.ns5")
    let nev = SampleNEV(packets: places.map { (begin + $0.stamp, 0, [1, 0, 5, 0]) } + [(begin + 100_000, 0, [1, 0, 5, 0])])
    try folder.write(nev.bytes, "a.nev")
    var reader = try Recording.open(path: path)
    #expect(reader.recording.warningCodes == [.overlap, .overlap])
    let values = try reader.read(0..<reader.recording.channels[0].sampleCount, of: [0]).channel(0)
    let timeline = reader.recording.timeline(of: 0)
    let marked = values.indices.filter { values[$0] != 0 }.map { timeline.time(ofSample: $0) }
    let onsets = try reader.events().map(\.onset)
    #expect(onsets.count == marked.count && zip(onsets, marked).allSatisfy { abs($0 - $1) < 1e-9 }, "\(onsets) \(marked)")
  }

  @Test(arguments: [(45_090, 1.503), (46_000, 1.5 + 46_000.0 / 30_000)])
  func `an event behind the end of its clock moves none that follow`(late: (stamp: Int, onset: Double)) throws {
    var signal = SampleNSx()
    signal.channels = [signal.channels[0]]
    signal.packets = [45_000, 300_000].map { SampleNSx.Packet(stamp: 0, samples: [Int](repeating: 0, count: $0)) }
    let folder = try SampleFolder()
    let path = try folder.write(signal.bytes, "a.ns5")
    let stamps = [15_000, late.stamp, 300, 60_000, 150_000]
    try folder.write(SampleNEV(packets: stamps.map { ($0, 0, [1, 0, 5, 0]) }).bytes, "a.nev")
    // Within 10 ms it belongs to the clock that ended, later to the next.
    let expected = [0.5, late.onset, 1.51, 3.5, 6.5].sorted()
    let onsets = try Recording.open(path: path).events().map(\.onset)
    #expect(zip(onsets, expected).allSatisfy { abs($0 - $1) < 1e-9 } && onsets.count == 5, "\(onsets)")
  }

  @Test func `stamps of nanoseconds since 1970 count from the first`() throws {
    let first = 1_700_000_000_000_000_000
    var file = SampleNEV(packets: [(first, 12, [0]), (first + 1_500_000, 12, [0])])
    (file.version, file.resolution) = ([3, 0], 1_000_000_000)
    #expect(((try file.open()) as? SpikeTimesReader)?.spikes.times == [0, 0.0015])
  }

  @Test func `what is wrong is told, and the rest is read`() throws {
    func codes(_ change: (inout SampleNEV) -> Void) throws -> (codes: [RecordingWarning.Code], times: [Double]) {
      var file = SampleNEV(packets: [(30_000, 12, [0]), (60_000, 12, [1]), (90_000, 12, [0])])
      change(&file)
      let reader = try file.open()
      return (reader.recording.warningCodes, (reader as? SpikeTimesReader)?.spikes.times ?? [])
    }
    #expect(try codes { _ in } == ([], [1, 2, 3]))
    #expect(try codes { $0.headerBytes = 5 } == ([.headerLength], [1, 2, 3]))
    #expect(try codes { $0.resolution = 0 } == ([.recordTime], [1, 2, 3]))
    #expect(try codes { $0.packets[1].identifier = 9000 } == ([.annotation], [1, 3]))
    // A little out of order is usual; a clock that begins anew is not.
    #expect(try codes { $0.packets[1].stamp = 29_000 } == ([], [29.0 / 30, 1, 3]))
    #expect(try codes { $0.packets[2].stamp = 0 } == ([.overlap], [1, 2, 2]))
    #expect(try codes { $0.packets = [] } == ([.emptyChannel], []))
    #expect(try codes { $0.origin[1] = 13 } == ([.startDate], [1, 2, 3]))
    var twins = SampleNEV(packets: [(1, 1, [0]), (2, 2, [0])])
    twins.labels = ["1": "same", "2": "same"]
    let reader = try twins.open()
    #expect(reader.recording.warningCodes == [.label] && (reader as? SpikeTimesReader)?.spikes.units == ["same.0", "same-2.0"])
  }

  @Test func `what cannot be read is refused in one line`() throws {
    func message(_ change: (inout SampleNEV) -> Void) -> String? {
      var file = SampleNEV()
      change(&file)
      do { _ = try file.open() } catch { return (error as? RecordingError)?.message }
      return nil
    }
    #expect(message { $0.statedPacketBytes = 4 } == "header field \"bytes in data packets\" at byte 16 is 4; expected 12\u{2026}65536")
    #expect(message { $0.extensionCount = 70_000 }?.contains("expected the whole header") == true)
  }

  @Test func `no mutation traps`() throws {
    let folder = try SampleFolder()
    var long = SampleNEV(packets: (0..<12).map { ($0 * 7000, [12, 0, 0xFFFF, 3][$0 % 4], [1, 0, 65, 66]) })
    (long.version, long.packetBytes) = ([3, 0], 24)
    let short = SampleNEV(packets: (0..<12).map { ($0 * 7000, [12, 0, 0xFFFF, 3][$0 % 4], [1, 0, 65, 66]) })
    try folder.write(SampleNSx().bytes, "m.ns5")
    for (seed, base) in [short.bytes, long.bytes].enumerated() {
      for round in 0..<300 {
        Mutation.readWhole(try folder.write(Mutation.mutated(base, seed: UInt64(1000 * seed + round)), "m.nev"))
        if round.isMultiple(of: 3) { Mutation.readWhole(folder.path + "/m.ns5") }
      }
    }
  }
}
