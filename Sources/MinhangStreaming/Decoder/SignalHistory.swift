import MinhangCore

/// The last samples of an unbroken run: enough for every window that ends in the newest block.
///
/// Memory is one window and one block of the largest size seen. Windows are handed out as copies, so that what is computed from them cannot
/// depend on where in the history they lay.
struct SignalHistory: Sendable {
  /// Length of the windows, samples.
  let windowLength: Int
  /// Index of the sample after the last one held.
  private(set) var end = 0
  private var buffer: SignalBlock
  private var count = 0

  init(channelCount: Int, windowLength: Int) {
    self.windowLength = windowLength
    self.buffer = SignalBlock(channelCount: channelCount, sampleCount: windowLength)
  }

  /// Forgets everything: the next sample begins a new run.
  mutating func restart(at sample: Int) {
    count = 0
    end = sample
  }

  /// Adds the samples of a block, which must follow the last one held.
  mutating func append(_ block: SignalBlock) {
    precondition(block.firstSample == end, "samples from \(block.firstSample) cannot follow sample \(end)")
    precondition(block.channelCount == buffer.channelCount, "\(block.channelCount) channels for a history of \(buffer.channelCount)")
    let kept = min(count, windowLength)
    let dropped = count - kept
    reserve(kept + block.sampleCount)
    buffer.withUnsafeMutableStorage { rows, stride in
      block.withUnsafeStorage { newRows, newStride in
        for c in 0..<block.channelCount {
          let row = rows + c * stride
          if dropped > 0 { row.update(from: row + dropped, count: kept) }
          (row + kept).update(from: newRows + c * newStride, count: block.sampleCount)
        }
      }
    }
    count = kept + block.sampleCount
    end += block.sampleCount
  }

  private mutating func reserve(_ capacity: Int) {
    guard capacity > buffer.sampleCount else { return }
    var larger = SignalBlock(channelCount: buffer.channelCount, sampleCount: capacity)
    larger.withUnsafeMutableStorage { rows, stride in
      buffer.withUnsafeStorage { oldRows, oldStride in
        for c in 0..<buffer.channelCount { (rows + c * stride).update(from: oldRows + c * oldStride, count: count) }
      }
    }
    buffer = larger
  }

  /// The window of samples before `sample`, or nil if the run does not reach back far enough.
  func window(endingAt sample: Int) -> SignalBlock? {
    let last = count - (end - sample)
    guard sample <= end, last >= windowLength else { return nil }
    var window = SignalBlock(channelCount: buffer.channelCount, sampleCount: windowLength, firstSample: sample - windowLength)
    window.withUnsafeMutableStorage { to, stride in
      buffer.withUnsafeStorage { from, fromStride in
        for c in 0..<buffer.channelCount {
          (to + c * stride).update(from: from + c * fromStride + last - windowLength, count: windowLength)
        }
      }
    }
    return window
  }
}
