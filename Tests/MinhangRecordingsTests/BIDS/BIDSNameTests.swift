import Testing

@testable import MinhangRecordings

struct BIDSNameTests {
  @Test func `a name gives its entities, suffix and ending back`() throws {
    let text = "sub-01_ses-pre_task-rest_run-02_eeg.edf"
    let name = try #require(BIDSName(text))
    #expect(name.text == text)
    #expect(name["sub"] == "01" && name["ses"] == "pre" && name["task"] == "rest" && name["run"] == "02" && name["acq"] == nil)
    #expect(name.suffix == "eeg" && name.fileExtension == ".edf" && name.isRecording)
    #expect(name.renamed("channels", ".tsv").text == "sub-01_ses-pre_task-rest_run-02_channels.tsv")
  }

  @Test(arguments: [
    "", "eeg", ".edf", "sub-_eeg.edf", "sub-0 1_eeg.edf", "sub-01_sub-02_eeg.edf", "sub-01__eeg.edf", "SUB-01_eeg.edf",
    "sub-01_run_eeg.edf",
    "sub-01_task-r\u{E9}st_eeg.edf", "-_eeg.edf", "sub-01_.edf", "sub-../_eeg.edf",
  ])
  func `what breaks the rules is no name`(text: String) { #expect(BIDSName(text) == nil) }

  @Test(arguments: [
    "sub-01_task-x_channels.tsv", "sub-01_task-x_eeg.json", "task-x_eeg.edf", "sub-01_task-x_meg.fif", "sub-01_task-x_eeg.eeg",
  ])
  func `what is no recording is not taken for one`(text: String) throws {
    #expect(try #require(BIDSName(text)).isRecording == false)
  }

  @Test func `a sidecar applies where all its entities are the recording's own`() throws {
    let recording = try #require(BIDSName("sub-01_task-x_run-1_eeg.edf"))
    #expect(try #require(BIDSName("task-x_events.tsv")).applies(to: recording))
    #expect(try #require(BIDSName("events.tsv")).applies(to: recording))
    #expect(try !#require(BIDSName("task-x_run-2_events.tsv")).applies(to: recording))
    #expect(try !#require(BIDSName("sub-01_acq-a_events.tsv")).applies(to: recording))
    #expect(try #require(BIDSName("sub-01_space-CapTrak_electrodes.tsv")).applies(to: recording, free: ["space"]))
  }

  @Test func `places refuse what BIDS does not allow`() throws {
    #expect(throws: RecordingError.self) { try BIDSPlace(root: "d", subject: "0_1", task: "x") }
    #expect(throws: RecordingError.self) { try BIDSPlace(root: "d", subject: "01", session: "", task: "x") }
    #expect(throws: RecordingError.self) { try BIDSPlace(root: "d", subject: "01", task: "../x") }
    #expect(throws: RecordingError.self) { try BIDSPlace(root: "d", subject: "01", task: "x", run: "1a") }
    let place = try BIDSPlace(root: "d", subject: "01", session: "a", task: "x", run: "03")
    #expect(place.path("eeg", suffix: "events", fileExtension: ".tsv") == "d/sub-01/ses-a/eeg/sub-01_ses-a_task-x_run-03_events.tsv")
    #expect(place.scansPath == "d/sub-01/ses-a/sub-01_ses-a_scans.tsv")
  }
}
