import MinhangCore
import Testing

@testable import MinhangSignal

struct MultitaperEstimatorTests {
  struct Goldens: Decodable {
    struct Signal: Decodable {
      let samples: Int
      let values: [Double]
    }
    struct Case: Decodable {
      let samples: Int
      let bandwidth: Double?
      let adaptive: Bool
      let lowBias: Bool
      let normalization: String
      let density: [Double]
    }
    let rate: Double
    let signals: [Signal]
    let cases: [Case]
  }

  struct Tapers: Decodable {
    struct Case: Decodable {
      let length: Int
      let product: Double
      let count: Int
      let values: [Double]
      let ratios: [Double]
    }
    let cases: [Case]
  }

  @Test func `tapers equal scipy's dpss`() throws {
    let golden: Tapers = try Golden.load("slepian.json")
    var parity = Parity("SlepianTapers", against: "scipy.signal.windows.dpss")
    for item in golden.cases {
      let tapers = try SlepianTapers(length: item.length, timeHalfBandwidth: item.product, count: item.count)
      // Vectors of well separated eigenvalues: rounding of the eigenproblem, about 1e-15 · size.
      #expect(parity.compare((0..<item.count).flatMap { Array(tapers.taper($0)) }, item.values) < 1e-11, "\(item.length)")
      #expect(scaledDifference(tapers.concentrations, item.ratios) < 1e-12)
    }
    parity.report()
  }

  @Test(arguments: [(40, 3.0, 6), (41, 3.0, 6), (500, 8.0, 16), (777, 30.0, 60)])
  func `tapers are orthogonal, and their concentrations fall`(length: Int, product: Double, count: Int) throws {
    let tapers = try SlepianTapers(length: length, timeHalfBandwidth: product, count: count)
    #expect(zip(tapers.concentrations, tapers.concentrations.dropFirst()).allSatisfy { $0 >= $1 - 1e-13 })  // rounding, where both are 1
    #expect(tapers.concentrations.allSatisfy { $0 > 0 && $0 < 1 + 1e-13 })
    for i in 0..<count {
      for j in 0...i {
        let product = zip(tapers.taper(i), tapers.taper(j)).reduce(0) { $0 + $1.0 * $1.1 }
        // The longer sequences are orthonormal; the sample that the periodic form lacks mirrors the first one.
        let first = try #require(tapers.taper(i).first) * #require(tapers.taper(j).first)
        let missing = (i + j) % 2 == 0 ? first : -first
        #expect((product + missing - (i == j ? 1 : 0)).magnitude < 1e-11)
      }
    }
  }

  @Test func `densities equal MNE's, adaptive and not`() throws {
    let golden: Goldens = try Golden.load("multitaper.json")
    var fixed = Parity("MultitaperEstimator", against: "mne.time_frequency.psd_array_multitaper")
    var adaptive = Parity("MultitaperEstimator(adaptive)", against: "mne.time_frequency.psd_array_multitaper(adaptive)")
    for item in golden.cases {
      let signal = try #require(golden.signals.first { $0.samples == item.samples })
      let estimator = try MultitaperEstimator(
        sampleRate: golden.rate, length: item.samples, bandwidth: item.bandwidth, weighting: item.adaptive ? .adaptive() : .concentration,
        lowBias: item.lowBias, normalization: #require(.init(rawValue: item.normalization)))
      let spectrum = try estimator.spectrum(of: SignalBlock(contiguous: signal.values, channelCount: 1))
      // The acceptance figure, 1e-9, at every bin.
      if item.adaptive {
        #expect(adaptive.compareEach(densities(spectrum), item.density) < 1e-9, "\(item.samples) \(String(describing: item.bandwidth))")
      } else {
        #expect(fixed.compareEach(densities(spectrum), item.density) < 1e-9, "\(item.samples) \(String(describing: item.bandwidth))")
      }
    }
    fixed.report()
    adaptive.report()
  }

  @Test(arguments: [MultitaperEstimator.Weighting.concentration, .adaptive()])
  func `channels and threads do not change a channel's bits, and what is not finite stays in it`(weighting: MultitaperEstimator.Weighting)
    throws
  {
    var signal = TestSignals.drifting(channels: 5, samples: 200)
    let estimator = try MultitaperEstimator(sampleRate: 100, length: 200, bandwidth: 4, weighting: weighting)
    let threaded = try MultitaperEstimator(sampleRate: 100, length: 200, bandwidth: 4, weighting: weighting, threads: 2)
    let whole = try estimator.spectrum(of: signal)
    #expect(try threaded.spectrum(of: signal) == whole)
    for c in 0..<5 { #expect(try estimator.spectrum(of: TestSignals.channel(c, of: signal)).channel(0).elementsEqual(whole.channel(c))) }
    signal[channel: 1, sample: 7] = .infinity
    let spoilt = try estimator.spectrum(of: signal)
    for c in [0, 2, 3, 4] { #expect(spoilt.channel(c).elementsEqual(whole.channel(c))) }
    #expect(spoilt.channel(1).allSatisfy { $0.isNaN })
    // A channel of zeros has no power, and no NaN.
    let silent = try estimator.spectrum(of: SignalBlock(channelCount: 1, sampleCount: 200))
    #expect(silent.channel(0).allSatisfy { $0 == 0 })
  }

  @Test(arguments: [100, 101])
  func `the density sums to the power of the tapered signals`(length: Int) throws {
    let signal = TestSignals.drifting(channels: 1, samples: length)
    let estimator = try MultitaperEstimator(sampleRate: 250, length: length, bandwidth: 25, detrend: .none)
    let spectrum = try estimator.spectrum(of: signal)
    let tapers = estimator.tapers
    let powers = (0..<tapers.count).map { k in
      tapers.concentrations[k] * zip(tapers.taper(k), signal.channel(0)).reduce(0) { $0 + ($1.0 * $1.1) * ($1.0 * $1.1) }
    }
    let expected = powers.reduce(0, +) / tapers.concentrations.reduce(0, +)
    let power = spectrum.channel(0).reduce(0, +) * spectrum.resolution
    #expect((power - expected).magnitude <= 1e-12 * expected)  // Parseval; rounding is about 1e-15
  }

  @Test func `a sine of amplitude A has the power A²÷2`() throws {
    let (rate, length, amplitude) = (200.0, 1000, 7.0)
    let signal = SignalBlock(contiguous: (0..<length).map { amplitude * sine($0, frequency: 30, rate: rate, phase: 0.4) }, channelCount: 1)
    let spectrum = try MultitaperEstimator(sampleRate: rate, length: length, bandwidth: 4).spectrum(of: signal)
    // Together 2·NW tapers weigh all samples alike except about one wave of the highest taper at the ends, half a period of the sine each: the
    // error is below 1 / (2 · length).
    #expect((spectrum.totalPower(channel: 0) / (amplitude * amplitude / 2) - 1).magnitude < 5e-4)
  }

  @Test func `impossible settings are refused`() throws {
    for (rate, length, bandwidth) in [
      (0.0, 100, 4.0), (.nan, 100, 4), (100, 1, 4), (100, 0, 4), (100, -3, 4), (100, 100, 0.9), (100, 100, 100), (100, 100, .nan),
      (100, .max, 4),
    ] {
      #expect(throws: SignalError.self) { try MultitaperEstimator(sampleRate: rate, length: length, bandwidth: bandwidth) }
    }
    let estimator = try MultitaperEstimator(sampleRate: 100, length: 100)
    #expect(throws: SignalError.self) { try estimator.spectrum(of: SignalBlock(channelCount: 1, sampleCount: 99)) }
    #expect(throws: SignalError.self) { try SlepianTapers(length: 10, timeHalfBandwidth: 5, count: 3) }
    #expect(throws: SignalError.self) { try SlepianTapers(length: 10, timeHalfBandwidth: 2, count: 11) }
  }
}
