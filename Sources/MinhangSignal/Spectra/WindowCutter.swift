import MinhangCore

/// Cuts a stream of blocks into windows of equal length at equal steps, whatever the blocks' sizes; a window never spans a gap.
///
/// Keeps at most one window of each channel. A block of another segment, or one that does not follow on the last sample, starts anew.
struct WindowCutter: Sendable {
  let windowLength: Int
  let step: Int
  let channelCount: Int

  /// Samples of the window that has begun: channel `c` from `c * windowLength`, `filled` of each.
  private var begun: [Double]
  private var filled = 0
  /// Index of the first sample of the next window to be handed out.
  private var windowStart = 0
  private var nextSample: Int?
  private var segment = 0

  /// Values of all begun windows together that fit in memory on any machine that we expect: 2 GB.
  private static let limit = 1 << 28

  init(windowLength: Int, step: Int, channelCount: Int) throws(SignalError) {
    guard channelCount >= 1 else { throw SignalError(.invalidLength, "a spectrum of \(channelCount) channels; expected at least 1") }
    let (values, overflow) = windowLength.multipliedReportingOverflow(by: channelCount)
    guard !overflow, values <= Self.limit else {
      throw SignalError(
        .invalidLength,
        "windows of \(windowLength) samples of \(channelCount) channels are too long; expected at most \(Self.limit / channelCount) samples"
      )
    }
    // The sum of a sample's index and a step must stay a number.
    guard (1...(1 << 40)).contains(step) else {
      throw SignalError(.invalidLength, "the step from window to window is \(step) samples; expected 1…\(1 << 40)")
    }
    self.windowLength = windowLength
    self.step = step
    self.channelCount = channelCount
    begun = [Double](repeating: 0, count: values)
  }

  /// Windows that a block completes: window `i` of channel `c` starts at `samples + c * stride + i * step`.
  struct Run {
    let samples: UnsafePointer<Double>
    let stride: Int
    let count: Int
    /// Index of the first window's first sample.
    let firstSample: Int
  }

  /// Takes a block and calls `body` for the windows that it completes, in order, in one or several runs.
  mutating func add(_ block: SignalBlock, _ body: (Run) -> Void) {
    precondition(block.channelCount == channelCount, "a block of \(block.channelCount) channels; expected \(channelCount)")
    guard !block.isEmpty else { return }
    if nextSample != block.firstSample || segment != block.segment {
      segment = block.segment
      windowStart = block.firstSample
      filled = 0
    }
    nextSample = block.sampleRange.upperBound
    // Taken out and put back, without a copy: the methods below change the other properties meanwhile.
    var rows: [Double] = []
    swap(&rows, &begun)
    defer { swap(&rows, &begun) }
    block.withUnsafeStorage { samples, stride in
      rows.withUnsafeMutableBufferPointer { begun in
        finishBegun(with: block, samples, stride, begun.baseAddress!, body)
        guard filled == 0 else { return }
        let room = block.sampleRange.upperBound - windowStart - windowLength
        if room >= 0 {
          let count = room / step + 1
          let first = samples + (windowStart - block.firstSample)
          body(Run(samples: first, stride: stride, count: count, firstSample: windowStart))
          windowStart += count * step
        }
        keep(block, from: windowStart, samples, stride, begun.baseAddress!)
      }
    }
  }

  /// Completes the windows that began in earlier blocks, as far as this block reaches.
  private mutating func finishBegun(
    with block: SignalBlock, _ samples: UnsafePointer<Double>, _ stride: Int, _ begun: UnsafeMutablePointer<Double>,
    _ body: (Run) -> Void
  ) {
    while filled > 0 {
      let missing = windowLength - filled
      guard missing <= block.sampleCount else { return keep(block, from: block.firstSample, samples, stride, begun) }
      for c in 0..<channelCount { (begun + c * windowLength + filled).update(from: samples + c * stride, count: missing) }
      body(Run(samples: begun, stride: windowLength, count: 1, firstSample: windowStart))
      windowStart += step
      filled = max(0, filled - step)
      for c in 0..<channelCount where filled > 0 {
        let row = begun + c * windowLength
        row.update(from: row + step, count: filled)
      }
    }
  }

  /// Keeps the samples of the block from an index on as the (next) part of the begun window.
  private mutating func keep(
    _ block: SignalBlock, from first: Int, _ samples: UnsafePointer<Double>, _ stride: Int, _ begun: UnsafeMutablePointer<Double>
  ) {
    let count = block.sampleRange.upperBound - first
    guard count > 0 else { return }
    for c in 0..<channelCount {
      (begun + c * windowLength + filled).update(from: samples + c * stride + (first - block.firstSample), count: count)
    }
    filled += count
  }
}
