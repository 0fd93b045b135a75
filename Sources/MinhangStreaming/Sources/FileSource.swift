import MinhangCore
import MinhangRecordings

/// How fast a recording is played back.
public enum ReplaySpeed: Sendable, Hashable {
  /// As fast as it can be read and decoded.
  case maximum
  /// This many times as fast as it was recorded; 1 is real time.
  case factor(Double)

  /// The speeds that a recording can be played at, times as fast as it was recorded.
  public static let factors = 1e-3...1e6

  /// Reads the option's text: `max`, or a number of `factors`.
  public init?(_ text: String) {
    if text == "max" {
      self = .maximum
    } else if let factor = Double(text), Self.factors.contains(factor) {
      self = .factor(factor)
    } else {
      return nil
    }
  }
}

/// A recording played back block by block.
///
/// Each block is handed out when its last sample would have been recorded, at the chosen speed; gaps of the recording are waited for. Blocks
/// end at the borders of segments.
public struct FileSource<ReplayClock: Clock>: SignalSource where ReplayClock.Duration == Duration {
  /// Samples a second, Hz.
  public let sampleRate: Double

  private var reader: any RecordingReader
  private let channels: [Int]
  private let timeline: Timeline
  private let end: Int
  private let blockSize: Int
  private let speed: ReplaySpeed
  private let clock: ReplayClock
  private var position: Int
  private var started: (instant: ReplayClock.Instant, time: Double)?

  /// Makes a source.
  ///
  /// - Parameters:
  ///   - reader: The open recording.
  ///   - channels: Indices of the channels to hand out, all of one sampling rate, not empty.
  ///   - samples: Which samples; nil for all.
  ///   - blockSize: Samples of a block at most, 1 or more.
  ///   - speed: How fast.
  ///   - clock: What paces the playback; tests hand in their own.
  public init(
    reader: any RecordingReader, channels: [Int], samples: Range<Int>? = nil, blockSize: Int, speed: ReplaySpeed, clock: ReplayClock
  ) {
    precondition(!channels.isEmpty && blockSize > 0, "\(channels.count) channels in blocks of \(blockSize)")
    self.reader = reader
    self.channels = channels
    self.timeline = reader.recording.timeline(of: channels[0])
    self.sampleRate = timeline.sampleRate
    let range = (samples ?? 0..<timeline.sampleCount).clamped(to: 0..<timeline.sampleCount)
    self.position = range.lowerBound
    self.end = range.upperBound
    self.blockSize = blockSize
    self.speed = speed
    self.clock = clock
  }

  /// Waits until the next block is due and reads it.
  public mutating func next(into block: inout SignalBlock) async throws(StreamingError) -> Double? {
    guard position < end, let segment = timeline.segmentIndex(ofSample: position) else { return nil }
    let blockEnd = min(end, position + min(blockSize, end - position), timeline.segments[segment].sampleRange.upperBound)
    let startTime = timeline.time(ofSample: position)
    if case .factor(let factor) = speed {
      let begin = started ?? (clock.now, startTime)
      started = begin
      let lastTime = startTime + Double(blockEnd - position) / sampleRate
      do {
        try await clock.sleep(until: begin.instant.advanced(by: .seconds((lastTime - begin.time) / factor)), tolerance: nil)
      } catch {
        return nil  // cancelled: the stream ends here
      }
    }
    do {
      try reader.read(position..<blockEnd, of: channels, into: &block)
    } catch {
      throw StreamingError(.inputOutput, error.description)
    }
    position = blockEnd
    return startTime
  }
}
