import MinhangCore
import Testing

@testable import MinhangSignal

struct ConnectivityEstimatorTests {
  struct Goldens: Decodable {
    struct Case: Decodable {
      let bandwidth: Double?
      let lowBias: Bool
      let coh: [Double]
      let imcoh: [Double]
      let plv: [Double]
      let pli: [Double]
      let wpli: [Double]
    }
    let rate: Double
    let epochs: Int
    let channels: Int
    let samples: Int
    /// `[epochs × channels × samples]`.
    let signal: [Double]
    let cases: [Case]
    let cross: [Double]
    let squaredCoherence: [Double]

    /// The epochs as blocks.
    var blocks: [SignalBlock] {
      (0..<epochs).map { e in
        let start = e * channels * samples
        return SignalBlock(contiguous: Array(signal[start..<(start + channels * samples)]), channelCount: channels, segment: e)
      }
    }
  }

  @Test func `measures equal mne-connectivity's over epochs`() throws {
    let golden: Goldens = try Golden.load("connectivity.json")
    let bins = golden.samples / 2 + 1
    var parities = ["coherence", "imaginaryCoherence", "phaseLockingValue", "phaseLagIndex", "weightedPhaseLagIndex"].map {
      Parity("Connectivity.\($0)", against: "mne_connectivity.spectral_connectivity_epochs")
    }
    for item in golden.cases {
      var estimator = try ConnectivityEstimator(
        sampleRate: golden.rate, channelCount: golden.channels, windowLength: golden.samples,
        tapering: .multitaper(bandwidth: item.bandwidth, lowBias: item.lowBias))
      for block in golden.blocks { estimator.add(block) }
      let found = estimator.connectivity()
      #expect(found.windowCount == golden.epochs && found.pairs == [ChannelPair(0, 1), ChannelPair(0, 2), ChannelPair(1, 2)])
      // At frequency 0 and half the rate the imaginary part is rounding or exactly zero: measures of its sign mean nothing there.
      for p in 0..<3 {
        let inside = (p * bins + 1)..<((p + 1) * bins - 1)
        let got = [
          found.coherence(pair: p), found.imaginaryCoherence(pair: p), found.phaseLockingValue(pair: p), found.phaseLagIndex(pair: p),
          found.weightedPhaseLagIndex(pair: p),
        ]
        for (m, expected) in [item.coh, item.imcoh, item.plv, item.pli, item.wpli].enumerated() {
          #expect(parities[m].compare(got[m][1..<(bins - 1)], expected[inside]) < 1e-9, "\(parities[m].function)")  // the acceptance figure
        }
      }
    }
    for parity in parities { parity.report() }
  }

  @Test func `cross-spectra and coherence equal scipy's`() throws {
    let golden: Goldens = try Golden.load("connectivity.json")
    let rows = (0..<golden.channels).flatMap { c in golden.blocks.flatMap { Array($0.channel(c)) } }
    var estimator = try ConnectivityEstimator(sampleRate: golden.rate, channelCount: golden.channels, windowLength: 40, overlap: 20)
    estimator.add(SignalBlock(contiguous: rows, channelCount: golden.channels))
    let found = estimator.connectivity()
    var cross = Parity("Connectivity.crossDensity", against: "scipy.signal.csd")
    var coherence = Parity("Connectivity.coherence²", against: "scipy.signal.coherence")
    // The acceptance figure, 1e-9; detrending leaves rounding at frequency 0, whose coherence means nothing.
    #expect(cross.compare((0..<3).flatMap { found.crossDensity(pair: $0).parts }, golden.cross) < 1e-9)
    for p in 0..<3 {
      let squared = found.coherence(pair: p).map { $0 * $0 }
      #expect(coherence.compare(squared[1...], golden.squaredCoherence[(p * 21 + 1)..<((p + 1) * 21)]) < 1e-9)
    }
    cross.report()
    coherence.report()
  }

  @Test func `the same bits for any cutting, any channels beside and any list of pairs`() throws {
    let signal = TestSignals.drifting(channels: 4, samples: 300)
    func found(_ blocks: [SignalBlock], _ pairs: [ChannelPair]? = nil) throws -> Connectivity {
      var estimator = try ConnectivityEstimator(
        sampleRate: 100, channelCount: blocks[0].channelCount, windowLength: 40, overlap: 17, pairs: pairs)
      for block in blocks { estimator.add(block) }
      return estimator.connectivity()
    }
    let whole = try found([signal])
    for cuts in TestSignals.cuttings(of: 300) { #expect(try found(cuts.map { TestSignals.cut(signal, $0) }) == whole) }
    let chosen = try found([signal], [ChannelPair(1, 3), ChannelPair(3, 1)])
    let index = try #require(whole.pairs.firstIndex(of: ChannelPair(1, 3)))
    #expect(chosen.coherence(pair: 0) == whole.coherence(pair: index))
    #expect(chosen.imaginaryCoherence(pair: 1) == whole.imaginaryCoherence(pair: index).map { -$0 })
    #expect(chosen.phaseLagIndex(pair: 1) == whole.phaseLagIndex(pair: index))
  }

  @Test func `the first channel leads where the imaginary part is positive`() throws {
    let rate = 200.0
    let leading = (0..<2000).map { sine($0, frequency: 10, rate: rate) }
    let lagging = (0..<2000).map { sine($0, frequency: 10, rate: rate, phase: -1) }
    var estimator = try ConnectivityEstimator(sampleRate: rate, channelCount: 2, windowLength: 200, overlap: 77)
    estimator.add(SignalBlock(contiguous: leading + lagging, channelCount: 2))
    let found = estimator.connectivity()
    #expect((found.coherence(pair: 0)[10] - 1).magnitude < 1e-12)  // two pure sines; rounding
    #expect((found.imaginaryCoherence(pair: 0)[10] - 0.8414709848078965).magnitude < 1e-12)  // sin 1
    #expect((found.phaseLagIndex(pair: 0)[10], found.weightedPhaseLagIndex(pair: 0)[10]) == (1, 1))
    #expect((found.crossDensity(pair: 0)[10].phase + 1).magnitude < 1e-12)
  }

  @Test func `what is not finite stays in the pairs of its channel, and silence has no direction`() throws {
    var signal = TestSignals.drifting(channels: 4, samples: 120)
    for i in 0..<120 { signal[channel: 3, sample: i] = 5 }
    func found() throws -> Connectivity {
      var estimator = try ConnectivityEstimator(sampleRate: 100, channelCount: 4, windowLength: 40)
      estimator.add(signal)
      return estimator.connectivity()
    }
    let clean = try found()
    #expect(clean.coherence(pair: 2).allSatisfy { $0.isNaN })
    #expect(clean.phaseLockingValue(pair: 2).allSatisfy { $0 == 0 } && clean.weightedPhaseLagIndex(pair: 2).allSatisfy { $0 == 0 })
    signal[channel: 1, sample: 60] = .nan
    let spoilt = try found()
    for (p, pair) in clean.pairs.enumerated() {
      if pair.first == 1 || pair.second == 1 {
        #expect(spoilt.phaseLockingValue(pair: p).allSatisfy { $0.isNaN })
        #expect(spoilt.phaseLagIndex(pair: p).allSatisfy { $0.isNaN } && spoilt.weightedPhaseLagIndex(pair: p).allSatisfy { $0.isNaN })
      } else {
        #expect(spoilt.phaseLockingValue(pair: p) == clean.phaseLockingValue(pair: p))
      }
    }
  }

  @Test func `without a whole window every value is NaN`() throws {
    let found = try ConnectivityEstimator(sampleRate: 100, channelCount: 2, windowLength: 40).connectivity()
    for values in [
      found.coherence(pair: 0), found.phaseLockingValue(pair: 0), found.phaseLagIndex(pair: 0), found.weightedPhaseLagIndex(pair: 0),
    ] {
      #expect(values.count == 21 && values.allSatisfy { $0.isNaN })
    }
  }

  @Test func `impossible settings are refused`() {
    for (rate, channels, window, overlap) in [
      (0.0, 2, 40, 0), (100, 0, 40, 0), (100, 2, 1, 0), (100, 2, 40, 40), (100, 2, 40, -1), (100, .max, 40, 0), (100, 2, .max, 0),
      (100, 20_000, 4000, 0),
    ] {
      #expect(throws: SignalError.self) {
        try ConnectivityEstimator(sampleRate: rate, channelCount: channels, windowLength: window, overlap: overlap)
      }
    }
    #expect(throws: SignalError.self) {
      try ConnectivityEstimator(sampleRate: 100, channelCount: 2, windowLength: 40, pairs: [ChannelPair(0, 2)])
    }
  }
}
