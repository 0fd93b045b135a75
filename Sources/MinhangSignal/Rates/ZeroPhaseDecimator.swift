import MinhangCore

/// Decimation with a recursive filter run forward and backward, offline: every `factor`th sample of the filtered signal, without delay.
///
/// Equals `scipy.signal.decimate(x, factor)` for a signal that begins at a multiple of `factor`; elsewhere the samples kept are those whose index
/// in the recording is one. For the FIR kind, `PolyphaseResampler` with `ResamplingFilter.decimation` computes only the samples it keeps.
public struct ZeroPhaseDecimator: Sendable {
  /// The factor by which the sampling rate changes, `1 / factor`.
  public let ratio: ResamplingRatio
  /// The filter, which works in both directions: its gain is squared.
  public let filter: ZeroPhaseFilter

  /// Makes a decimator.
  ///
  /// - Parameters:
  ///   - factor: Input samples for each output sample, at least 1.
  ///   - order: Order of the filter, 1…100.
  ///   - sampleRate: Sampling rate of the input, Hz.
  ///   - threads: Most threads that the channels are shared out over; the bits do not depend on it.
  /// - Throws: `SignalError` with `.invalidParameter`, `.invalidOrder` or `.invalidFrequency`.
  public init(factor: Int, order: Int = 8, sampleRate: Double, threads: Int = 1) throws(SignalError) {
    ratio = try ResamplingRatio(up: 1, down: factor)
    filter = ZeroPhaseFilter(try Decimation.filter(factor: factor, order: order, sampleRate: sampleRate), threads: threads)
  }

  /// The signal at the new rate, `[channels × ⌈samples / factor⌉]`, its first sample counted at the new rate.
  ///
  /// - Parameter signal: `[channels × samples]`, one unbroken segment of more than `filter.edgeLength` samples, or an empty one.
  /// - Throws: `SignalError` with `.tooShort`.
  public func applied(to signal: SignalBlock) throws(SignalError) -> SignalBlock {
    let filtered = try filter.applied(to: signal)
    let first = Decimation.firstKept(in: signal.firstSample, factor: ratio.down)
    let count = max(0, (signal.sampleCount - first + ratio.down - 1) / ratio.down)
    var result = SignalBlock(
      channelCount: signal.channelCount, sampleCount: count, firstSample: ratio.firstOutput(atOrAfter: signal.firstSample),
      segment: signal.segment)
    Self.keep(every: ratio.down, from: first, of: filtered, in: &result)
    return result
  }

  /// Copies every `factor`th sample of every channel, as many as the result has.
  static func keep(every factor: Int, from first: Int, of block: SignalBlock, in result: inout SignalBlock) {
    let (channels, count) = (result.channelCount, result.sampleCount)
    block.withUnsafeStorage { rows, stride in
      result.withUnsafeMutableStorage { results, resultStride in
        for c in 0..<channels {
          let (row, kept) = (rows + c * stride + first, results + c * resultStride)
          for i in 0..<count { kept[i] = row[i * factor] }
        }
      }
    }
  }
}
