import MinhangAlgebra
import MinhangCore

/// A filter that runs forward and then backward, from initial states for which it would not matter to run backward and then forward.
///
/// Offline only. The ends are not continued by made-up samples, as `ZeroPhaseFilter` does; instead the states at both ends are chosen, by
/// least squares, so that both orders of the two passes give the same result as nearly as possible.
///
/// Equals `scipy.signal.filtfilt(b, a, x, method="gust", irlen=responseLength)` for the polynomials `b` and `a` that the sections multiply out to,
/// but everything is computed by sections: the polynomials would lose their digits. A NaN or an infinity spoils its whole channel and no other.
///
/// **Source:** Gustafsson 1996, "Determining the initial states in forward-backward filtering", IEEE Trans. Signal Process. 44:988.
public struct GustafssonFilter: WholeSignalTransform {
  /// The design that runs.
  public let filter: SectionedFilter
  /// Samples after which the filter's answer to an impulse counts as over; nil: never.
  ///
  /// With it, only this many samples at each end take part in the least squares, which saves time and memory for long signals: without it, both
  /// grow with `samples · order²`.
  public let responseLength: Int?
  /// Most threads that the channels are shared out over; the bits do not depend on it.
  public let threads: Int

  private let cascade: SectionCascade
  private let order: Int

  /// Makes a zero-phase filter.
  ///
  /// - Parameters:
  ///   - filter: The design; stable.
  ///   - responseLength: Samples after which the filter's answer to an impulse counts as over, positive; nil: never. Signals of at most twice
  ///     this length are treated as if it were nil.
  ///   - threads: Most threads.
  public init(_ filter: SectionedFilter, responseLength: Int? = nil, threads: Int = 1) {
    precondition(responseLength.map { $0 > 0 } ?? true, "a response of \(responseLength ?? 0) samples")
    self.filter = filter
    self.responseLength = responseLength
    self.threads = threads
    cascade = SectionCascade(filter)
    order = filter.sections.reduce(0) { $0 + ($1.b2 != 0 || $1.a2 != 0 ? 2 : $1.b1 != 0 || $1.a1 != 0 ? 1 : 0) }
  }

  /// The filtered signal, of the same shape and place.
  ///
  /// An empty signal stays empty.
  ///
  /// - Parameter signal: `[channels × samples]`, one unbroken segment of at least `2 · order` samples.
  /// - Throws: `SignalError` with `.tooShort`, or `.invalidParameter` where the filter is not stable.
  public func applied(to signal: SignalBlock) throws(SignalError) -> SignalBlock {
    guard !signal.isEmpty else { return signal }
    guard filter.isStable else {
      throw SignalError(.invalidParameter, "a filter with a pole on or outside the unit circle; expected a stable one")
    }
    let count = signal.sampleCount
    guard count >= 2 * order else {
      throw SignalError(
        .tooShort, "a signal of \(count) samples is too short for a filter of order \(order); expected \(2 * order) at least")
    }
    var result = passed(signal, forwardFirst: true)
    guard order > 0 else { return result }
    let other = passed(signal, forwardFirst: false)

    // How both ends answer to their initial states, and what of the two orders of passes differs.
    let window = responseLength.flatMap { count > 2 * $0 ? $0 : nil } ?? count
    let isWhole = window == count
    let free = freeResponses(count: window)
    let echo = passed(free, backward: true)  // the free answer, reversed in time and filtered: in its own order of time
    var system = Matrix(rows: isWhole ? count : 2 * window, columns: 2 * order)
    for k in 0..<order {
      for i in 0..<window {
        // Eq. 6: S reversed less O, and O reversed less S. `echo` runs backward, so it is S reversed.
        let (first, last) = (echo[channel: k, sample: i], free[channel: k, sample: i])
        system[i, k] = first - last
        let (reversedFree, reversedEcho) = (free[channel: k, sample: window - 1 - i], echo[channel: k, sample: window - 1 - i])
        system[isWhole ? i : window + i, order + k] = reversedFree - reversedEcho
      }
    }
    let solver = try StateSolver(system)

    for c in 0..<signal.channelCount {
      var difference = [Double](repeating: 0, count: system.rows)
      for i in 0..<window {
        difference[i] = other[channel: c, sample: i] - result[channel: c, sample: i]
        if !isWhole {
          let at = count - window + i
          difference[window + i] = other[channel: c, sample: at] - result[channel: c, sample: at]
        }
      }
      let states = solver.solve(difference)
      for i in 0..<window {
        // Eq. 7.
        var (atStart, atEnd) = (0.0, 0.0)
        for k in 0..<order {
          atStart += echo[channel: k, sample: i] * states[k]
          atEnd += free[channel: k, sample: window - 1 - i] * states[order + k]
        }
        result[channel: c, sample: i] += atStart
        result[channel: c, sample: count - window + i] += atEnd
      }
      if states.contains(where: { !$0.isFinite }) { for i in 0..<count { result[channel: c, sample: i] = .nan } }
    }
    return result
  }

  /// Both passes from zero states.
  private func passed(_ signal: SignalBlock, forwardFirst: Bool) -> SignalBlock {
    passed(passed(signal, backward: !forwardFirst), backward: forwardFirst)
  }

  /// One pass from zero states.
  private func passed(_ signal: SignalBlock, backward: Bool) -> SignalBlock {
    var result = signal
    var running = cascade
    running.allocate(channelCount: signal.channelCount)
    let (count, threads) = (signal.sampleCount, threads)
    result.withUnsafeMutableStorage { running.run($0, stride: $1, count: count, backward: backward, threads: threads) }
    return result
  }

  /// What comes out, without input, from a 1 in each of the states of the transposed direct form; `[states × samples]`.
  ///
  /// That is the answer of `1 / a` to an impulse, and the same later by a sample for each further state.
  private func freeResponses(count: Int) -> SignalBlock {
    let poles = filter.sections.map { SecondOrderSection(b0: 1, b1: 0, b2: 0, a1: $0.a1, a2: $0.a2) }
    var running = SectionCascade(SectionedFilter(sections: poles, sampleRate: filter.sampleRate))
    running.allocate(channelCount: 1)
    var impulse = SignalBlock(channelCount: 1, sampleCount: count)
    impulse[channel: 0, sample: 0] = 1
    impulse.withUnsafeMutableStorage { running.run($0, stride: $1, count: count) }
    let answer = Array(impulse.channel(0))
    return SignalBlock(
      contiguous: (0..<order).flatMap { [Double](repeating: 0, count: $0) + answer.prefix(count - $0) }, channelCount: order)
  }
}

/// The shortest least-squares solution for one right side at a time, so that no channel's bits depend on those beside it.
private struct StateSolver {
  private let decomposition: SingularValues

  init(_ system: Matrix) throws(SignalError) {
    do throws(AlgebraError) {
      decomposition = try SingularValues(system)
    } catch {
      throw SignalError(
        .invalidParameter, "the initial states of a filter of order \(system.columns / 2): expected solvable equations (\(error))")
    }
  }

  /// Singular values up to an ulp of the largest count as zero, as in the reference.
  func solve(_ right: [Double]) -> [Double] {
    let (left, values, rightVectors) = (decomposition.left, decomposition.values, decomposition.rightTransposed)
    var projections = [Double](repeating: 0, count: values.count)
    left.withUnsafeValues { left in
      for (r, value) in right.enumerated() {
        for k in values.indices { projections[k] += left[r * values.count + k] * value }
      }
    }
    var solution = [Double](repeating: 0, count: rightVectors.columns)
    for (k, value) in values.enumerated() where value > Double.ulpOfOne * values[0] {
      for j in solution.indices { solution[j] += rightVectors[k, j] * (projections[k] / value) }
    }
    return solution
  }
}
