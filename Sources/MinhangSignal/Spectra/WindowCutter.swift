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

  init(windowLength: Int, step: Int, channelCount: Int) {
    self.windowLength = windowLength
    self.step = step
    self.channelCount = channelCount
    begun = [Double](repeating: 0, count: windowLength * channelCount)
  }

  /// Takes a block and calls `body` for every window that it completes: channel `c` of the window starts at `samples + c * stride`.
  mutating func add(_ block: SignalBlock, _ body: (_ samples: UnsafePointer<Double>, _ stride: Int, _ firstSample: Int) -> Void) {
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
        while windowStart + windowLength <= block.sampleRange.upperBound {
          body(samples + (windowStart - block.firstSample), stride, windowStart)
          windowStart += step
        }
        keep(block, from: windowStart, samples, stride, begun.baseAddress!)
      }
    }
  }

  /// Completes the windows that began in earlier blocks, as far as this block reaches.
  private mutating func finishBegun(
    with block: SignalBlock, _ samples: UnsafePointer<Double>, _ stride: Int, _ begun: UnsafeMutablePointer<Double>,
    _ body: (UnsafePointer<Double>, Int, Int) -> Void
  ) {
    while filled > 0 {
      let missing = windowLength - filled
      guard missing <= block.sampleCount else { return keep(block, from: block.firstSample, samples, stride, begun) }
      for c in 0..<channelCount { (begun + c * windowLength + filled).update(from: samples + c * stride, count: missing) }
      body(begun, windowLength, windowStart)
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
