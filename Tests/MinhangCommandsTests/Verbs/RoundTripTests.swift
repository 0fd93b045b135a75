import Foundation
import MinhangBCI
import Testing

/// Random recordings through every pair of formats that can be written: what the target can hold comes back bit for bit, or within half a step
/// where it stores whole numbers.
struct RoundTripTests {
  static let pairs: [(RecordingOutput, RecordingOutput)] = RecordingOutput.allCases.flatMap { first in
    RecordingOutput.allCases.map { (first, $0) }
  }

  /// What a recording holds, read whole.
  private struct Whole {
    var info: RecordingInfo
    var events: [Event]
    var samples: SignalBlock
    /// For each channel one step of its stored numbers; 0 where they are floats.
    var steps: [Double]

    init(_ path: String) throws {
      var reader = try Recording.open(path: path)
      info = reader.recording
      events = try reader.events()
      samples = try reader.read(0..<info.channels[0].sampleCount, of: Array(info.channels.indices))
      steps = info.channels.map { channel in abs(channel.calibration?.gain ?? 0) * (channel.unit.microvoltsPerUnit ?? 1) }
    }
  }

  /// A recording of three channels with a gap, drawn from a seed; its samples fit 32-bit floats.
  private func write(_ format: RecordingOutput, to path: String, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let rate = [128.0, 200, 250, 500][generator.nextInteger(below: 4)]
    let counts = [Int(rate) * (2 + generator.nextInteger(below: 3)), Int(rate) * (1 + generator.nextInteger(below: 3))]
    let gap = Double(1 + generator.nextInteger(below: 1000)) / rate
    let spans = [
      TimeSpan(start: 0, duration: Double(counts[0]) / rate),
      TimeSpan(start: Double(counts[0]) / rate + gap, duration: Double(counts[1]) / rate),
    ]
    let calibration = format.storedIntegers.map {
      Calibration(digitalMinimum: $0.lowerBound, digitalMaximum: $0.upperBound, physicalMinimum: -512, physicalMaximum: 512)
    }
    let channels = ["C3", "Cz", "C4"].enumerated().map { index, name in
      Channel(index: index, name: name, sampleRate: rate, sampleCount: counts[0] + counts[1], calibration: calibration)
    }
    let events = (0..<8).map { number in
      Event(
        onset: Double(number * 31) / rate, duration: number.isMultiple(of: 2) ? Double(1 + number) / rate : nil,
        label: ["left_hand", "right_hand", "S 12"][number % 3])
    }
    let content = RecordingContent(
      channels: channels, streams: [RecordingStream(spans: spans)], events: events,
      start: RecordingDate(year: 2024, month: 5, day: 17, hour: 9, minute: 30, second: 12))
    let writer = try format.writer(of: content, to: WritingTarget(path: path))
    var first = 0
    for (segment, count) in counts.enumerated() {
      var block = SignalBlock(channelCount: 3, sampleCount: count, firstSample: first, segment: segment)
      for channel in 0..<3 {
        for sample in 0..<count { block[channel: channel, sample: sample] = Double(Float(50 * generator.nextNormal())) }
      }
      try writer.write(block, to: [0, 1, 2])
      first += count
    }
    try writer.finish()
  }

  @Test(arguments: pairs) func `a recording comes back from every pair of formats`(from: RecordingOutput, to: RecordingOutput) throws {
    let folder = try TemporaryFolder()
    for seed: UInt64 in 1...3 {
      let (first, second) = (folder.path("a\(seed).\(from.rawValue)"), folder.path("b\(seed).\(to.rawValue)"))
      try write(from, to: first, seed: seed)
      let outcome = try Tool.run("convert", first, second)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let (source, target) = (try Whole(first), try Whole(second))
      let cannotHold = outcome.errors.split(separator: "\n").filter { $0.contains("cannot hold") }.joined(separator: "\n")

      #expect(target.info.channels.map(\.name) == source.info.channels.map(\.name))
      #expect(target.info.channels.map(\.signalUnit) == source.info.channels.map(\.signalUnit))
      #expect(target.info.channels.map(\.sampleRate) == source.info.channels.map(\.sampleRate))
      #expect(target.info.start == source.info.start || cannotHold.contains("start"))
      #expect(target.info.spans.count == source.info.spans.count)
      for (a, b) in zip(source.info.timeline(of: 0).segments, target.info.timeline(of: 0).segments) {
        #expect(a.sampleCount == b.sampleCount && a.firstSample == b.firstSample)
        // Times are stored in nanoseconds at the coarsest.
        #expect(abs(a.start - b.start) <= 1e-9)
      }

      if !cannotHold.contains("event") {
        #expect(target.events.map(\.label) == source.events.map(\.label))
        for (a, b) in zip(source.events, target.events) {
          #expect(abs(a.onset - b.onset) <= 1e-9)
          if let duration = a.duration, !cannotHold.contains("duration") { #expect(abs(duration - (b.duration ?? 0)) <= 1e-9) }
        }
      }

      for channel in 0..<3 {
        let (a, b) = (source.samples.channel(channel), target.samples.channel(channel))
        try #require(a.count == b.count)
        let largest = zip(a, b).map { abs($0 - $1) }.max() ?? 0
        // Half a step, and the rounding of the sum that turns a stored number into microvolts.
        let allowed = target.steps[channel] == source.steps[channel] ? 0 : target.steps[channel] / 2 + 1024 * 0x1p-52
        let single = cannotHold.contains("precision") ? 512 * 0x1p-24 : 0
        #expect(largest <= max(allowed, single), "\(from.rawValue) to \(to.rawValue): off by \(largest), step \(target.steps[channel])")
      }
    }
  }
}
