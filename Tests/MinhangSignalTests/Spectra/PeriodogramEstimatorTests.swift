import MinhangCore
import Testing

@testable import MinhangSignal

struct PeriodogramEstimatorTests {
  struct Goldens: Decodable {
    struct Case: Decodable {
      let kind: String
      let taper: String
      let detrend: String
      let window: Int
      let overlap: Int
      let length: Int
      let density: [Double]
    }
    let rate: Double
    let channels: Int
    let signal: [Double]
    let cases: [Case]
  }

  @Test func `periodograms and median averages equal scipy's`() throws {
    let golden: Goldens = try Golden.load("periodogram.json")
    let signal = SignalBlock(contiguous: golden.signal, channelCount: golden.channels)
    var periodograms = Parity("PeriodogramEstimator", against: "scipy.signal.periodogram")
    var medians = Parity("WelchEstimator(average:.median)", against: "scipy.signal.welch(average=median)")
    for item in golden.cases {
      let taper = try #require(Taper(name: item.taper))
      let detrend = try #require(Detrend(rawValue: item.detrend))
      // 1e-10 of the largest: the acceptance figure of filtered signals; rounding is about 1e-15.
      if item.kind == "periodogram" {
        let spectrum = try PeriodogramEstimator(sampleRate: golden.rate, taper: taper, detrend: detrend, transformLength: item.length)
          .spectrum(of: signal)
        #expect(periodograms.compare(densities(spectrum), item.density) < 1e-10)
      } else {
        var estimator = try WelchEstimator(
          sampleRate: golden.rate, channelCount: golden.channels, windowLength: item.window, overlap: item.overlap, taper: taper,
          detrend: detrend, average: .median)
        estimator.add(signal)
        #expect(medians.compare(densities(estimator.spectrum()), item.density) < 1e-10)
      }
    }
    periodograms.report()
    medians.report()
  }

  @Test func `the median has the same bits for any cutting and any channels beside, and keeps what is not finite in its channel`() throws {
    var signal = TestSignals.drifting(channels: 5, samples: 300)
    func spectrum(_ blocks: [SignalBlock]) throws -> PowerSpectrum {
      var estimator = try WelchEstimator(
        sampleRate: 100, channelCount: blocks[0].channelCount, windowLength: 40, overlap: 13, average: .median)
      for block in blocks {
        estimator.add(block)
        _ = estimator.spectrum()  // looking must not disturb
      }
      return estimator.spectrum()
    }
    let whole = try spectrum([signal])
    for cuts in TestSignals.cuttings(of: 300) { #expect(try spectrum(cuts.map { TestSignals.cut(signal, $0) }) == whole) }
    #expect(try spectrum([TestSignals.channel(3, of: signal)]).channel(0).elementsEqual(whole.channel(3)))
    signal[channel: 2, sample: 77] = .nan
    let spoilt = try spectrum([signal])
    for c in [0, 1, 3, 4] { #expect(spoilt.channel(c).elementsEqual(whole.channel(c))) }
    #expect(spoilt.channel(2).allSatisfy { $0.isNaN })
  }

  @Test func `one burst moves the mean and hardly the median`() throws {
    var signal = TestSignals.drifting(channels: 1, samples: 2000)
    func power(_ average: SpectrumAverage) throws -> Double {
      var estimator = try WelchEstimator(sampleRate: 100, channelCount: 1, windowLength: 100, overlap: 0, average: average)
      estimator.add(signal)
      return estimator.spectrum().bandPower(20...40, channel: 0)
    }
    let (mean, median) = (try power(.mean), try power(.median))
    for i in 600..<700 { signal[channel: 0, sample: i] += i % 2 == 0 ? 3000 : -3000 * Double(i % 3) }
    #expect(try power(.mean) > 10 * mean)
    // One of twenty windows moves the median by at most one rank: less than the spread of a χ² of two degrees of freedom between ranks.
    #expect(try power(.median) < 1.5 * median)
  }

  @Test func `the bias of the median is that of Allen et al`() {
    #expect(SpectrumAverage.medianBias(count: 1) == 1)
    #expect(SpectrumAverage.medianBias(count: 3) == 1 - 1.0 / 2 + 1.0 / 3)
    // the rest of the series is below 1 / count
    #expect((SpectrumAverage.medianBias(count: 100_001) - 0.6931471805599453).magnitude < 1e-5)
  }

  @Test func `an empty signal is refused`() {
    #expect(throws: SignalError.self) {
      try PeriodogramEstimator(sampleRate: 100).spectrum(of: SignalBlock(channelCount: 1, sampleCount: 0))
    }
  }
}

/// All densities of a spectrum, `[channels × bins]`.
func densities(_ spectrum: PowerSpectrum) -> [Double] { (0..<spectrum.channelCount).flatMap { Array(spectrum.channel($0)) } }
