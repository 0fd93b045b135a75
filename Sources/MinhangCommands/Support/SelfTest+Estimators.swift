import Foundation
import MinhangBCI

/// Every other estimator on a signal whose answer is known: a sine of 10 µV at 32 Hz, mean square 50 µV².
extension SelfTest {
  private static let rate = 256.0
  private static let amplitude = 10.0
  private static let frequency = 32.0

  private static func sine(_ count: Int, phase: Double = 0) -> [Double] {
    (0..<count).map { amplitude * sin(2 * Double.pi * frequency * Double($0) / rate + phase) }
  }

  static func estimators() -> [SelfTestCheck] { spectra() + timeCourses() + [coherence(), resampling()] }

  private static func spectra() -> [SelfTestCheck] {
    let block = SignalBlock(contiguous: sine(512), channelCount: 1)
    func integral(_ spectrum: PowerSpectrum) -> Double { spectrum.channel(0).reduce(0, +) * spectrum.resolution }
    return [
      // 64 whole periods: the periodogram holds all of the sine in one bin, and Parseval is exact but for rounding.
      SelfTestCheck("periodogram of a 10 µV sine", tolerance: 1e-12) {
        abs(integral(try PeriodogramEstimator(sampleRate: rate, detrend: .none).spectrum(of: block)) / 50 - 1)
      },
      SelfTestCheck("band power of a 10 µV sine, 30–34 Hz", tolerance: 1e-12) {
        abs(try PeriodogramEstimator(sampleRate: rate, detrend: .none).spectrum(of: block).bandPower(30...34, channel: 0) / 50 - 1)
      },
      // Orthonormal tapers weigh the samples unevenly: their mean square over whole periods is 1 to the leakage of the last taper.
      SelfTestCheck("multitaper of a 10 µV sine", tolerance: 1e-3) {
        abs(integral(try MultitaperEstimator(sampleRate: rate, length: 512, bandwidth: 8, detrend: .none).spectrum(of: block)) / 50 - 1)
      },
      // White noise: an autoregressive density integrates to the variance that Burg's recursion fits.
      SelfTestCheck("Burg density integrates to the variance", tolerance: 0.02) {
        var generator = SeededGenerator(seed: 5)
        let noise = (0..<4096).map { _ in generator.nextNormal() }
        let variance = noise.reduce(0) { $0 + $1 * $1 } / 4096
        let spectrum = try BurgEstimator(sampleRate: rate, order: 8, detrend: .none).spectrum(
          of: SignalBlock(contiguous: noise, channelCount: 1))
        return abs(integral(spectrum) / variance - 1)
      },
    ]
  }

  private static func timeCourses() -> [SelfTestCheck] {
    let block = SignalBlock(contiguous: sine(2048), channelCount: 1)
    return [
      // Away from the ends of whole periods, the quadrature is exact.
      SelfTestCheck("Hilbert envelope of a 10 µV sine", tolerance: 1e-12) {
        let envelope = try HilbertTransform(.envelope).applied(to: block)
        return envelope.channel(0).map { abs($0 / amplitude - 1) }.max() ?? .nan
      },
      // The filter passes the middle of its band to 1 part in 10⁴ of the power; the mean runs over whole periods, long after the start.
      SelfTestCheck("running band power of a 10 µV sine, 24–42.667 Hz", tolerance: 1e-3) {
        // The middle of a band-pass is the geometric mean of its edges: 24 · 42.667 = 32².
        var running = try RunningBandPower(
          sampleRate: rate, channelCount: 1, bands: [24...(1024.0 / 24)], windowLength: 256, step: 256)
        return running.add(block).last.map { abs($0[channel: 0, band: 0] / 50 - 1) } ?? .nan
      },
      // Wavelets are of unit energy: two frequencies of one signal are in the ratio of their tunings, and the nearest is the largest.
      SelfTestCheck("Morlet wavelets peak at the sine's frequency (bins off)", tolerance: 0) {
        let frequencies = [24.0, 28, 32, 36, 40]
        let map = try MorletTransform(sampleRate: rate, frequencies: frequencies).map(of: block)
        let powers = frequencies.indices.map { map.power(channel: 0, frequency: $0)[1024] }
        let best = powers.indices.max { powers[$0] < powers[$1] } ?? -1
        return Double(abs(best - 2))
      },
    ]
  }

  /// Two copies of one noise go together wholly.
  private static func coherence() -> SelfTestCheck {
    SelfTestCheck("coherence of a signal with twice itself", tolerance: 1e-12) {
      var generator = SeededGenerator(seed: 6)
      let noise = (0..<4096).map { _ in generator.nextNormal() }
      var estimator = try ConnectivityEstimator(sampleRate: rate, channelCount: 2, windowLength: 256, overlap: 128)
      estimator.add(SignalBlock(contiguous: noise + noise.map { 2 * $0 }, channelCount: 2))
      return estimator.connectivity().coherence(pair: 0).dropFirst().dropLast().map { abs($0 - 1) }.max() ?? .nan
    }
  }

  /// A sine at 4/5 of the rate is the same sine: to the ripple of the anti-aliasing filter, 1e-3, away from the ends.
  private static func resampling() -> SelfTestCheck {
    SelfTestCheck("a sine resampled by 4/5", tolerance: 2e-3) {
      let block = SignalBlock(contiguous: sine(2560), channelCount: 1)
      let resampled = PolyphaseResampler(try ResamplingRatio(up: 4, down: 5)).applied(to: block)
      return (200..<1800).map { i in
        abs(resampled[channel: 0, sample: i] - amplitude * sin(2 * Double.pi * frequency * Double(i) / (rate * 4 / 5))) / amplitude
      }.max() ?? .nan
    }
  }
}
