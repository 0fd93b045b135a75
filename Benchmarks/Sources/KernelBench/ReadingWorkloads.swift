import Foundation
import MinhangBCI

extension Workload {
  /// Files.
  static let readingWorkloads: [Workload] = [
    Workload(
      name: "edf_read",
      summary: "an EDF file of 64 channels, 512 Hz, 20 minutes, opened and read whole into µV, into one block that is reused"
    ) { settings in
      let path = settings.file ?? FileManager.default.temporaryDirectory.appendingPathComponent("minhang-64ch-20min.edf").path
      if !FileManager.default.fileExists(atPath: path) { try writeRecording(path) }
      let recording = try Recording.open(path: path).recording
      let samples = recording.channels[0].sampleCount
      // 314 MB of new pages cost the system more than the reading: who reads file after file keeps the block, as `read(_:of:into:)` invites to.
      var block = SignalBlock(channelCount: recording.channels.count, sampleCount: samples)
      return {
        var reader = try Recording.open(path: path)
        try reader.read(0..<samples, of: Array(recording.channels.indices), into: &block)
        keep(block)
      }
    }
  ]

  /// Writes what the peers' script writes: 64 channels of normal samples with a deviation of 50 µV, 512 Hz, 20 minutes.
  private static func writeRecording(_ path: String) throws {
    let (rate, seconds) = (512, 1200)
    let calibration = Calibration(digitalMinimum: -32768, digitalMaximum: 32767, physicalMinimum: -500, physicalMaximum: 500)
    let channels = (0..<Shape.channels).map {
      Channel(index: $0, name: "EEG \($0)", sampleRate: Double(rate), sampleCount: rate * seconds, calibration: calibration)
    }
    let writer = try EDFWriter(path: path, family: .edf, channels: channels)
    var block = SignalBlock(channelCount: Shape.channels, sampleCount: rate)
    var generator = SeededGenerator(seed: 1)
    for second in 0..<seconds {
      block.firstSample = second * rate
      for c in 0..<Shape.channels { for i in 0..<rate { block[channel: c, sample: i] = 50 * generator.nextNormal() } }
      try writer.write(block, to: Array(channels.indices))
    }
    try writer.finish()
  }
}
