import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct BIDSRecordingTests {
  private static let channels = """
    name\ttype\tunits\tlow_cutoff\thigh_cutoff\tstatus
    C0\tEEG\tuV\t0.1\t40\tgood
    C1\tEOG\tmV\tn/a\tn/a\tbad
    C2\tECOG\tV\tn/a\tn/a\tn/a
    C3\tMISC\tdegreeC\tn/a\tn/a\tgood

    """

  @Test func `channels get kind and quality from the table; samples stay as they are`() throws {
    let set = try MadeDataset()
    try set.writeBeside("channels.tsv", "\u{FEFF}" + Self.channels.split(separator: "\n").joined(separator: "\r\n"))
    var reader = try set.open()
    #expect(reader is BIDSRecording)
    let info = reader.recording
    #expect(info.warnings.isEmpty)
    #expect(info.companions.map { $0.hasSuffix("_channels.tsv") } == [true])
    #expect(info.channels.map(\.kind) == [.eeg, .eog, .ecog, .misc])
    #expect(info.channels.map(\.quality) == [.good, .bad, nil, .good])
    #expect(info.notes.contains { $0.message.contains("\"C1\"") && $0.message.contains("bad") })
    #expect(try reader.read(0..<400, of: [0, 1, 2, 3]) == set.made.block([0, 1, 2, 3], 0..<400))
    var plain = try set.open(OpeningOptions(appliesSidecars: false))
    #expect(plain is EDFReader)
    #expect(plain.recording.channels.allSatisfy { $0.quality == nil })
    #expect(try plain.read(0..<400, of: [0, 1, 2, 3]) == reader.read(0..<400, of: [0, 1, 2, 3]))
  }

  @Test func `a recording of another name, or with nothing beside it, is read as it is`() throws {
    let other = try MadeDataset("somewhere/run1.edf")
    try other.write("somewhere/run1_events.tsv", "onset\tduration\n1\t1\n")
    #expect(try other.open() is EDFReader)
    let alone = try MadeDataset()
    #expect(try alone.open().events() == alone.made.events)
    #expect(try alone.open().recording.warnings.isEmpty && alone.open().recording.notes.isEmpty)
  }

  @Test func `the events of the table take the place of the file's own, and both counts are told`() throws {
    let set = try MadeDataset()
    try set.writeBeside(
      "events.tsv", "onset\tduration\ttrial_type\tvalue\n2.5\t0.5\tleft\t1\n0.25\tn/a\tn/a\t7\n-1\t0\tearly\tn/a\n3\tn/a\tn/a\tn/a\n")
    let reader = try set.open()
    #expect(
      try reader.events() == [
        Event(onset: -1, duration: 0, label: "early"), Event(onset: 0.25, label: "7"), Event(onset: 2.5, duration: 0.5, label: "left"),
        Event(onset: 3, label: "n/a"),
      ])
    #expect(reader.recording.warnings.isEmpty)
    #expect(reader.recording.notes.contains { $0.message.contains("4 events") && $0.message.contains("own 3") })
  }

  @Test func `a table without a row takes the file's own events away, which is told`() throws {
    let set = try MadeDataset()
    try set.writeBeside("events.tsv", "onset\tduration\n")
    let reader = try set.open()
    #expect(try reader.events().isEmpty)
    #expect(reader.recording.warnings.map(\.message).contains { $0.contains("no row") && $0.contains("own 3 events") })
  }

  @Test func `the nearest file decides, and files above apply where their entities allow`() throws {
    let set = try MadeDataset()
    try set.write("task-rest_events.tsv", "onset\tduration\ttrial_type\n1\t0\troot\n")
    try set.write("task-other_events.tsv", "onset\tduration\ttrial_type\n1\t0\tother\n")
    #expect(try set.open().events().map(\.label) == ["root"])
    try set.write("sub-01/sub-01_task-rest_events.tsv", "onset\tduration\ttrial_type\n1\t0\tsubject\n")
    #expect(try set.open().events().map(\.label) == ["subject"])
    try set.writeBeside("events.tsv", "onset\tduration\ttrial_type\n1\t0\trun\n")
    #expect(try set.open().events().map(\.label) == ["run"])
    // Nothing above the dataset's folder is looked at.
    let outer = URL(fileURLWithPath: set.root).deletingLastPathComponent().path + "/task-rest_channels.tsv"
    try Data("name\ttype\tunits\nC0\tECG\tuV\n".utf8).write(to: URL(fileURLWithPath: outer))
    defer { try? FileManager.default.removeItem(atPath: outer) }
    #expect(try set.open().recording.channels[0].kind != .ecg)
  }

  @Test func `contradictions are warned and the file is believed`() throws {
    let set = try MadeDataset()
    try set.writeBeside(
      "channels.tsv",
      "name\ttype\tunits\tsampling_frequency\tstatus\nC0\tEEG\tV\t100\tgood\nC1\tWEIRD\tmV\t250\tfine\nX9\tEEG\tuV\t100\tgood\nC0\tEOG\tuV\t1\tbad\n"
    )
    try set.writeBeside("eeg.json", "{\"TaskName\": \"rest\", \"SamplingFrequency\": 512}")
    var reader = try set.open()
    let messages = reader.recording.warnings.map(\.message)
    for part in ["repeat a name", "unknown type", "other unit", "other sampling_frequency", "status of", "\"X9\"", "no row for 2", "512"] {
      #expect(messages.contains { $0.contains(part) }, "\(part) in \(messages)")
    }
    #expect(reader.recording.channels[0].unit == .microvolt && reader.recording.channels[0].sampleRate == 100)
    #expect(try reader.read(0..<10, of: [0]) == set.made.block([0], 0..<10))
  }

  @Test func `electrodes give positions in metres, axes turned where the system points them elsewhere`() throws {
    let set = try MadeDataset()
    try set.write(
      "sub-01/ses-a/eeg/sub-01_ses-a_space-EEGLAB_electrodes.tsv", "name\tx\ty\tz\nC0\t10\t20\t30\nC1\tn/a\tn/a\tn/a\nREF\t1\t1\t1\n")
    try set.write(
      "sub-01/ses-a/eeg/sub-01_ses-a_space-EEGLAB_coordsystem.json",
      "{\"EEGCoordinateSystem\": \"EEGLAB\", \"EEGCoordinateUnits\": \"mm\"}")
    let reader = try set.open()
    #expect(reader.recording.warnings.isEmpty)
    #expect(reader.recording.channels[0].position == SensorPosition(x: -0.02, y: 0.01, z: 0.03, unit: .metre))
    #expect(reader.recording.channels[1].position == nil)
  }

  @Test(arguments: [
    ("events.tsv", "", "first line"), ("events.tsv", "time\tlabel\n1\tx\n", "onset"),
    ("events.tsv", "onset\tduration\nx\t1\nnan\t1\n", "no row"),
    ("events.tsv", "onset\tduration\n1\t1\n1e400\t2\nn/a\t3\n", "2 of 3 rows"), ("events.tsv", "onset\tduration\n1\t-4\n2\n", "durations"),
    ("events.tsv", "onset\tduration\n1\n", "fields"), ("events.tsv", "onset\tduration\n99\t1\n", "after the recording's end"),
    ("channels.tsv", "title\n1\n", "\"name\""), ("channels.tsv", "\0\0\0\0\n", "header"), ("channels.tsv", "name\tname\nC0\tC1\n", "twice"),
    ("channels.tsv", "name\nA\nB\nC\nD\n", "in their order"), ("eeg.json", "{", "JSON"), ("eeg.json", "[1]", "JSON"),
    ("eeg.json", "{\"SamplingFrequency\": \"fast\"}", "SamplingFrequency"), ("electrodes.tsv", "name\tx\ty\nC0\t1\t2\n", "columns"),
    ("electrodes.tsv", "name\tx\ty\tz\nC0\t1\tinf\t2\n", "three usable"),
  ])
  func `a damaged sidecar is told in one line and the recording is read`(suffix: String, text: String, part: String) throws {
    let set = try MadeDataset()
    try set.writeBeside(suffix, text)
    var reader = try set.open()
    let messages = reader.recording.warnings.map(\.message)
    #expect(messages.contains { $0.contains(part) }, "\(messages)")
    #expect(messages.allSatisfy { !$0.contains("\n") && !$0.contains(set.root) })
    #expect(try reader.read(0..<400, of: [0]).sampleCount == 400)
    _ = try reader.events()
  }

  @Test func `a folder or a pipe in the place of a sidecar does not stop the recording`() throws {
    let set = try MadeDataset()
    try Folder.create(set.recording.replacingOccurrences(of: "_eeg.edf", with: "_events.tsv"))
    mkfifo(set.recording.replacingOccurrences(of: "_eeg.edf", with: "_channels.tsv"), 0o600)
    let reader = try set.open()
    #expect(reader.recording.warnings.count == 2)
    #expect(try reader.events() == set.made.events)
  }

  @Test func `two hundred thousand events take no time`() throws {
    let set = try MadeDataset()
    var text = "onset\tduration\ttrial_type\n"
    for k in 0..<200_000 { text += "\(Double(k) / 60_000)\t0\tT\(k % 3)\n" }
    try set.writeBeside("events.tsv", text)
    let clock = ContinuousClock()
    var count = 0
    let time = try clock.measure { count = try set.open().events().count }
    #expect(count == 200_000)
    // A debug build on a busy machine; quadratic work would take minutes.
    #expect(time < .seconds(20))
  }
}
