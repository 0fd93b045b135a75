import MinhangCore
import Testing

@testable import MinhangSignal

struct WelchEstimatorTests {
  struct Goldens: Decodable {
    struct Case: Decodable {
      let taper: String
      let window: Int
      let overlap: Int
      let detrend: String
      let length: Int
      let density: [Double]
    }
    let rate: Double
    let channels: Int
    let signal: [Double]
    let cases: [Case]
  }

  @Test func `densities equal scipy's welch for every taper, overlap, detrend and length`() throws {
    let golden: Goldens = try Golden.load("welch.json")
    let signal = SignalBlock(contiguous: golden.signal, channelCount: golden.channels)
    var parity = Parity("WelchEstimator", against: "scipy.signal.welch")
    for item in golden.cases {
      let spectrum = try spectrum(
        of: signal, rate: golden.rate, window: item.window, overlap: item.overlap, taper: #require(Taper(name: item.taper)),
        detrend: #require(Detrend(rawValue: item.detrend)), transformLength: item.length)
      let bins = item.length / 2 + 1
      #expect(spectrum.frequencies.count == bins)
      for c in 0..<golden.channels {
        let raw = signal.channel(c).reduce(0) { max($0, $1.magnitude) }
        let densities = item.density[(c * bins)..<((c + 1) * bins)]
        // Where detrending leaves nothing but rounding, there is nothing to be a part of.
        if densities.max().map({ $0 > 1e-20 * raw * raw }) == true { parity.compare(spectrum.channel(c), densities) }
        for k in 0..<bins {
          let expected = item.density[c * bins + k]
          // The acceptance figure, 1e-10 relative. A bin that detrending empties holds only the rounding of the subtraction: the square of a few
          // ulp of the raw signal, times the window's length.
          let rounding = raw * Double.ulpOfOne * Double(item.window)
          let difference = (spectrum[channel: c, frequency: k] - expected).magnitude
          #expect(difference <= 1e-10 * expected + rounding * rounding, "\(item.taper) \(item.window) \(item.detrend) bin \(k)")
        }
      }
    }
    parity.report()
  }

  @Test(arguments: Taper.standard, [64, 75])
  func `the density sums to the power of the tapered signal`(taper: Taper, length: Int) throws {
    let signal = TestSignals.drifting(channels: 1, samples: length)
    let spectrum = try spectrum(of: signal, rate: 250, window: length, overlap: 0, taper: taper, detrend: .none)
    let weights = taper.coefficients(count: length)
    let tapered = zip(signal.channel(0), weights).reduce(0) { $0 + ($1.0 * $1.1) * ($1.0 * $1.1) }
    let expected = tapered / weights.reduce(0) { $0 + $1 * $1 }
    let power = spectrum.channel(0).reduce(0, +) * spectrum.resolution
    #expect((power - expected).magnitude <= 1e-12 * expected)  // Parseval; the acceptance figure is 1e-9, rounding is about 1e-15
  }

  @Test(arguments: Taper.standard)
  func `a sine of amplitude A has the power A²÷2 for every taper`(taper: Taper) throws {
    // A sine on a bin with whole periods: the sum over all bins is the mean of A² sin² weighted by the squared taper. Averaging two windows a
    // quarter period apart makes sin² + cos² = 1, so the figure is exact for every taper.
    let (rate, window, amplitude) = (200.0, 400, 7.0)
    let samples = (0..<(window + 5)).map { amplitude * sine($0, frequency: 10, rate: rate, phase: 0.3) }
    let signal = SignalBlock(contiguous: samples, channelCount: 1)
    let spectrum = try spectrum(of: signal, rate: rate, window: window, overlap: window - 5, taper: taper, detrend: .none)
    #expect(spectrum.windowCount == 2)
    let power = spectrum.channel(0).reduce(0, +) * spectrum.resolution
    #expect((power - amplitude * amplitude / 2).magnitude < 1e-9 * amplitude * amplitude)  // the acceptance figure
  }

  @Test(arguments: [(50, 25), (33, 0), (64, 63), (7, 3), (250, 1)])
  func `the spectrum has the same bits for any cutting and any channels beside`(window: Int, overlap: Int) throws {
    let signal = TestSignals.drifting(channels: 11, samples: 700)
    let whole = try spectrum(of: signal, rate: 100, window: window, overlap: overlap)
    #expect(whole.windowCount == (700 - window) / (window - overlap) + 1)
    for cuts in TestSignals.cuttings(of: 700) {
      var estimator = try WelchEstimator(sampleRate: 100, channelCount: 11, windowLength: window, overlap: overlap)
      for range in cuts {
        estimator.add(TestSignals.cut(signal, range))
        _ = estimator.spectrum()  // looking must not disturb
      }
      #expect(estimator.spectrum() == whole)
    }
    for c in [0, 3, 10] {
      let alone = try spectrum(of: TestSignals.channel(c, of: signal), rate: 100, window: window, overlap: overlap)
      #expect(alone.channel(0).elementsEqual(whole.channel(c)))
    }
  }

  @Test func `what is not finite stays in its channel`() throws {
    var signal = TestSignals.drifting(channels: 10, samples: 300)
    let clean = try spectrum(of: signal, rate: 100, window: 50, overlap: 25)
    signal[channel: 6, sample: 120] = .nan
    let spoilt = try spectrum(of: signal, rate: 100, window: 50, overlap: 25)
    for c in 0..<10 where c != 6 { #expect(spoilt.channel(c).elementsEqual(clean.channel(c))) }
    #expect(spoilt.channel(6).allSatisfy { $0.isNaN })
  }

  @Test func `no window spans a gap`() throws {
    let signal = TestSignals.drifting(channels: 2, samples: 200)
    var first = TestSignals.cut(signal, 0..<90)
    var second = TestSignals.cut(signal, 90..<200)
    second.segment = 1
    var estimator = try WelchEstimator(sampleRate: 100, channelCount: 2, windowLength: 50, overlap: 25)
    estimator.add(first)
    estimator.add(second)
    #expect(estimator.windowCount == 2 + 3)
    // The same through a hole in the sample indices.
    first.firstSample = 0
    second.segment = 0
    second.firstSample = 91
    var holed = try WelchEstimator(sampleRate: 100, channelCount: 2, windowLength: 50, overlap: 25)
    holed.add(first)
    holed.add(second)
    #expect(holed.windowCount == 5)
    #expect(holed.spectrum() == estimator.spectrum())
  }

  @Test func `without a whole window the spectrum is empty`() throws {
    var estimator = try WelchEstimator(sampleRate: 100, channelCount: 2, windowLength: 50, overlap: 25)
    estimator.add(TestSignals.drifting(channels: 2, samples: 49))
    let spectrum = estimator.spectrum()
    #expect(spectrum.isEmpty && spectrum.windowCount == 0 && spectrum.channelCount == 2)
    #expect(spectrum.bandPower(8...13, channel: 1).isNaN)
  }

  @Test(arguments: [1, 2, 3, 5, 16]) func `the bits do not depend on the number of threads`(channels: Int) throws {
    let signal = TestSignals.drifting(channels: channels, samples: 900)
    let spectra = try (1...4).map { threads in
      var estimator = try WelchEstimator(sampleRate: 100, channelCount: channels, windowLength: 50, overlap: 25, threads: threads)
      for cut in [0..<333, 333..<900] { estimator.add(TestSignals.cut(signal, cut)) }
      return estimator.spectrum()
    }
    for spectrum in spectra.dropFirst() { #expect(spectrum == spectra[0]) }
    #expect(spectra[0].windowCount == 35)
  }

  @Test func `impossible settings are refused`() {
    for (rate, channels, window, overlap, length) in [
      (0.0, 1, 10, 5, 10), (.nan, 1, 10, 5, 10), (100, 0, 10, 5, 10), (100, 1, 0, 0, 10), (100, 1, 10, 10, 10), (100, 1, 10, -1, 10),
      (100, 1, 10, 5, 9), (100, 1, .max, 5, .max), (100, .max, 10, 5, 10), (100, 1, 10, .max, 10),
    ] {
      #expect(throws: SignalError.self) {
        try WelchEstimator(sampleRate: rate, channelCount: channels, windowLength: window, overlap: overlap, transformLength: length)
      }
    }
  }

  private func spectrum(
    of signal: SignalBlock, rate: Double, window: Int, overlap: Int, taper: Taper = .hann, detrend: Detrend = .constant,
    transformLength: Int? = nil
  ) throws -> PowerSpectrum {
    var estimator = try WelchEstimator(
      sampleRate: rate, channelCount: signal.channelCount, windowLength: window, overlap: overlap, taper: taper, detrend: detrend,
      transformLength: transformLength)
    estimator.add(signal)
    return estimator.spectrum()
  }
}
