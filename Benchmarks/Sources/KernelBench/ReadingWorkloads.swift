import Foundation
import MinhangBCI

extension Workload {
  /// Files: opened and read whole into µV, into one block that is reused.
  static let readingWorkloads: [Workload] = [
    reading(
      "edf_read", "an EDF file of 64 channels, 512 Hz, 20 minutes", file: "minhang-64ch-20min.edf", rate: 512, seconds: 1200, range: 500),
    reading(
      "bdf_read", "a BDF file of 64 channels, 512 Hz, 10 minutes", file: "minhang-64ch-10min.bdf", rate: 512, seconds: 600, range: 5000),
    reading(
      "brainvision_read", "a BrainVision file of 64 channels, 512 Hz, 10 minutes, 32-bit floats", file: "minhang-64ch-10min.vhdr",
      rate: 512, seconds: 600, range: nil),
    reading(
      "xdf_read", "an XDF file of one stream of 64 channels, 500 Hz, 5 minutes, every time stamp written", file: "minhang-64ch-5min.xdf",
      rate: 500, seconds: 300, range: nil),
  ]

  /// A workload on a file of the temporary folder: the one that the peers' script made there, else one of our own.
  private static func reading(
    _ name: String, _ what: String, file: String, rate: Int, seconds: Int, range: Double?
  ) -> Workload {
    Workload(name: name, summary: "\(what), opened and read whole into µV, into one block that is reused") { settings in
      let path = settings.file ?? FileManager.default.temporaryDirectory.appendingPathComponent(file).path
      if !FileManager.default.fileExists(atPath: path) { try write(path, rate: rate, seconds: seconds, range: range) }
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
  }

  /// Writes what the peers' script writes: 64 channels of normal samples with a deviation of 50 µV.
  private static func write(_ path: String, rate: Int, seconds: Int, range: Double?) throws {
    guard let format = RecordingOutput(path: path) else { preconditionFailure("no writer for \(path)") }
    let calibration = range.flatMap { range in
      format.storedIntegers.map {
        Calibration(digitalMinimum: $0.lowerBound, digitalMaximum: $0.upperBound, physicalMinimum: -range, physicalMaximum: range)
      }
    }
    let channels = (0..<Shape.channels).map {
      Channel(index: $0, name: "EEG \($0)", sampleRate: Double(rate), sampleCount: rate * seconds, calibration: calibration)
    }
    let content = RecordingContent(channels: channels, streams: [RecordingStream(spans: [TimeSpan(start: 0, duration: Double(seconds))])])
    let writer = try format.writer(of: content, to: WritingTarget(path: path))
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
