import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Resampling of a whole signal by a ratio of whole numbers, for `IRASAEstimator`.
///
/// A low-pass of `20 · max(up, down) + 1` taps under a Kaiser window (β = 5), centred, with the signal zero beyond its ends; equals
/// `scipy.signal.resample_poly(x, up, down)`.
struct RationalResampling {
  /// A factor in lowest terms, to four decimals.
  struct Ratio {
    let numerator: Int
    let denominator: Int

    init(_ factor: Double) {
      var (a, b) = (Int((factor * 10_000).rounded()), 10_000)
      let (top, bottom) = (a, b)
      while b != 0 { (a, b) = (b, a % b) }
      numerator = top / a
      denominator = bottom / a
    }
  }

  private let up: Int
  private let down: Int
  private let half: Int
  private let taps: [Double]

  /// - Precondition: both are positive.
  init(up: Int, down: Int) {
    precondition(up > 0 && down > 0, "resampling by \(up)/\(down)")
    let cutoff = 1 / Double(max(up, down))
    let half = 10 * max(up, down)
    let window = (0...(2 * half)).map { n -> Double in
      let position = Double(n - half) / Double(half)
      return Taper.bessel(5 * max(0, 1 - position * position).squareRoot())
    }
    var taps = (0...(2 * half)).map { n -> Double in
      let x = Double.pi * cutoff * Double(n - half)
      return (x == 0 ? 1 : sin(x) / x) * window[n]
    }
    let gain = Double(up) / taps.reduce(0, +)
    for i in taps.indices { taps[i] *= gain }
    self.taps = taps
    self.up = up
    self.down = down
    self.half = half
  }

  /// The resampled signal: `samples · up / down` samples, rounded up.
  func applied(to signal: SignalBlock) -> SignalBlock {
    let count = signal.sampleCount
    var result = SignalBlock(channelCount: signal.channelCount, sampleCount: (count * up + down - 1) / down, segment: signal.segment)
    let length = result.sampleCount
    signal.withUnsafeStorage { samples, stride in
      result.withUnsafeMutableStorage { resampled, resampledStride in
        for c in 0..<signal.channelCount {
          let row = samples + c * stride
          for m in 0..<length {
            // Tap `m · down + half − k · up` weighs sample k.
            let place = m * down + half
            let first = max(0, (place - 2 * half + up - 1) / up)
            let last = min(count - 1, place / up)
            var sum = 0.0
            for k in first..<max(first, last + 1) { sum += row[k] * taps[place - k * up] }
            resampled[c * resampledStride + m] = sum
          }
        }
      }
    }
    return result
  }
}
