import MinhangAlgebra
import MinhangCore

/// A filter that runs forward and then backward, so that nothing is delayed and the gain is squared.
///
/// Offline only: it looks into the future.
///
/// Both ends are continued by an odd reflection (`2 x[0] − x[k]`) of `edgeLength` samples, and each pass starts at the steady state of its first
/// sample. Equals `scipy.signal.sosfiltfilt` with its default padding. A NaN or an infinity spoils its whole channel and no other.
public struct ZeroPhaseFilter: WholeSignalTransform {
  /// The design that runs.
  public let filter: SectionedFilter
  /// Samples of reflection at each end: `3 · (2 · sections + 1 − first-order sections)`.
  ///
  /// A signal must be longer.
  public let edgeLength: Int

  /// Most threads that the channels are shared out over; the bits do not depend on it.
  public let threads: Int

  private let cascade: SectionCascade

  /// Makes a zero-phase filter.
  public init(_ filter: SectionedFilter, threads: Int = 1) {
    self.filter = filter
    self.threads = threads
    cascade = SectionCascade(filter)
    let sections = filter.sections
    let shortened = min(sections.count { $0.b2 == 0 }, sections.count { $0.a2 == 0 })
    edgeLength = 3 * (2 * sections.count + 1 - shortened)
  }

  /// The filtered signal, of the same shape and place.
  ///
  /// - Parameter signal: `[channels × samples]`, one unbroken segment of more than `edgeLength` samples.
  /// - Throws: `SignalError` with `.tooShort`.
  public func applied(to signal: SignalBlock) throws(SignalError) -> SignalBlock {
    var result = signal
    try apply(to: &result)
    return result
  }

  /// Filters a signal in place; what `applied(to:)` does, without a second copy of the signal.
  ///
  /// An empty signal stays empty.
  ///
  /// - Parameter signal: `[channels × samples]`, one unbroken segment of more than `edgeLength` samples.
  /// - Throws: `SignalError` with `.tooShort`; the signal is then unchanged.
  public func apply(to signal: inout SignalBlock) throws(SignalError) {
    guard !signal.isEmpty else { return }
    let count = signal.sampleCount
    guard count > edgeLength else {
      throw SignalError(
        .tooShort, "a signal of \(count) samples is too short for this zero-phase filter; expected more than \(edgeLength) samples")
    }
    let channels = signal.channelCount
    let lanes = SectionCascade.lanes
    // One group of channels at a time: its rows stay in the cache from the forward to the backward pass.
    signal.withUnsafeMutableStorage { samples, stride in
      // No two groups touch the same rows.
      nonisolated(unsafe) let samples = samples
      _ = concurrentMap(count: (channels + lanes - 1) / lanes, threads: threads) { group in
        let first = group * lanes
        filter(samples + first * stride, stride: stride, channels: min(lanes, channels - first), count: count)
      }
    }
  }

  /// Filters the rows of one group of channels.
  private func filter(_ rows: UnsafeMutablePointer<Double>, stride: Int, channels: Int, count: Int) {
    let edge = edgeLength
    var before = [Double](repeating: 0, count: channels * edge)
    var after = before
    var running = cascade
    running.allocate(channelCount: channels)
    for c in 0..<channels {
      let row = rows + c * stride
      for k in 0..<edge {
        before[c * edge + k] = 2 * row[0] - row[edge - k]
        after[c * edge + k] = 2 * row[count - 1] - row[count - 2 - k]
      }
      running.settle(channel: c, at: before[c * edge])
    }
    before.withUnsafeMutableBufferPointer { running.run($0.baseAddress!, stride: edge, count: edge) }
    running.run(rows, stride: stride, count: count)
    after.withUnsafeMutableBufferPointer { running.run($0.baseAddress!, stride: edge, count: edge) }
    for c in 0..<channels { running.settle(channel: c, at: after[c * edge + edge - 1]) }
    after.withUnsafeMutableBufferPointer { running.run($0.baseAddress!, stride: edge, count: edge, backward: true) }
    running.run(rows, stride: stride, count: count, backward: true)
  }
}
