import MinhangCore

/// Cuts windows out of a stream of filtered blocks as they pass: the same for a file and for a live signal, for any cutting into blocks.
public struct TrialCutter: Sendable {
  private let plan: [TrialPlan.Trial]
  private let channelCount: Int
  /// A window that has begun and not ended.
  private struct Pending: Sendable {
    let place: Int
    var window: SignalBlock
    var filled = 0
  }
  private var pending: [Pending] = []
  private var spare: [SignalBlock] = []
  private var next = 0

  /// Whether a window's memory is used again after it was handed out; a window that is kept is then copied.
  public var recyclesWindows = false

  /// Makes a cutter.
  ///
  /// - Parameters:
  ///   - trials: The windows, in the order of their first samples.
  ///   - channelCount: Number of channels of the blocks to come.
  public init(_ trials: [TrialPlan.Trial], channelCount: Int) {
    plan = trials
    self.channelCount = channelCount
  }

  /// Takes a block and hands out the windows that it completes, in the order in which they begin.
  ///
  /// Blocks come in the order of their samples, those of one segment without a hole between them; a window that misses samples is dropped.
  ///
  /// - Parameters:
  ///   - block: `[channels × samples]`.
  ///   - body: Called with the place of the trial in the plan and its window, `[channels × samples]`.
  public mutating func add(_ block: SignalBlock, _ body: (_ place: Int, _ window: SignalBlock) throws -> Void) rethrows {
    precondition(block.channelCount == channelCount, "a block of \(block.channelCount) channels for a cutter of \(channelCount)")
    let end = block.sampleRange.upperBound
    while next < plan.count, plan[next].samples.lowerBound < end {
      pending.append(Pending(place: next, window: window(for: plan[next])))
      next += 1
    }
    for i in pending.indices { pending[i].filled += Self.copy(block, into: &pending[i].window) }
    while let first = pending.first, plan[first.place].samples.upperBound <= end {
      let done = pending.removeFirst()
      if done.filled == done.window.sampleCount { try body(done.place, done.window) }
      if recyclesWindows { spare.append(done.window) }
    }
  }

  /// Windows that have begun and wait for their last samples.
  public var pendingCount: Int { pending.count }

  private mutating func window(for trial: TrialPlan.Trial) -> SignalBlock {
    var window = spare.popLast() ?? SignalBlock(channelCount: channelCount, sampleCount: trial.samples.count)
    window.resize(channelCount: channelCount, sampleCount: trial.samples.count)
    window.firstSample = trial.samples.lowerBound
    window.segment = trial.segment
    return window
  }

  /// Copies the samples that both have; returns how many.
  private static func copy(_ block: SignalBlock, into window: inout SignalBlock) -> Int {
    let shared = block.sampleRange.clamped(to: window.sampleRange)
    guard !shared.isEmpty else { return 0 }
    let (from, to) = (shared.lowerBound - block.firstSample, shared.lowerBound - window.firstSample)
    let channels = block.channelCount
    block.withUnsafeStorage { source, sourceStride in
      window.withUnsafeMutableStorage { target, targetStride in
        for c in 0..<channels { (target + c * targetStride + to).update(from: source + c * sourceStride + from, count: shared.count) }
      }
    }
    return shared.count
  }
}
