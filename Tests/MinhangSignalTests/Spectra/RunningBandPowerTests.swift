import MinhangCore
import Testing

@testable import MinhangSignal

struct RunningBandPowerTests {
  struct Goldens: Decodable {
    let rate: Double
    let channels: Int
    let signal: [Double]
    let window: Int
    let step: Int
    let order: Int
    /// `[windows × channels × bands]`.
    let values: [Double]
  }

  static let bands: [ClosedRange<Double>] = [4...8, 8...13, 13...30]

  @Test func `readings equal the running mean of scipy's filtered signal`() throws {
    let golden: Goldens = try Golden.load("running-power.json")
    var running = try RunningBandPower(
      sampleRate: golden.rate, channelCount: golden.channels, bands: Self.bands, order: golden.order, windowLength: golden.window,
      step: golden.step)
    let windows = running.add(SignalBlock(contiguous: golden.signal, channelCount: golden.channels))
    #expect(windows.map(\.firstSample) == Array(stride(from: 0, through: 400 - golden.window, by: golden.step)))
    var parity = Parity("RunningBandPower", against: "numpy.mean(scipy.signal.sosfilt²)")
    #expect(parity.compareEach(windows.flatMap(\.values), golden.values) < 1e-10)  // the acceptance figure of filtered signals
    parity.report()
  }

  @Test(arguments: [(60, 10), (35, 5), (1, 1), (64, 64), (77, 7)], [1, 8, 11])
  func `readings have the same bits for any cutting and any channels beside`(setting: (window: Int, step: Int), channels: Int) throws {
    let signal = TestSignals.drifting(channels: channels, samples: 300)
    func windows(_ blocks: [SignalBlock]) throws -> [BandPowerWindow] {
      var running = try RunningBandPower(
        sampleRate: 100, channelCount: blocks[0].channelCount, bands: Self.bands, windowLength: setting.window, step: setting.step)
      return blocks.flatMap { running.add($0) }
    }
    let whole = try windows([signal])
    #expect(whole.count == (300 - setting.window) / setting.step + 1)
    for cuts in TestSignals.cuttings(of: 300) { #expect(try windows(cuts.map { TestSignals.cut(signal, $0) }) == whole) }
    let last = channels - 1
    let alone = try windows([TestSignals.channel(last, of: signal)])
    #expect(alone.map(\.values) == whole.map { Array($0.values[(3 * last)..<(3 * last + 3)]) })
  }

  @Test func `readings have the same bits for two hundred random cuttings`() throws {
    let signal = TestSignals.drifting(channels: 9, samples: 200)
    let running = try RunningBandPower(sampleRate: 100, channelCount: 9, bands: [8...13], windowLength: 30, step: 6)
    var whole = running
    let expected = whole.add(signal)
    for seed in 0..<200 {
      var generator = SeededGenerator(seed: UInt64(seed), stream: 77)
      var cut = running
      var (start, found) = (0, [BandPowerWindow]())
      while start < 200 {
        let end = min(200, start + 1 + generator.nextInteger(below: 40))
        found += cut.add(TestSignals.cut(signal, start..<end))
        start = end
      }
      #expect(found == expected)
    }
  }

  @Test(arguments: 1...9)
  func `each band is what a causal filter lets through, for every number of sections`(sections: Int) throws {
    let signal = TestSignals.drifting(channels: 10, samples: 137)
    let filter = SectionedFilter(
      sections: try (0..<sections).flatMap { try Butterworth.filter(order: 1, .lowPass(10 + 2 * Double($0)), sampleRate: 100).sections },
      sampleRate: 100)
    for starts in [true, false] {
      var running = try RunningBandPower(filters: [filter], channelCount: 10, windowLength: 137, step: 137, startsAtSteadyState: starts)
      var filtered = signal
      var causal = CausalFilter(filter, startsAtSteadyState: starts)
      causal.process(&filtered)
      let window = try #require(running.add(signal).first)
      for c in 0..<10 {
        // The same operations in the same order: the same bits.
        #expect(window[channel: c, band: 0] == filtered.channel(c).reduce(0) { $0 + $1 * $1 } / 137)
      }
    }
  }

  @Test func `nothing drifts: after an hour and a huge burst the reading is that of its own window`() throws {
    var running = try RunningBandPower(
      filters: [SectionedFilter(sections: [SecondOrderSection(b0: 1, b1: 0, b2: 0, a1: 0, a2: 0)], sampleRate: 100)], channelCount: 1,
      windowLength: 50, step: 10)
    var generator = SeededGenerator(seed: 3)
    var last: [BandPowerWindow] = []
    var tail: [Double] = []
    for second in 0..<3600 {
      tail = (0..<100).map { _ in (second == 1800 ? 1e12 : 1) * generator.nextNormal() }
      last = running.add(SignalBlock(contiguous: tail, channelCount: 1, firstSample: second * 100))
    }
    let expected = tail.suffix(50).reduce(0) { $0 + $1 * $1 } / 50
    // Fifty positive terms: 50 ulp at most. A running sum with subtractions would be off by 1e24 · 1e-16 = 1e8.
    let difference = try #require(last.last)[channel: 0, band: 0] - expected
    #expect(difference.magnitude <= 50 * expected.ulp)
  }

  @Test func `filters and windows start anew at a gap and after a reset`() throws {
    let signal = TestSignals.drifting(channels: 2, samples: 300)
    func running() throws -> RunningBandPower {
      try RunningBandPower(sampleRate: 100, channelCount: 2, bands: Self.bands, windowLength: 40, step: 20)
    }
    var fresh = try running()
    let expected = fresh.add(TestSignals.cut(signal, 130..<300))
    for kind in 0..<3 {
      var part = TestSignals.cut(signal, 130..<300)
      var used = try running()
      _ = used.add(TestSignals.cut(signal, 0..<130))
      switch kind {
      case 0: part.segment = 1
      case 1: part.firstSample = 131
      default: used.reset()
      }
      let found = used.add(part)
      #expect(found.map(\.values) == expected.map(\.values))
      #expect(found.map(\.firstSample) == expected.map { $0.firstSample + (kind == 1 ? 1 : 0) })
      #expect(found.allSatisfy { $0.segment == (kind == 0 ? 1 : 0) && $0.sampleCount == 40 })
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `what is not finite stays in its channel, until the next start`(value: Double) throws {
    var signal = TestSignals.drifting(channels: 9, samples: 100)
    var clean = try RunningBandPower(sampleRate: 100, channelCount: 9, bands: Self.bands, windowLength: 20, step: 20)
    let expected = clean.add(signal)
    let after = TestSignals.drifting(channels: 9, samples: 20, seed: 2)
    signal[channel: 4, sample: 50] = value
    var spoilt = try RunningBandPower(sampleRate: 100, channelCount: 9, bands: Self.bands, windowLength: 20, step: 20)
    for (got, wanted) in zip(spoilt.add(signal), expected) {
      for c in 0..<9 where c != 4 { for b in 0..<3 { #expect(got[channel: c, band: b] == wanted[channel: c, band: b]) } }
      #expect(got[channel: 4, band: 0].isFinite == (got.firstSample < 40))
    }
    #expect(spoilt.add(after).allSatisfy { $0.values.allSatisfy { $0.isFinite } })
  }

  @Test func `a reading writes what it says`() throws {
    var running = try RunningBandPower(sampleRate: 100, channelCount: 3, bands: Self.bands, windowLength: 20, step: 20)
    var copied = [Double](repeating: 0, count: 9)
    running.process(TestSignals.drifting(channels: 3, samples: 20)) { reading in
      copied.withUnsafeMutableBufferPointer { reading.copy(to: $0) }
      #expect(copied[5] == reading[channel: 1, band: 2])
    }
    #expect(copied.allSatisfy { $0 > 0 })
  }

  @Test func `impossible settings are refused`() {
    for (channels, window, step) in [
      (0, 20, 10), (1, 20, 0), (1, 0, 1), (1, 25, 10), (1, 10, 20), (.max, 20, 10), (1 << 20, 1 << 20, 1), (1, .max, 1),
    ] {
      #expect(throws: SignalError.self) {
        try RunningBandPower(sampleRate: 100, channelCount: channels, bands: Self.bands, windowLength: window, step: step)
      }
    }
    #expect(throws: SignalError.self) { try RunningBandPower(sampleRate: 100, channelCount: 1, bands: [], windowLength: 20, step: 10) }
    #expect(throws: SignalError.self) {
      try RunningBandPower(sampleRate: 100, channelCount: 1, bands: [40...60], windowLength: 20, step: 10)
    }
  }
}
