import Foundation
import MinhangBCI

/// Small recordings of every format that the library writes and reads, for want of a folder of real ones.
enum MadeFiles {
  /// Writes them into a folder.
  ///
  /// - Parameter format: Only the format of this suffix; nil for all.
  static func write(to folder: String, format: String?) throws {
    if format == nil || format == "set" { try MadeDataSets.write(to: folder) }
    try MadeSpikes.write(to: folder, format: format)
    // Packed files are made of the others.
    let isPacked = format == nil || format == "gz"
    for output in RecordingOutput.allCases where isPacked || format == output.rawValue {
      for variant in 0..<3 {
        let path = "\(folder)/made\(variant).\(output.rawValue)"
        do {
          try write(variant, as: output, to: path)
        } catch let error as RecordingError where error.code == .notRepresentable {
          continue
        }
        // What is written but not read is no seed.
        if (try? Recording.open(path: path)) == nil { try? FileManager.default.removeItem(atPath: path) }
      }
    }
    if isPacked || format == "csv" { try Data(dated.utf8).write(to: URL(fileURLWithPath: "\(folder)/dated.csv")) }
    if isPacked || format == "dat" {
      for variant in 0..<3 { try Data(MadeBCI2000.bytes(variant: variant)).write(to: URL(fileURLWithPath: "\(folder)/made\(variant).dat")) }
    }
    if isPacked { pack(["made0.edf", "made2.xdf", "made0.csv", "made0.dat", "made2.dat"], in: folder) }
  }

  /// A table whose times are dates, of which one is the last before another zone.
  private static var dated: String {
    (0..<300).reduce(into: "datetime;C3 (uV);marker\n") { text, row in
      let zone = row < 150 ? "+02:00" : "Z"
      text += "2024-12-31T\(row < 150 ? 12 : 10):59:\(10 + row / 10),\(row % 10)\(zone);\(row * 37 % 101 - 50),25;\(row / 50 % 2)\n"
    }
  }

  /// Packs files, each beside itself, with the system's gzip: its streams have codes of their own.
  private static func pack(_ names: [String], in folder: String) {
    for name in names where FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["gzip", "-9", "-n", "-k", "\(folder)/\(name)"]
      do {
        try process.run()
        process.waitUntilExit()
      } catch { print("no gzip here: there are no packed files to damage") }
    }
  }

  /// A made recording: variant 0 has one rate, 1 two rates, 2 a gap.
  private static func write(_ variant: Int, as output: RecordingOutput, to path: String) throws {
    var plan = SimulationPlan()
    plan.paradigm = .rest
    plan.restDuration = 4
    plan.channelCount = 4
    plan.sampleRate = 128
    plan.seed = UInt64(variant)
    var simulation = try EEGSimulation(plan)
    let signal = simulation.readAll()
    let count = signal.sampleCount
    var channels = simulation.channels.map { channel in
      var channel = channel
      channel.calibration = Calibration(
        digitalMinimum: -32768, digitalMaximum: 32767, physicalMinimum: -3276.8, physicalMaximum: 3276.7)
      channel.sampleCount = count
      return channel
    }
    if variant == 1 {
      channels[3].sampleRate = 64
      channels[3].sampleCount = count / 2
    }
    let spans =
      variant == 2
      ? [TimeSpan(start: 0, duration: 2), TimeSpan(start: 5, duration: Double(count) / 128 - 2)]
      : [TimeSpan(start: 0, duration: Double(count) / 128)]
    let events = [
      Event(onset: 0.5, label: "T1"), Event(onset: 1.25, duration: 0.5, label: "Öffnung"), Event(onset: 1.5, label: "left, \"hand\""),
    ]
    let content = RecordingContent(
      channels: channels, streams: [RecordingStream(name: "", spans: spans)], events: events,
      start: RecordingDate(year: 2021, month: 7, day: 4, hour: 23, minute: 59, second: 58, fraction: 0.25))
    let writer = try output.writer(of: content, to: WritingTarget(path: path, isReplacing: true))
    for group in variant == 1 ? [[0, 1, 2], [3]] : [[0, 1, 2, 3]] {
      let length = channels[group[0]].sampleCount
      var block = SignalBlock(channelCount: group.count, sampleCount: length)
      for (row, channel) in group.enumerated() {
        for sample in 0..<length { block[channel: row, sample: sample] = signal[channel: channel, sample: sample] }
      }
      try writer.write(block, to: group)
    }
    try writer.finish()
  }
}
