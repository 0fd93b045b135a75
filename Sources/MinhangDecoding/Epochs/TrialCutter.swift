import MinhangCore

/// Cuts windows out of a stream of filtered blocks as they pass: the same for a file and for a live signal, for any cutting into blocks.
public struct TrialCutter: Sendable {
  private let plan: [TrialPlan.Trial]
  private let channelCount: Int
  /// Windows that have begun and not ended, by place in the plan.
  private var open: [(place: Int, window: SignalBlock)] = []
  private var next = 0

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
  /// Blocks come in the order of their samples.
  ///
  /// - Parameters:
  ///   - block: `[channels × samples]`.
  ///   - body: Called with the place of the trial in the plan and its window, `[channels × samples]`.
  public mutating func add(_ block: SignalBlock, _ body: (_ place: Int, _ window: SignalBlock) throws -> Void) rethrows {
    precondition(block.channelCount == channelCount, "a block of \(block.channelCount) channels for a cutter of \(channelCount)")
    let range = block.sampleRange
    while next < plan.count, plan[next].samples.lowerBound < range.upperBound {
      let trial = plan[next]
      open.append(
        (
          next,
          SignalBlock(
            channelCount: channelCount, sampleCount: trial.samples.count, firstSample: trial.samples.lowerBound, segment: trial.segment)
        ))
      next += 1
    }
    for i in open.indices { Self.copy(block, into: &open[i].window) }
    while let first = open.first, plan[first.place].samples.upperBound <= range.upperBound {
      open.removeFirst()
      try body(first.place, first.window)
    }
  }

  /// Windows that have begun and wait for their last samples.
  public var pendingCount: Int { open.count }

  private static func copy(_ block: SignalBlock, into window: inout SignalBlock) {
    let shared = block.sampleRange.clamped(to: window.sampleRange)
    guard !shared.isEmpty else { return }
    let (from, to) = (shared.lowerBound - block.firstSample, shared.lowerBound - window.firstSample)
    let channels = block.channelCount
    block.withUnsafeStorage { source, sourceStride in
      window.withUnsafeMutableStorage { target, targetStride in
        for c in 0..<channels { (target + c * targetStride + to).update(from: source + c * sourceStride + from, count: shared.count) }
      }
    }
  }
}
