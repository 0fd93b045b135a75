import MinhangCore
import Testing

@testable import MinhangSignal

struct BurgEstimatorTests {
  struct Goldens: Decodable {
    struct Case: Decodable {
      let signal: [Double]
      let order: Int
      let coefficients: [Double]
      let variance: Double
      let reflections: [Double]
      let length: Int
      let density: [Double]
    }
    let rate: Double
    let cases: [Case]
  }

  @Test func `models and densities equal those of the spectrum package`() throws {
    let golden: Goldens = try Golden.load("burg.json")
    var models = Parity("AutoregressiveModel.burg", against: "spectrum.arburg")
    var spectra = Parity("BurgEstimator", against: "spectrum.arma2psd")
    for item in golden.cases {
      let estimator = try BurgEstimator(sampleRate: golden.rate, order: item.order, transformLength: item.length, detrend: .none)
      let signal = SignalBlock(contiguous: item.signal, channelCount: 1)
      let model = try estimator.models(of: signal)[0]
      // The acceptance figure, 1e-9.
      #expect(models.compare(model.coefficients, item.coefficients) < 1e-9, "order \(item.order)")
      #expect(models.compare(model.reflectionCoefficients, item.reflections) < 1e-9)
      #expect(models.compare([model.noiseVariance], [item.variance]) < 1e-9)
      let spectrum = try estimator.spectrum(of: signal)
      #expect(spectra.compareEach(densities(spectrum), item.density) < 1e-9)
    }
    models.report()
    spectra.report()
  }

  @Test func `the model of an autoregressive process is found, stable and of its power`() throws {
    var generator = SeededGenerator(seed: 4)
    var x = [0.0, 0.0]
    for i in 2..<20_000 { x.append(1.6 * x[i - 1] - 0.9 * x[i - 2] + 2 * generator.nextNormal()) }
    let model = try AutoregressiveModel.burg(x, order: 2)
    // Three standard errors of an estimate from 20 000 samples: √((1 − 0.9²) / 20 000) ≈ 0.003, and √(2 / 20 000) of the variance.
    #expect((model.coefficients[0] + 1.6).magnitude < 0.01 && (model.coefficients[1] - 0.9).magnitude < 0.01)
    #expect((model.noiseVariance - 4).magnitude < 0.12)
    #expect(model.reflectionCoefficients.allSatisfy { $0.magnitude < 1 })
    let signal = SignalBlock(contiguous: x, channelCount: 1)
    let spectrum = try BurgEstimator(sampleRate: 100, order: 2, transformLength: 4096).spectrum(of: signal)
    let power = x.reduce(0) { $0 + $1 * $1 } / Double(x.count)
    // The model's total power is the signal's, up to the ends of the signal: order / samples of it, times the length of its memory (about 20).
    #expect((spectrum.totalPower(channel: 0) / power - 1).magnitude < 0.01)
  }

  @Test func `channels and threads do not change a channel's bits, and what is not finite stays in it`() throws {
    var signal = TestSignals.drifting(channels: 4, samples: 130)
    let estimator = try BurgEstimator(sampleRate: 100, order: 7, transformLength: 60)
    let whole = try estimator.spectrum(of: signal)
    #expect(try BurgEstimator(sampleRate: 100, order: 7, transformLength: 60, threads: 2).spectrum(of: signal) == whole)
    for c in 0..<4 { #expect(try estimator.spectrum(of: TestSignals.channel(c, of: signal)).channel(0).elementsEqual(whole.channel(c))) }
    signal[channel: 0, sample: 100] = .nan
    let spoilt = try estimator.spectrum(of: signal)
    for c in 1..<4 { #expect(spoilt.channel(c).elementsEqual(whole.channel(c))) }
    #expect(spoilt.channel(0).allSatisfy { $0.isNaN })
    // A constant channel has no model, and says so.
    let silent = try estimator.spectrum(of: SignalBlock(channelCount: 1, sampleCount: 50))
    #expect(silent.channel(0).allSatisfy { $0.isNaN })
  }

  @Test func `impossible settings are refused`() throws {
    for (rate, order, length) in [(0.0, 2, 64), (100, 0, 64), (100, 64, 64), (100, 2, .max), (100, -1, 3)] {
      #expect(throws: SignalError.self) { try BurgEstimator(sampleRate: rate, order: order, transformLength: length) }
    }
    let estimator = try BurgEstimator(sampleRate: 100, order: 5)
    #expect(throws: SignalError.self) { try estimator.spectrum(of: SignalBlock(channelCount: 1, sampleCount: 5)) }
  }
}
