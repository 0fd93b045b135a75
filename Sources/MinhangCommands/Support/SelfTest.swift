import Foundation
import MinhangBCI

/// A number computed on this machine against the number it must be.
struct SelfTestCheck {
  var name: String
  /// The error measured, relative unless the name says otherwise; NaN counts as failed.
  var error: Double
  /// The largest error that rounding explains.
  var tolerance: Double
  /// Why there is no number, where the computation itself failed.
  var failure: String?
  var isPassed: Bool { error <= tolerance }

  /// Measures; what throws has failed, and says why.
  init(_ name: String, tolerance: Double, _ measure: () throws -> Double) {
    self.name = name
    self.tolerance = tolerance
    do { error = try measure() } catch {
      self.error = .nan
      failure = "\(error)"
    }
  }
}

/// The checks of `minhang doctor`: small, quick, and each against something known without the code it checks.
enum SelfTest {
  static func all() -> [SelfTestCheck] {
    [fourier(), eigenvalues(), chunks(), steadyState()] + tapers() + SelfTest.estimators()
  }

  /// A transform of 240 samples against the sum that defines it.
  private static func fourier() -> SelfTestCheck {
    let n = 240
    // The naive sum itself is off by up to n·eps of the signal's size.
    return SelfTestCheck("fft against its definition", tolerance: Double(n) * .ulpOfOne) {
      var generator = SeededGenerator(seed: 1)
      let samples = (0..<n).map { _ in generator.nextNormal() }
      let bins = try RealFourierTransform(length: n).forward(samples)
      var worst = 0.0
      for (k, bin) in bins.enumerated() {
        var (real, imaginary) = (0.0, 0.0)
        for (i, value) in samples.enumerated() {
          let angle = -2 * Double.pi * Double(k * i % n) / Double(n)
          real += value * cos(angle)
          imaginary += value * sin(angle)
        }
        worst = max(worst, hypot(bin.real - real, bin.imaginary - imaginary))
      }
      return worst / Double(n).squareRoot()
    }
  }

  /// A · v = λ · v and VᵀV = 1 for a random symmetric matrix of 64 × 64.
  private static func eigenvalues() -> SelfTestCheck {
    let n = 64
    return SelfTestCheck("eigenvectors: residual and orthogonality", tolerance: 16 * Double(n) * .ulpOfOne) {
      var generator = SeededGenerator(seed: 2)
      let factor = Matrix(rows: n, columns: n, (0..<n * n).map { _ in generator.nextNormal() })
      let matrix = (factor + factor.transposed()).symmetrized()
      let eigen = try matrix.symmetricEigen()
      let residual = (matrix * eigen.vectors - eigen.vectors * Matrix.diagonal(eigen.values)).largestMagnitude / matrix.largestMagnitude
      let orthogonality = (eigen.vectors.transposed() * eigen.vectors - Matrix.identity(n)).largestMagnitude
      return max(residual, orthogonality)
    }
  }

  /// A causal filter in pieces against the same at once: not a bit may differ.
  private static func chunks() -> SelfTestCheck {
    SelfTestCheck("causal filter in blocks of 7 against whole (bits)", tolerance: 0) {
      let filter = try Butterworth.filter(order: 4, .bandPass(8...30), sampleRate: 250)
      var generator = SeededGenerator(seed: 3)
      let signal = SignalBlock(contiguous: (0..<9 * 1000).map { _ in generator.nextNormal() }, channelCount: 9)
      var whole = signal
      var once = CausalFilter(filter)
      once.process(&whole)
      var pieces = CausalFilter(filter)
      var different = 0
      for first in stride(from: 0, to: 1000, by: 7) {
        var piece = SignalBlock(channelCount: 9, sampleCount: min(7, 1000 - first), firstSample: first)
        for c in 0..<9 { for i in 0..<piece.sampleCount { piece[channel: c, sample: i] = signal[channel: c, sample: first + i] } }
        pieces.process(&piece)
        for c in 0..<9 {
          for i in 0..<piece.sampleCount where piece[channel: c, sample: i] != whole[channel: c, sample: first + i] { different += 1 }
        }
      }
      return Double(different)
    }
  }

  /// A constant through a low-pass comes out the same from its first sample on.
  private static func steadyState() -> SelfTestCheck {
    // Four sections, each a few ulp, over 500 samples.
    SelfTestCheck("steady state of the first sample", tolerance: 1e-12) {
      let filter = try Butterworth.filter(order: 4, .lowPass(30), sampleRate: 250)
      var block = SignalBlock(contiguous: [Double](repeating: 100, count: 500), channelCount: 1)
      var running = CausalFilter(filter)
      running.process(&block)
      return block.channel(0).map { abs($0 - 100) / 100 }.max() ?? .nan
    }
  }

  /// For every taper: the power of a sine (Parseval: the density integrates to the mean square).
  private static func tapers() -> [SelfTestCheck] {
    let (rate, length) = (256.0, 512)
    // A sine of 10 µV on a bin has 50 µV²; every taper's density must sum to the tapered mean square over the taper's own power.
    let sine = (0..<length).map { 10 * sin(2 * Double.pi * 32 * Double($0) / rate) }
    return Taper.standard.map { taper in
      SelfTestCheck("psd of a 10 µV sine, \(taper)", tolerance: 1e-12) {
        let weights = taper.coefficients(count: length)
        var welch = try WelchEstimator(
          sampleRate: rate, channelCount: 1, windowLength: length, overlap: 0, taper: taper, detrend: .none)
        welch.add(SignalBlock(contiguous: sine, channelCount: 1))
        let spectrum = welch.spectrum()
        let measured = spectrum.channel(0).reduce(0, +) * spectrum.resolution
        let squares = zip(sine, weights).reduce(0.0) { $0 + $1.0 * $1.0 * $1.1 * $1.1 }
        let truth = squares / weights.reduce(0) { $0 + $1 * $1 }
        return abs(measured / truth - 1)
      }
    }
  }
}
