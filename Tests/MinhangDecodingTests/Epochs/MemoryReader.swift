import MinhangCore
import MinhangRecordings

/// A recording in memory, for tests.
struct MemoryReader: RecordingReader {
  let recording: RecordingInfo
  private let list: [Event]
  private let samples: [[Double]]
  private let segments: [Segment]

  /// - Parameter spans: Unbroken stretches; nil: one.
  init(
    path: String, channels: [Channel], samples: [[Double]], events: [Event], spans: [TimeSpan]? = nil
  ) {
    let rate = channels[0].sampleRate
    let count = samples[0].count
    var channels = channels
    for i in channels.indices {
      channels[i].index = i
      channels[i].sampleCount = count
    }
    let spans = spans ?? [TimeSpan(start: 0, duration: Double(count) / rate)]
    recording = RecordingInfo(
      format: RecordingFormat("memory"), path: path, byteCount: 0, start: nil, duration: spans.last?.end ?? 0, channels: channels,
      spans: spans)
    list = events
    self.samples = samples
    segments = recording.timeline(of: 0).segments
  }

  func events() throws(RecordingError) -> [Event] { list }

  mutating func read(_ range: Range<Int>, of channels: [Int], into block: inout SignalBlock) throws(RecordingError) {
    block.resize(channelCount: channels.count, sampleCount: range.count)
    block.firstSample = range.lowerBound
    block.segment = segments.firstIndex { $0.sampleRange.contains(range.lowerBound) } ?? 0
    for (row, channel) in channels.enumerated() {
      for (t, sample) in range.enumerated() { block[channel: row, sample: t] = samples[channel][sample] }
    }
  }

  /// Random channels at 100 Hz with cues `T1 T2 T1 …` every three seconds from 2 s on; each class has a strong channel of its own.
  static func random(
    _ path: String, seconds: Int = 40, names: [String] = ["C3", "Cz", "C4", "Pz"], seed: UInt64 = 1, rate: Double = 100,
    spans: [TimeSpan]? = nil, change: (inout [[Double]]) -> Void = { _ in }
  ) -> MemoryReader {
    var generator = SeededGenerator(seed: seed)
    let count = Int(Double(seconds) * rate)
    var events: [Event] = []
    for (place, onset) in stride(from: 2.0, to: Double(seconds) - 3, by: 3).enumerated() {
      events.append(Event(onset: onset, label: "T\(place % 2 + 1)"))
      events.append(Event(onset: onset + 2, label: "T0"))
    }
    var samples = names.map { _ in [Double]() }
    for t in 0..<count {
      let time = Double(t) / rate
      let active = events.last { $0.onset <= time }?.label
      for c in names.indices {
        let gain: Double = (active == "T1" && c == 0) || (active == "T2" && c == 2) ? 2.5 : 1
        samples[c].append(10 * gain * generator.nextNormal() + 100 * Double(c))
      }
    }
    change(&samples)
    return MemoryReader(
      path: path, channels: names.map { Channel(index: 0, name: $0, sampleRate: rate) }, samples: samples, events: events, spans: spans)
  }
}
