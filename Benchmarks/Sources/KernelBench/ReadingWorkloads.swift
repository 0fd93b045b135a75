import Foundation
import MinhangBCI

extension Workload {
  /// Files.
  static let readingWorkloads: [Workload] = [
    Workload(name: "edf_read", summary: "an EDF file of 64 channels, 512 Hz, 20 minutes, read whole into µV") { settings in
      let path = settings.file ?? FileManager.default.temporaryDirectory.appendingPathComponent("minhang-64ch-20min.edf").path
      let recording = try Recording.open(path: path).recording
      let samples = recording.channels[0].sampleCount
      return {
        var reader = try Recording.open(path: path)
        var block = SignalBlock(channelCount: recording.channels.count, sampleCount: samples)
        try reader.read(0..<samples, of: Array(recording.channels.indices), into: &block)
        keep(block)
      }
    }
  ]
}
