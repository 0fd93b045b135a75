import MinhangAlgebra
import MinhangCore

/// Resampling by a rational factor through a polyphase filter, offline: the whole signal at once, without delay.
///
/// Runs the same code as `StreamingResampler`, so the samples are the same to the last bit. Equals `scipy.signal.resample_poly` for a signal that
/// begins at sample 0, or at any other that is a multiple of `down`; elsewhere the outputs lie on the recording's own grid (output sample `m` at
/// input sample `m · down / up`), so that their index stays their time. There are `⌈samples · up / down⌉` outputs. A NaN or an infinity spoils
/// the outputs within the filter's reach (`⌈taps / up⌉` input samples) in its own channel, and no other.
///
/// **Source:** Crochiere & Rabiner 1983, "Multirate digital signal processing", section 2.3.
public struct PolyphaseResampler: Sendable {
  /// What stands before the first sample and after the last; the names are those of `scipy.signal.resample_poly`.
  public enum Padding: Sendable, Hashable, CaseIterable {
    /// Zeros: scipy's default `"constant"`.
    case zero
    /// The first and the last sample, for ever.
    case edge
    /// The line through the first and the last sample.
    case line
    /// The channel's mean.
    case mean
    /// The channel's median.
    case median
    /// The channel's smallest value.
    case minimum
    /// The channel's largest value.
    case maximum
  }

  /// The factor by which the sampling rate changes.
  public let ratio: ResamplingRatio
  /// The low-pass between the rates.
  public let filter: ResamplingFilter
  /// What stands before and after the signal.
  public let padding: Padding
  /// Most threads that the channels are shared out over; the bits do not depend on it.
  public let threads: Int

  private let bank: PolyphaseBank

  /// Makes a resampler.
  ///
  /// - Parameters:
  ///   - ratio: The factor by which the sampling rate changes.
  ///   - filter: The low-pass between the rates; nil for `ResamplingFilter.antiAliasing(for: ratio)`.
  ///   - padding: What stands before and after the signal.
  ///   - threads: Most threads that the channels are shared out over.
  public init(_ ratio: ResamplingRatio, filter: ResamplingFilter? = nil, padding: Padding = .zero, threads: Int = 1) {
    self.ratio = ratio
    self.filter = filter ?? .antiAliasing(for: ratio)
    self.padding = padding
    self.threads = threads
    bank = PolyphaseBank(ratio: ratio, filter: self.filter)
  }

  /// The signal at the new rate, `[channels × ⌈samples · up / down⌉]`, its first sample counted at the new rate.
  ///
  /// An empty signal stays empty.
  ///
  /// - Parameter signal: `[channels × samples]`, one unbroken segment.
  public func applied(to signal: SignalBlock) -> SignalBlock {
    let outputs = outputRange(of: signal)
    return SignalBlock(
      channelCount: signal.channelCount, sampleCount: outputs.count, firstSample: outputs.lowerBound, segment: signal.segment
    ) { results, stride in resample(signal, into: results, stride, outputs) }
  }

  /// Resamples into a block that is there already; what `applied(to:)` does, without new memory where the block has room.
  ///
  /// - Parameters:
  ///   - signal: `[channels × samples]`, one unbroken segment.
  ///   - result: Becomes `[channels × ⌈samples · up / down⌉]`.
  public func apply(to signal: SignalBlock, into result: inout SignalBlock) {
    let outputs = outputRange(of: signal)
    result.resize(channelCount: signal.channelCount, sampleCount: outputs.count)
    (result.firstSample, result.segment) = (outputs.lowerBound, signal.segment)
    result.withUnsafeMutableStorage { results, stride in resample(signal, into: results, stride, outputs) }
  }

  /// The outputs that lie within a signal.
  private func outputRange(of signal: SignalBlock) -> Range<Int> {
    ratio.firstOutput(atOrAfter: signal.firstSample)..<ratio.firstOutput(atOrAfter: signal.firstSample + signal.sampleCount)
  }

  private func resample(_ signal: SignalBlock, into results: UnsafeMutablePointer<Double>, _ resultStride: Int, _ outputs: Range<Int>) {
    guard !signal.isEmpty, !outputs.isEmpty else { return }
    var signal = signal
    let background = removeBackground(from: &signal)
    let distance = ratio.distance(from: signal.firstSample, toOutput: outputs.lowerBound)
    let (channels, count) = (signal.channelCount, signal.sampleCount)
    let lanes = PolyphaseState.lanes
    signal.withUnsafeStorage { rows, stride in
      // No two groups touch the same rows.
      nonisolated(unsafe) let (rows, results) = (rows, results)
      _ = concurrentMap(count: (channels + lanes - 1) / lanes, threads: threads) { group in
        let first = group * lanes
        resample(
          rows + first * stride, stride, channels: min(lanes, channels - first), count: count, distance: distance,
          into: results + first * resultStride, resultStride, outputs: outputs.count)
      }
    }
    for (c, level) in background.enumerated() {
      for i in 0..<outputs.count { results[c * resultStride + i] += level }
    }
  }

  /// One group of channels, from the padding before to the padding behind.
  private func resample(
    _ rows: UnsafePointer<Double>, _ stride: Int, channels: Int, count: Int, distance: Int, into results: UnsafeMutablePointer<Double>,
    _ resultStride: Int, outputs: Int
  ) {
    var state = PolyphaseState(bank)
    state.start(channelCount: channels, distance: distance)
    /// The value `k` samples before the first or behind the last.
    func value(channel: Int, before k: Int, orBehind isBehind: Bool) -> Double {
      let row = rows + channel * stride
      let (near, far) = isBehind ? (row[count - 1], row[0]) : (row[0], row[count - 1])
      switch padding {
      case .edge: return near
      case .line: return count > 1 ? near + Double(k) * ((near - far) / Double(count - 1)) : near
      default: return 0
      }
    }
    if padding == .edge || padding == .line {
      for c in 0..<channels { state.setHistory(channel: c) { value(channel: c, before: $0, orBehind: false) } }
    }
    let done = state.run(rows, stride: stride, count: count, into: results, outputStride: resultStride, limit: outputs)
    guard done < outputs else { return }
    let behind = (bank.advance + ratio.up - 1) / ratio.up
    let rest = (0..<channels).flatMap { c in (1...behind).map { value(channel: c, before: $0, orBehind: true) } }
    rest.withUnsafeBufferPointer {
      _ = state.run($0.baseAddress!, stride: behind, count: behind, into: results + done, outputStride: resultStride, limit: outputs - done)
    }
  }

  /// Takes each channel's background away, where the padding has one.
  private func removeBackground(from signal: inout SignalBlock) -> [Double] {
    let measure: (ArraySlice<Double>) -> Double
    switch padding {
    case .zero, .edge, .line: return []
    case .mean: measure = { $0.reduce(0, +) / Double($0.count) }
    case .median: measure = Self.median
    case .minimum: measure = { $0.reduce(.infinity) { $0.isNaN || $1.isNaN ? .nan : min($0, $1) } }
    case .maximum: measure = { $0.reduce(-.infinity) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) } }
    }
    let background = (0..<signal.channelCount).map { measure(signal.channel($0)) }
    let count = signal.sampleCount
    signal.withUnsafeMutableStorage { rows, stride in
      for (c, level) in background.enumerated() {
        for i in 0..<count { rows[c * stride + i] -= level }
      }
    }
    return background
  }

  private static func median(_ values: ArraySlice<Double>) -> Double {
    guard values.allSatisfy({ !$0.isNaN }) else { return .nan }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
