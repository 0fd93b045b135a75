import MinhangAlgebra
import MinhangCore

/// Artifact subspace reconstruction that runs live, its state carried from block to block.
///
/// Every `updateInterval` samples, counted from the start of the segment, the covariance of the last `updateInterval` shaped samples joins those
/// of the last `memory` samples; their weighted geometric median (weights fall to 1/20 over the memory) decides which directions are removed.
/// The output fades over `updateInterval` samples, by a raised cosine, from the last reconstruction to the new one. The updates lie at fixed
/// sample positions, so the output has the same bits for any cutting into blocks.
///
/// **Latency, precisely:** the output is the input `lookahead` samples ago, and nothing else delays it. The fade to an update begins with the
/// sample that is due when the update's last sample arrives, so with `lookahead = updateInterval − 1` (the default) each stretch is cleaned with
/// its own statistics: the output then equals `meegkit.asr.ASR(method="euclid").transform` called on successive stretches of
/// `updateInterval` samples. With `lookahead = 0` nothing is delayed, and an artefact is removed only from the update after its onset on. The
/// first `lookahead` samples of a segment are zeros; the last `lookahead` samples of a segment do not come out (they would need the future).
///
/// The input should be high-passed. Mixes channels: a value that is not finite stays what it is in its own channel; for the statistics and for
/// the other channels it counts as the channel's last finite value, 0 before the first.
///
/// O(channels²) a sample where something is removed, O(channels · sections) else, and O(channels³) an update. All memory is taken when the stage
/// is made and on its first block; after that nothing is allocated, at an update no more than between updates, except for a list of values that
/// are not finite, which grows to the most that are on their way at a time, and for the error of a decomposition that fails.
public struct CausalSubspaceReconstruction: CausalStage {
  /// The calibration that runs.
  public let fitted: FittedSubspaceReconstruction
  /// Samples from update to update.
  public let updateInterval: Int
  /// Samples whose covariances an update uses.
  public let memory: Int
  /// Samples by which the output is delayed, 0 … `updateInterval − 1`.
  public let lookahead: Int
  /// Number of updates since the start.
  public private(set) var updateCount = 0
  /// Number of updates at which at least one direction was removed.
  public private(set) var reconstructedUpdateCount = 0
  /// Number of updates whose decomposition failed, so that the reconstruction before them stayed.
  public private(set) var failedUpdateCount = 0

  private var line: ReconstructionLine
  private var shaping: SectionCascade
  private var shaped: [Double] = []
  private var filled = 0
  private var recent: RecentCovariances
  private var solver: ReconstructionSolver
  private var segment: Int?

  /// Makes a running stage.
  ///
  /// - Parameters:
  ///   - fitted: The calibration.
  ///   - updateInterval: Samples from update to update, at least 2; nil: half a second.
  ///   - memory: Samples whose covariances an update uses, at least 1; nil: two seconds.
  ///   - lookahead: Samples by which the output is delayed, 0 … `updateInterval − 1`; nil: `updateInterval − 1`.
  /// - Throws: `SignalError` with `.invalidLength`.
  public init(
    _ fitted: FittedSubspaceReconstruction, updateInterval: Int? = nil, memory: Int? = nil, lookahead: Int? = nil
  ) throws(SignalError) {
    let interval = updateInterval ?? Int(fitted.sampleRate / 2)
    guard (2...(1 << 20)).contains(interval) else {
      throw SignalError(.invalidLength, "ASR updates every \(interval) samples; expected 2…\(1 << 20)")
    }
    let remembered = memory ?? Int(2 * fitted.sampleRate)
    guard (1...(1 << 30)).contains(remembered) else {
      throw SignalError(.invalidLength, "the memory of ASR is \(remembered) samples; expected 1…\(1 << 30)")
    }
    let ahead = lookahead ?? (interval - 1)
    guard (0..<interval).contains(ahead) else {
      throw SignalError(.invalidLength, "ASR looks \(ahead) samples ahead; expected 0…\(interval - 1), less than the update interval")
    }
    recent = try RecentCovariances(channelCount: fitted.channelCount, interval: interval, memory: remembered)
    solver = ReconstructionSolver(fitted)
    self.fitted = fitted
    self.updateInterval = interval
    self.memory = remembered
    self.lookahead = ahead
    shaping = SectionCascade(fitted.shapingFilter)
    line = ReconstructionLine(channelCount: fitted.channelCount, interval: interval, delay: ahead)
  }

  /// `lookahead`.
  public var latency: Int { lookahead }

  /// Cleans a block in place.
  ///
  /// - Precondition: the block has the calibration's number of channels.
  public mutating func process(_ block: inout SignalBlock) {
    guard !block.isEmpty else { return }
    let channels = fitted.channelCount
    precondition(block.channelCount == channels, "a block of \(block.channelCount) channels for an ASR of \(channels)")
    let starts = segment != block.segment
    if starts {
      reset()
      segment = block.segment
      if shaped.isEmpty { shaped = [Double](repeating: 0, count: channels * updateInterval) }
      shaping.allocate(channelCount: channels)
    }
    let count = block.sampleCount
    block.withUnsafeMutableStorage { samples, stride in
      var done = 0
      while done < count {
        let piece = min(count - done, updateInterval - filled)
        let input = samples + done
        take(input, stride: stride, count: piece, isFirst: starts && done == 0)
        filled += piece
        if filled == updateInterval {
          line.emit(piece - 1, into: input, stride: stride)
          update()
          filled = 0
          line.emit(1, into: input + (piece - 1), stride: stride)
        } else {
          line.emit(piece, into: input, stride: stride)
        }
        done += piece
      }
    }
  }

  /// Forgets the signal, as at a gap; the calibration stays.
  public mutating func reset() {
    segment = nil
    filled = 0
    recent.clear()
    shaping.deallocate()
    line.reset()
  }

  /// The samples that a whole signal's end still owes: the last `lookahead` ones, cleaned by the last reconstruction.
  mutating func drain(into samples: UnsafeMutablePointer<Double>, stride: Int) {
    line.finish(into: samples, stride: stride)
  }

  /// Puts samples into the delay line and into the shaped window.
  private mutating func take(_ samples: UnsafePointer<Double>, stride: Int, count: Int, isFirst: Bool) {
    let channels = fitted.channelCount
    line.append(samples, stride: stride, count: count)
    shaped.withUnsafeMutableBufferPointer { shaped in
      let window = shaped.baseAddress! + filled
      line.copyLast(count, into: window, stride: updateInterval)
      if isFirst { for c in 0..<channels { shaping.settle(channel: c, at: window[c * updateInterval]) } }
      shaping.run(window, stride: updateInterval, count: count)
    }
  }

  private mutating func update() {
    shaped.withUnsafeBufferPointer { recent.add(samples: $0.baseAddress!) }
    updateCount += 1
    do {
      let removed = try solver.solve(for: recent.median())
      if removed > 0 { reconstructedUpdateCount += 1 }
      line.turn(to: removed > 0 ? solver.matrix : nil)
    } catch {
      failedUpdateCount += 1
      line.turnNowhere()
    }
  }
}
