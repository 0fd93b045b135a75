import MinhangBCI

/// Runs planned stages over a recording and hands out the result block by block, as often as it is asked for.
struct FilterRun {
  var recording: OpenedRecording
  var filter: PlannedFilter
  var threads: Int

  private var origin: Int { recording.samples.lowerBound }

  /// A function that passes over the filtered signal.
  func pass() throws -> SignalExport.Pass {
    filter.needsWholeSignal ? try wholePass() : causalPass()
  }

  private func causalPass() -> SignalExport.Pass {
    let stages = filter.stages.compactMap { stage -> (any CausalStage)? in if case .causal(let causal) = stage { causal } else { nil } }
    return { body in
      var chain = CausalChain(stages)
      var segment: Int?
      try recording.forEachBlock { block in
        if block.segment != segment { chain.reset() }
        segment = block.segment
        chain.process(&block)
        try body(&block)
      }
    }
  }

  /// Whole channels at a time through a scratch file: forward and backward needs the end before the beginning is done.
  private func wholePass() throws -> SignalExport.Pass {
    var scratch = try ScratchSignal(channelCount: recording.channels.count, sampleCount: recording.samples.count, for: recording.path)
    try recording.forEachBlock { try scratch.write($0, at: $0.firstSample - origin) }
    for stage in filter.stages {
      switch stage {
      case .whole(let transform): try apply(transform, to: scratch)
      case .causal(let stage): scratch = try apply(stage, to: scratch)
      }
    }
    let result = scratch
    return { body in try forEachBlock(of: result, body) }
  }

  /// Runs a causal stage over a signal on disk, anew in each segment; into a new one where the number of channels changes.
  private func apply(_ stage: any CausalStage, to scratch: ScratchSignal) throws -> ScratchSignal {
    var stage = stage
    var result: ScratchSignal?
    var segment: Int?
    try forEachBlock(of: scratch) { block in
      if block.segment != segment { stage.reset() }
      segment = block.segment
      stage.process(&block)
      let target =
        try result
        ?? (block.channelCount == scratch.channelCount
          ? scratch : ScratchSignal(channelCount: block.channelCount, sampleCount: scratch.sampleCount, for: recording.path))
      result = target
      try target.write(block, at: block.firstSample - origin)
    }
    return result ?? scratch
  }

  /// Applies a transform to each segment, a few channels at a time.
  private func apply(_ transform: any WholeSignalTransform, to scratch: ScratchSignal) throws {
    for (index, segment) in recording.timeline.segments.enumerated() {
      let wanted = segment.sampleRange.clamped(to: recording.samples)
      guard !wanted.isEmpty else { continue }
      // Eight channels at a time where they fit in 24 MB, fewer of a longer recording.
      let group = max(1, min(8, 3_000_000 / wanted.count))
      let place = (wanted.lowerBound - origin)..<(wanted.upperBound - origin)
      let groups = (scratch.channelCount + group - 1) / group
      _ = try concurrentMap(count: groups, threads: threads) { (turn) throws(any Error) in
        var block = SignalBlock(channelCount: 0, sampleCount: 0)
        let channels = (turn * group)..<min((turn + 1) * group, scratch.channelCount)
        try scratch.read(place, channels: channels, into: &block)
        do throws(SignalError) {
          try transform.apply(to: &block)
        } catch {
          throw CommandFailure(.badData, "\(recording.path): segment \(index), from sample \(wanted.lowerBound): \(error.description)")
        }
        try scratch.write(block, at: place.lowerBound, firstChannel: channels.lowerBound)
      }
    }
  }

  private func forEachBlock(of scratch: ScratchSignal, _ body: (inout SignalBlock) throws -> Void) throws {
    var block = SignalBlock(channelCount: 0, sampleCount: 0)
    for (index, segment) in recording.timeline.segments.enumerated() {
      let wanted = segment.sampleRange.clamped(to: recording.samples)
      for first in stride(from: wanted.lowerBound, to: wanted.upperBound, by: recording.blockSize) {
        let end = min(first + recording.blockSize, wanted.upperBound)
        try scratch.read((first - origin)..<(end - origin), channels: 0..<scratch.channelCount, into: &block)
        block.firstSample = first
        block.segment = index
        try body(&block)
      }
    }
  }
}
