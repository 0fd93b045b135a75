import CMinhangKernels
import MinhangAlgebra
import MinhangCore

/// A symmetric finite filter run so that nothing is delayed.
///
/// Offline only: it looks into the future.
///
/// Both ends are continued by an odd reflection (`2 x[0] − x[k]`) of as many samples as the filter has taps, less one, or as the signal allows;
/// beyond them there are zeros. Equals `mne.filter.filter_data(x, …, method="fir")` with its default padding `reflect_limited`, given the taps
/// of `MNEDesign`.
///
/// By Fourier transforms (overlap-save), of two stretches of one channel at a time as real and imaginary part; channels do not know of each other.
/// A NaN or an infinity spoils up to two transform lengths of its own channel around it. O(samples · log taps).
public struct ZeroPhaseConvolution: WholeSignalTransform {
  /// The design that runs.
  public let filter: FiniteImpulseResponse
  /// Samples by which the output is moved back in time: the delay of the filter that is made good.
  public let removedDelay: Int
  /// Most threads that the channels are shared out over; the bits do not depend on it.
  public let threads: Int

  private let transform: ComplexFourierTransform
  /// Spectrum of the taps, real and imaginary part, divided by the length of the transform.
  private let factors: [Double]

  /// Makes a zero-phase filter.
  ///
  /// - Parameters:
  ///   - filter: An odd number of symmetric taps.
  ///   - threads: Most threads.
  /// - Throws: `SignalError` with `.invalidParameter` where the phase of the filter is not linear, `.invalidLength` where it is too long.
  public init(_ filter: FiniteImpulseResponse, threads: Int = 1) throws(SignalError) {
    let taps = filter.taps
    let largest = taps.reduce(0) { max($0, $1.magnitude) }
    guard taps.count % 2 == 1, zip(taps, taps.reversed()).allSatisfy({ ($0 - $1).magnitude <= 1e-9 * largest }) else {
      throw SignalError(
        .invalidParameter, "a filter of \(taps.count) taps for zero phase; expected an odd number of taps, symmetric around the middle")
    }
    try self.init(filter, removingDelay: taps.count / 2, threads: threads)
  }

  /// Makes a filter that runs over a whole signal, with the same continued ends, and moves the output back by a delay.
  ///
  /// `removingDelay: 0` is what MNE does with `phase="minimum"` or `"linear"`.
  ///
  /// - Parameters:
  ///   - filter: Any taps.
  ///   - delay: Samples, 0…taps − 1.
  ///   - threads: Most threads.
  /// - Throws: `SignalError` with `.invalidLength`.
  public init(_ filter: FiniteImpulseResponse, removingDelay delay: Int, threads: Int = 1) throws(SignalError) {
    let taps = filter.taps
    guard (0..<taps.count).contains(delay) else {
      throw SignalError(.invalidLength, "a delay of \(delay) samples of a filter of \(taps.count) taps; expected 0…\(taps.count - 1)")
    }
    self.filter = filter
    self.threads = threads
    removedDelay = delay
    let length = Self.transformLength(tapCount: taps.count)
    transform = try ComplexFourierTransform(length: length)
    let padded = taps.map { ComplexNumber($0 / Double(length)) } + Array(repeating: ComplexNumber(0), count: length - taps.count)
    factors = transform.forward(padded).flatMap { [$0.real, $0.imaginary] }
  }

  /// The power of two with the least work for each sample of output; beyond 2048 the transforms leave the nearest cache.
  private static func transformLength(tapCount: Int) -> Int {
    func cost(_ power: Int) -> Double {
      let length = Double(1 << power)
      return length * Double(power + 2) * (power > 12 ? 2 : power > 11 ? 1.3 : 1) / (length - Double(tapCount - 1))
    }
    let smallest = Int.bitWidth - (2 * tapCount).leadingZeroBitCount
    return 1 << (max(8, smallest)...max(12, smallest + 3)).min { cost($0) < cost($1) }!
  }

  /// The filtered signal, of the same shape and place.
  ///
  /// An empty signal stays empty; any other is long enough.
  ///
  /// - Parameter signal: `[channels × samples]`, one unbroken segment.
  public func applied(to signal: SignalBlock) throws(SignalError) -> SignalBlock {
    let (channels, count) = (signal.channelCount, signal.sampleCount)
    guard !signal.isEmpty else { return signal }
    return SignalBlock(channelCount: channels, sampleCount: count, firstSample: signal.firstSample, segment: signal.segment) {
      result, stride in
      signal.withUnsafeStorage { samples, inputStride in
        // No two channels touch the same rows.
        nonisolated(unsafe) let (samples, result) = (samples, result)
        // A few channels at a time share their scratch memory.
        let group = 8
        _ = concurrentMap(count: (channels + group - 1) / group, threads: threads) { index in
          var scratch = FourierScratch(length: 2 * transform.length)
          for c in (index * group)..<min(channels, (index + 1) * group) {
            filter(samples + c * inputStride, count: count, into: result + c * stride, &scratch)
          }
        }
      }
    }
  }

  /// Filters a signal in place; what `applied(to:)` does, without the memory of a second signal.
  ///
  /// - Parameter signal: `[channels × samples]`, one unbroken segment.
  public func apply(to signal: inout SignalBlock) {
    let (channels, count) = (signal.channelCount, signal.sampleCount)
    guard !signal.isEmpty else { return }
    signal.withUnsafeMutableStorage { samples, stride in
      // No two channels touch the same rows.
      nonisolated(unsafe) let samples = samples
      let group = 8
      _ = concurrentMap(count: (channels + group - 1) / group, threads: threads) { index in
        var scratch = FourierScratch(length: 2 * transform.length)
        let original = [Double](unsafeUninitializedCapacity: count) { original, initialized in
          for c in (index * group)..<min(channels, (index + 1) * group) {
            let row = samples + c * stride
            original.baseAddress!.update(from: row, count: count)
            filter(original.baseAddress!, count: count, into: row, &scratch)
          }
          initialized = 0
        }
        _ = original
      }
    }
  }

  /// Filters one row, two stretches at a time.
  private func filter(
    _ row: UnsafePointer<Double>, count: Int, into result: UnsafeMutablePointer<Double>, _ scratch: inout FourierScratch
  ) {
    let (length, past) = (transform.length, filter.taps.count - 1)
    let stretch = length - past
    scratch.withBuffers { values, spectrum in
      factors.withUnsafeBufferPointer { factors in
        for first in Swift.stride(from: 0, to: count, by: 2 * stretch) {
          // The inputs of the first stretch begin here; those of the second, `stretch` later.
          let begin = first + removedDelay - past
          if begin >= 0 && begin + stretch + length <= count {
            let (one, two) = (row + begin, row + begin + stretch)
            for i in 0..<length {
              values[2 * i] = one[i]
              values[2 * i + 1] = two[i]
            }
          } else {
            for i in 0..<length {
              values[2 * i] = continued(row, count: count, at: begin + i)
              values[2 * i + 1] = continued(row, count: count, at: begin + stretch + i)
            }
          }
          transform.forward(values, into: spectrum)
          minhang_multiply(spectrum, factors.baseAddress!, length)
          transform.backward(spectrum, into: values)
          // The first `past` outputs are wrapped around.
          let valid = values + 2 * past
          if first + 2 * stretch <= count {
            let (one, two) = (result + first, result + first + stretch)
            for i in 0..<stretch {
              one[i] = valid[2 * i]
              two[i] = valid[2 * i + 1]
            }
          } else {
            for i in 0..<min(stretch, count - first) { result[first + i] = valid[2 * i] }
            for i in 0..<max(0, min(stretch, count - first - stretch)) { result[first + stretch + i] = valid[2 * i + 1] }
          }
        }
      }
    }
  }

  /// A sample of the signal with its ends continued.
  private func continued(_ row: UnsafePointer<Double>, count: Int, at index: Int) -> Double {
    if index >= 0 && index < count { return row[index] }
    let edge = min(filter.taps.count, count) - 1
    if index < 0 { return -index <= edge ? 2 * row[0] - row[-index] : 0 }
    let beyond = index - (count - 1)
    return beyond <= edge ? 2 * row[count - 1] - row[count - 1 - beyond] : 0
  }
}
