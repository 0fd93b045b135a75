import MinhangCore
import MinhangRecordings
import MinhangStreaming
import Testing

/// A recording in memory whose samples say where they lie: `1000 · channel + index`.
private struct CountingReader: RecordingReader {
  var recording: RecordingInfo

  init(spans: [TimeSpan], sampleRate: Double) {
    let count = Int(spans.map { $0.duration * sampleRate }.reduce(0, +))
    let channels = (0..<3).map { Channel(index: $0, name: "c\($0)", sampleRate: sampleRate, sampleCount: count) }
    recording = RecordingInfo(
      format: RecordingFormat("memory"), path: "memory", byteCount: 0, start: nil, duration: spans.last?.end ?? 0, channels: channels,
      spans: spans)
  }

  func events() -> [Event] { [] }

  mutating func read(_ samples: Range<Int>, of channels: [Int], into block: inout SignalBlock) throws(RecordingError) {
    block.resize(channelCount: channels.count, sampleCount: samples.count)
    block.firstSample = samples.lowerBound
    block.segment = recording.timeline(of: 0).segmentIndex(ofSample: samples.lowerBound) ?? 0
    for (row, channel) in channels.enumerated() {
      for (i, sample) in samples.enumerated() { block[channel: row, sample: i] = Double(1000 * channel + sample) }
    }
  }
}

/// A clock that nobody waits for: sleeping moves it.
private final class ManualClock: Clock, @unchecked Sendable {  // used by one task at a time in these tests
  struct Instant: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (a: Instant, b: Instant) -> Bool { a.offset < b.offset }
  }

  var now = Instant(offset: .zero)
  let minimumResolution = Duration.zero

  func sleep(until deadline: Instant, tolerance: Duration?) async throws { now = max(now, deadline) }
}

struct FileSourceTests {
  private let spans = [TimeSpan(start: 0, duration: 1), TimeSpan(start: 5, duration: 0.5)]

  @Test func `blocks end at gaps and hold the channels asked for`() async throws {
    var source = FileSource(
      reader: CountingReader(spans: spans, sampleRate: 100), channels: [2, 0], blockSize: 40, speed: .maximum, clock: ManualClock())
    var (ranges, times): ([Range<Int>], [Double]) = ([], [])
    var block = SignalBlock(channelCount: 0, sampleCount: 0)
    while let time = try await source.next(into: &block) {
      ranges.append(block.sampleRange)
      times.append(time)
      #expect(block[channel: 0, sample: 0] == Double(2000 + block.firstSample))
      #expect(block[channel: 1, sample: 0] == Double(block.firstSample))
    }
    #expect(ranges == [0..<40, 40..<80, 80..<100, 100..<140, 140..<150])
    #expect(times == [0, 0.4, 0.8, 5, 5.4])
  }

  @Test(arguments: [(1.0, 5.5), (2.0, 2.75), (0.5, 11.0)])
  func `a block is due when its last sample would have come, at the speed chosen`(speed: Double, total: Double) async throws {
    let clock = ManualClock()
    var source = FileSource(
      reader: CountingReader(spans: spans, sampleRate: 100), channels: [0], blockSize: 50, speed: .factor(speed), clock: clock)
    var block = SignalBlock(channelCount: 0, sampleCount: 0)
    _ = try await source.next(into: &block)
    #expect(clock.now.offset == .seconds(0.5 / speed))
    while try await source.next(into: &block) != nil {}
    #expect(clock.now.offset == .seconds(total))
  }

  @Test func `a stretch of a recording is played alone`() async throws {
    var source = FileSource(
      reader: CountingReader(spans: spans, sampleRate: 100), channels: [0], samples: 90..<120, blockSize: 1000, speed: .maximum,
      clock: ManualClock())
    var block = SignalBlock(channelCount: 0, sampleCount: 0)
    #expect(try await source.next(into: &block) == 0.9)
    #expect(block.sampleRange == 90..<100)
    #expect(try await source.next(into: &block) == 5)
    #expect(block.sampleRange == 100..<120)
    #expect(try await source.next(into: &block) == nil)
  }

  @Test func `speeds read as people write them`() {
    #expect(ReplaySpeed("max") == .maximum)
    #expect(ReplaySpeed("2.5") == .factor(2.5))
    for text in ["0", "-1", "1e-308", "1e308", "inf", "nan", "fast", ""] { #expect(ReplaySpeed(text) == nil) }
  }
}
