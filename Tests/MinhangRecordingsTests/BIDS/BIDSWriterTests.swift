import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct BIDSWriterTests {
  private static let description = BIDSDescription(
    datasetName: "Test", powerLineFrequency: 50, reference: "Cz", ground: "AFz", version: "1")

  /// Writes the made recording into a dataset and returns its path there.
  private func write(
    _ set: MadeDataset, subject: String = "07", run: String? = nil, change: (inout [Channel]) -> Void = { _ in }, replacing: Bool = false
  ) throws -> (path: String, report: BIDSWriter.Report) {
    let source = try Recording.open(path: set.recording)
    var channels = source.recording.channels
    change(&channels)
    let place = try BIDSPlace(root: set.root + "/new", subject: subject, task: "rest", run: run)
    let writer = BIDSWriter(place: place, description: Self.description, isReplacing: replacing)
    let path = try writer.dataPath(channels, fileExtension: ".edf")
    try BIDSWriter.copy(set.recording, to: WritingTarget(path: path, isReplacing: replacing))
    let report = try writer.writeSidecars(
      of: path, source: channels, events: source.events(), start: source.recording.start)
    return (path, report)
  }

  @Test func `what is written comes back: bytes, kinds, quality, positions, events`() throws {
    let set = try MadeDataset()
    let (path, report) = try write(set) { channels in
      channels[0].position = SensorPosition(x: 0.01, y: -0.02, z: 0.0625, unit: .metre)
      channels[1].quality = .bad
      channels[1].kind = .eog
    }
    #expect(report.losses.isEmpty && report.files.count == 7)
    #expect(FileManager.default.contentsEqual(atPath: path, andPath: set.recording))
    let reader = try Recording.open(path: path)
    let channels = reader.recording.channels
    #expect(reader.recording.warnings.isEmpty)
    #expect(channels.map(\.kind) == [.eeg, .eog, .eeg, .misc])
    #expect(channels.map(\.quality) == [nil, .bad, nil, nil])
    #expect(channels[0].position == SensorPosition(x: 0.01, y: -0.02, z: 0.0625, unit: .metre))
    #expect(try reader.events() == set.made.events)
  }

  @Test func `the tables and texts follow the specification`() throws {
    let set = try MadeDataset()
    let (path, _) = try write(set, run: "2") { $0[3].kind = .trigger }
    func text(_ end: String) throws -> String {
      try String(contentsOfFile: path.replacingOccurrences(of: "_eeg.edf", with: end), encoding: .utf8)
    }
    let rows = try text("_channels.tsv").split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    #expect(rows[0].prefix(3) == ["name", "type", "units"])
    #expect(rows.allSatisfy { $0.count == rows[0].count && !$0.contains("") })
    #expect(rows[1].prefix(5) == ["C0", "EEG", "µV", "0.1", "n/a"] && rows[4].prefix(2) == ["C3", "TRIG"])
    let events = try text("_events.tsv").split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(events[0].prefix(2) == ["onset", "duration"] && events.count == 4)
    let json = try #require(JSONReader.value(Array(try text("_eeg.json").utf8)))
    for key in ["TaskName", "EEGReference", "SamplingFrequency", "PowerLineFrequency", "SoftwareFilters"] { #expect(json[key] != nil) }
    #expect(json["EEGReference"]?.stringValue == "Cz" && json["SamplingFrequency"]?.numberValue == 100)
    #expect(json["EEGChannelCount"]?.integerValue == 3 && json["TriggerChannelCount"]?.integerValue == 1)
    #expect(json["RecordingDuration"]?.numberValue == 4 && json["RecordingType"]?.stringValue == "continuous")
    let dataset = try String(contentsOfFile: set.root + "/new/dataset_description.json", encoding: .utf8)
    #expect(JSONReader.value(Array(dataset.utf8))?["BIDSVersion"]?.stringValue == "1.10.0")
    #expect(FileManager.default.fileExists(atPath: set.root + "/new/README.md"))
  }

  @Test func `electrodes within the skull make an iEEG dataset with its own columns`() throws {
    let set = try MadeDataset()
    let (path, _) = try write(set) { channels in
      channels[0].kind = .seeg
      channels[1].kind = .ecog
      channels[1].position = SensorPosition(x: 1, y: 2, z: 3, unit: .headRadius)
    }
    #expect(path.hasSuffix("/ieeg/sub-07_task-rest_ieeg.edf"))
    let table = try String(contentsOfFile: path.replacingOccurrences(of: "_ieeg.edf", with: "_channels.tsv"), encoding: .utf8)
    #expect(table.hasPrefix("name\ttype\tunits\tlow_cutoff\thigh_cutoff\t"))
    let electrodes = try String(
      contentsOfFile: path.replacingOccurrences(of: "_task-rest_ieeg.edf", with: "_space-Other_electrodes.tsv"), encoding: .utf8)
    #expect(electrodes.hasPrefix("name\tx\ty\tz\tsize\n"))
    let channels = try Recording.open(path: path).recording.channels
    #expect(channels[1].position == SensorPosition(x: 1, y: 2, z: 3, unit: .headRadius))
  }

  @Test func `lists grow, what stands in them stays, and nothing is replaced unasked`() throws {
    let set = try MadeDataset()
    _ = try write(set, run: "1")
    let list = set.root + "/new/participants.tsv"
    try Data("participant_id\tage\tgroup\nsub-07\t31\tpatient\n".utf8).write(to: URL(fileURLWithPath: list))
    let old = set.root + "/new/README.md"
    try Data("mine".utf8).write(to: URL(fileURLWithPath: old))
    _ = try write(set, run: "2")
    _ = try write(set, subject: "08")
    #expect(
      try String(contentsOfFile: list, encoding: .utf8) == "participant_id\tage\tgroup\nsub-07\t31\tpatient\nsub-08\tn/a\tn/a\n")
    #expect(try String(contentsOfFile: old, encoding: .utf8) == "mine")
    let scans = try String(contentsOfFile: set.root + "/new/sub-07/sub-07_scans.tsv", encoding: .utf8).split(separator: "\n")
    #expect(
      scans == [
        "filename\tacq_time", "eeg/sub-07_task-rest_run-1_eeg.edf\t2021-07-04T23:59:58",
        "eeg/sub-07_task-rest_run-2_eeg.edf\t2021-07-04T23:59:58",
      ])
    #expect(throws: RecordingError.self) { try write(set, run: "1") }
    _ = try write(set, run: "1", replacing: true)
    #expect(try String(contentsOfFile: set.root + "/new/sub-07/sub-07_scans.tsv", encoding: .utf8).split(separator: "\n") == scans)
    let dataset = try BIDSDataset(path: set.root + "/new")
    #expect(dataset.items.count == 3 && dataset.items(with: ["sub": "07", "run": "02"]).count == 1)
    #expect(dataset.items(with: ["datatype": "ieeg"]).isEmpty && dataset.items(with: ["acq": "x"]).isEmpty)
  }

  @Test func `a recording that is replaced has its row of the list anew, other columns stay`() throws {
    let set = try MadeDataset()
    _ = try write(set)
    let list = set.root + "/new/sub-07/sub-07_scans.tsv"
    let row = "eeg/sub-07_task-rest_eeg.edf"
    try Data("filename\toperator\tacq_time\nother.edf\tA\tn/a\n\(row)\tB\t1999-01-01T00:00:00\n".utf8).write(to: URL(fileURLWithPath: list))
    _ = try write(set, replacing: true)
    #expect(
      try String(contentsOfFile: list, encoding: .utf8)
        == "filename\toperator\tacq_time\nother.edf\tA\tn/a\n\(row)\tB\t2021-07-04T23:59:58\n")
  }

  @Test func `a conversion that fails leaves nothing`() throws {
    struct Failure: Error {}
    let set = try MadeDataset()
    func writer(_ run: String) throws -> BIDSWriter {
      BIDSWriter(place: try BIDSPlace(root: set.root + "/new", subject: "07", task: "rest", run: run), description: Self.description)
    }
    func attempt(_ run: String) throws {
      let source = try Recording.open(path: set.recording)
      let writer = try writer(run)
      let path = try writer.dataPath(source.recording.channels, fileExtension: ".edf")
      try writer.wholly(path) {
        try BIDSWriter.copy(set.recording, to: WritingTarget(path: path))
        _ = try writer.writeSidecars(of: path, source: source.recording.channels, events: source.events(), start: nil)
        throw Failure()
      }
    }
    #expect(throws: Failure.self) { try attempt("1") }
    #expect(!FileManager.default.fileExists(atPath: set.root + "/new"))
    _ = try write(set, run: "1")
    let before = try FileManager.default.subpathsOfDirectory(atPath: set.root + "/new").sorted()
    let list = set.root + "/new/sub-07/sub-07_scans.tsv"
    let scans = try String(contentsOfFile: list, encoding: .utf8)
    #expect(throws: Failure.self) { try attempt("2") }
    #expect(try FileManager.default.subpathsOfDirectory(atPath: set.root + "/new").sorted() == before)
    #expect(try String(contentsOfFile: list, encoding: .utf8) == scans)
    // A list that cannot be added to is seen before anything is written.
    try Data("name\nx\n".utf8).write(to: URL(fileURLWithPath: list))
    #expect(throws: RecordingError.self) { try writer("3").dataPath(set.made.channels, fileExtension: ".edf") }
  }

  @Test func `events stay at their samples where the data file lost the length of gaps`() {
    let source = Timeline(
      sampleRate: 100,
      segments: [
        Segment(firstSample: 0, sampleCount: 100, start: 0), Segment(firstSample: 100, sampleCount: 100, start: 5, measuredRate: 50),
      ])
    let stored = Timeline(sampleRate: 100, sampleCount: 200)
    var report = BIDSWriter.Report(files: [], eventCount: 4)
    let events = [0.5, 3, 5.5, 7.5].map { Event(onset: $0, label: "x") }
    let onsets = BIDSWriter.aligned(events, from: source, to: stored, report: &report).map(\.onset)
    #expect(onsets == [0.5, 1, 1.25, 2.5])
    #expect(report.losses.count == 1 && report.losses[0].contains("3 events") && report.losses[0].contains("5 s"))
    #expect(BIDSWriter.aligned(events, from: stored, to: stored, report: &report) == events && report.losses.count == 1)
  }

  @Test(arguments: [
    ("HP:0.1Hz LP:75Hz N:50Hz", "0.1", "75", "50"), ("HP:DC; LP:75 Hz", nil, "75", nil), ("", nil, nil, nil),
    ("hp:1e-1hz", "0.1", nil, nil),
    ("HP:nan LP:-3Hz N:", nil, nil, nil),
  ])
  func `filters are read out of the words of EDF`(text: String, high: String?, low: String?, notch: String?) {
    let filters = PrefilterText(text)
    #expect(filters.highPass == high && filters.lowPass == low && filters.notch == notch)
  }
}
