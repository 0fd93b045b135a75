import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct SpikeTimesTests {
  private func open(_ text: String, _ name: String = "s.csv", options: OpeningOptions = .none) throws -> any RecordingReader {
    let folder = try SampleFolder()
    return try Recording.open(path: folder.write(text, name), options: options)
  }

  private func spikes(_ text: String, options: OpeningOptions = .none) throws -> SpikeTrains? {
    (try open(text, options: options) as? any SpikeRecording)?.spikes
  }

  @Test func `a table of times and units, in any order`() throws {
    var reader = try open("unit,time\n10,0.5\n9,0.25\n10,0.125\n9,1\n")
    let trains = try #require((reader as? SpikeTimesReader)?.spikes)
    #expect(trains.units == ["9", "10"] && trains.times == [0.125, 0.25, 0.5, 1] && trains.owners == [1, 0, 1, 0])
    let info = reader.recording
    #expect(info.warnings.isEmpty && info.channels.isEmpty && info.duration == 1 && info.format.name == "spike times")
    #expect(try reader.events().map(\.label) == ["10", "9", "10", "9"])
    #expect(try reader.eventCounts() == ["9": 2, "10": 2])
    #expect(try reader.read(0..<0, of: []).isEmpty)
  }

  @Test(arguments: [
    "time_ms;cluster_id\n500;7\n", "Spike Time (ms)\tNeuron\n500\t7\n", "# sorted by hand\n\"spike_times\",\"unit\"\n0.5,7.0\n",
    "\u{FEFF}cluster,amplitude,time\n7,33.5,0.5\n", "spike_time,unit\r\n0.5,7\r\n",
    "spike_times spike_clusters\n0.5 7\n".replacingOccurrences(of: " ", with: ","),
  ])
  func `names and units of the columns`(text: String) throws {
    let trains = try #require(try spikes(text))
    #expect(trains.units == ["7"] && trains.times == [0.5])
  }

  @Test func `channel and unit make a name, names keep their order, samples need a rate`() throws {
    #expect(try spikes("electrode,unit,time\n96,1,0.5\n2,0,0.75\n")?.units == ["96.1", "2.0"])
    let options = OpeningOptions(sampleRate: 30_000)
    #expect(try spikes("sample,unit\n15000,b\n3000,a\n", options: options)?.times == [0.1, 0.5])
    #expect(throws: RecordingError.self) { try open("sample,unit\n15000,b\n") }
  }

  @Test(arguments: ["time,C3\n0,1\n0.01,2\n", "time,C3,channel\n0,1,0\n0.01,2,0\n", "onset\tduration\ttrial_type\n1\t0\t7\n2\t0\t8\n"])
  func `other tables are no spikes`(text: String) throws {
    #expect((try? open(text)) as? SpikeTimesReader == nil)
  }

  @Test func `rows without a time are told and left out`() throws {
    let reader = try open("time,unit\n0.5,1\nnan,1\n0.75\n,2\n1e999,2\n0.875,\n1,2\n")
    #expect((reader as? SpikeTimesReader)?.spikes.times == [0.5, 1])
    #expect(reader.recording.warnings.map(\.code) == [.numberStyle] && reader.recording.warnings[0].message.contains("5 rows"))
    #expect(try open("time,unit\n").recording.warnings.map(\.code) == [.emptyChannel])
  }

  @Test func `archives: numbers, names or an index tell the unit`() throws {
    func trains(_ entries: [(name: String, bytes: [UInt8])], _ options: OpeningOptions = .none) throws -> SpikeTrains {
      let reader = try NPYReaderTests.open(NPZTests.archive(entries), suffix: "npz", options)
      #expect(reader.recording.warnings.isEmpty && reader.recording.channels.isEmpty)
      return try #require((reader as? SpikeTimesReader)?.spikes)
    }
    let times = ("spike_times.npy", NPZTests.doubles([0.5, 0.25, 0.75], shape: "3,"))
    let numbered = try trains([times, ("spike_clusters.npy", NPZTests.doubles([4, 12, 4], shape: "3,"))])
    #expect(numbered.units == ["4", "12"] && numbered.owners == [1, 0, 0])
    #expect(try trains([times, ("units.npy", NPZTests.texts(["b", "a", "b"]))]).units == ["b", "a"])
    let indexed = try trains([
      times, ("spike_times_index.npy", NPZTests.doubles([2, 2, 3], shape: "3,")), ("unit_names.npy", NPZTests.texts(["x", "y", "z"])),
    ])
    #expect(indexed.units == ["x", "y", "z"] && indexed.owners == [0, 0, 2] && indexed.counts == [2, 0, 1])
    let samples = NPYReaderTests.array("<i8", shape: "2,", [UInt8](15_000, bytes: 8) + [UInt8](30_000, bytes: 8))
    #expect(try trains([("spike_times.npy", samples), ("fs.npy", NPZTests.doubles([30_000], shape: ""))]).times == [0.5, 1])
    #expect(try trains([("spike_times.npy", samples)], OpeningOptions(sampleRate: 15_000)).times == [1, 2])
    #expect(throws: RecordingError.self) { try trains([("spike_times.npy", samples)]) }
    #expect(throws: RecordingError.self) { try trains([times, ("spike_times_index.npy", NPZTests.doubles([2, 1, 3], shape: "3,"))]) }
  }

  @Test func `spikes beside a signal are events`() throws {
    let reader = try NPYReaderTests.open(
      NPZTests.archive([
        ("data.npy", NPZTests.doubles([Double](repeating: 0, count: 40), shape: "2, 20")), ("fs.npy", NPZTests.doubles([10], shape: "")),
        ("spike_times.npy", NPZTests.doubles([0.5, 0.25], shape: "2,")),
      ]), suffix: "npz", .none)
    #expect(reader.recording.channels.count == 2 && reader.recording.duration == 2)
    #expect(try reader.events().map(\.onset) == [0.25, 0.5])
  }

  @Test func `no mutation traps, and many rows take little time`() throws {
    let folder = try SampleFolder()
    let table = Array("electrode,unit,time (ms)\n1,0,12.5\n1,1,13\n2,0,14.75\n2,0,1e3\n".utf8)
    let archive = NPZTests.archive([
      ("spike_times.npy", NPZTests.doubles([0.5, 0.25, 0.75], shape: "3,")),
      ("spike_times_index.npy", NPZTests.doubles([2, 2, 3], shape: "3,")),
    ])
    for round in 0..<300 {
      Mutation.readWhole(try folder.write(Mutation.mutated(table, seed: UInt64(round)), "m.csv"))
      Mutation.readWhole(try folder.write(Mutation.mutated(archive, seed: UInt64(round)), "m.npz"))
    }
    let rows = (0..<200_000).reversed().map { "\($0 % 97),\(Double($0) / 1000)\n" }.joined()
    let path = try folder.write("unit,time\n" + rows, "long.csv")
    let clock = ContinuousClock()
    var count = 0
    let passed = try clock.measure { count = try (Recording.open(path: path) as? any SpikeRecording)?.spikes.count ?? 0 }
    // Generous: this is a debug build on a machine that others use; quadratic work would take minutes.
    #expect(count == 200_000 && passed < .seconds(10))
  }
}
