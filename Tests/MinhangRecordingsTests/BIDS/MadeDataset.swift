import Foundation
import MinhangCore

@testable import MinhangRecordings

/// A dataset in a folder of its own, made by a test; gone with the value.
final class MadeDataset {
  let root = FileManager.default.temporaryDirectory.path + "/minhang-bids-\(UUID().uuidString)"
  /// The recording: four channels `C0 … C3` in µV, mV, V and °C at 100 Hz, 4 s, three events of its own.
  let recording: String
  let made = MadeRecording(
    family: .edf, rates: [100, 100, 100, 100], spans: [TimeSpan(start: 0, duration: 4)], eventCount: 3, seed: 11)

  init(_ name: String = "sub-01/ses-a/eeg/sub-01_ses-a_task-rest_run-1_eeg.edf") throws {
    recording = root + "/" + name
    try Folder.create(Folder.parent(of: recording))
    try made.write(recording, blockSize: 100)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// Writes a file into the dataset.
  func write(_ name: String, _ text: String) throws {
    try Folder.create(Folder.parent(of: root + "/" + name))
    try Data(text.utf8).write(to: URL(fileURLWithPath: root + "/" + name))
  }

  /// Writes a file beside the recording, of its own name.
  func writeBeside(_ suffix: String, _ text: String) throws {
    let folder = Folder.parent(of: recording).dropFirst(root.count + 1)
    try write(folder + "/sub-01_ses-a_task-rest_run-1_\(suffix)", text)
  }

  func open(_ options: OpeningOptions = .none) throws -> any RecordingReader { try Recording.open(path: recording, options: options) }
}
