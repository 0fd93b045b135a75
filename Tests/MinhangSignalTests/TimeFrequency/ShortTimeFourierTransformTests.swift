import MinhangCore
import Testing

@testable import MinhangSignal

struct ShortTimeFourierTransformTests {
  struct Goldens: Decodable {
    struct Case: Decodable {
      let taper: String
      let window: Int
      let step: Int
      let length: Int
      let scale: String
      let first: Int
      let values: [Double]
    }
    let rate: Double
    let signal: [Double]
    let cases: [Case]
  }

  @Test func `maps equal scipy's ShortTimeFFT, and go back to the signal`() throws {
    let golden: Goldens = try Golden.load("short-time.json")
    let signal = SignalBlock(contiguous: golden.signal, channelCount: 1)
    var parity = Parity("ShortTimeFourierTransform", against: "scipy.signal.ShortTimeFFT")
    for item in golden.cases {
      let transform = try ShortTimeFourierTransform(
        sampleRate: golden.rate, windowLength: item.window, step: item.step, taper: #require(Taper(name: item.taper)),
        transformLength: item.length, scale: #require(.init(rawValue: item.scale)))
      let map = transform.map(of: signal)
      #expect(map.samples.first == item.first * item.step)
      #expect(parity.compare(map.values, item.values) < 1e-10, "\(item.taper) \(item.window)")  // the acceptance figure of filtered signals
      let back = try transform.signal(of: map, sampleCount: signal.sampleCount)
      #expect(scaledDifference(back.channel(0), signal.channel(0)) < 1e-12)  // rounding, over weights of at least 1e-2
    }
    parity.report()
  }

  @Test(arguments: [(16, 5), (9, 9), (32, 1), (1, 1), (7, 3)], [1, 20, 100])
  func `the inverse is the signal, in its place`(setting: (window: Int, step: Int), samples: Int) throws {
    var signal = TestSignals.drifting(channels: 3, samples: samples)
    signal.firstSample = 4000
    let transform = try ShortTimeFourierTransform(
      sampleRate: 100, windowLength: setting.window, step: setting.step, taper: .hamming, scale: .density, threads: 2)
    let map = transform.map(of: signal)
    let back = try transform.signal(of: map, sampleCount: samples, firstSample: 4000)
    for c in 0..<3 { #expect(scaledDifference(back.channel(c), signal.channel(c)) < 1e-12) }  // rounding, over weights of at least 0.08²
    let alone = transform.map(of: TestSignals.channel(1, of: signal))
    #expect(alone.power(channel: 0, frequency: 0) == map.power(channel: 1, frequency: 0))
  }

  @Test func `what is not finite stays in its channel and in the windows that hold it`() throws {
    var signal = TestSignals.drifting(channels: 2, samples: 100)
    let transform = try ShortTimeFourierTransform(sampleRate: 100, windowLength: 10, step: 5)
    let clean = transform.map(of: signal)
    signal[channel: 0, sample: 42] = .nan
    let spoilt = transform.map(of: signal)
    #expect(spoilt.power(channel: 1, frequency: 2) == clean.power(channel: 1, frequency: 2))
    for (w, middle) in spoilt.samples.enumerated() {
      #expect(spoilt[channel: 0, frequency: 1, time: w].real.isNaN == ((middle - 5)..<(middle + 5)).contains(42))
    }
  }

  @Test func `impossible settings are refused`() throws {
    for (rate, window, step, length) in [
      (0.0, 8, 4, 8), (100, 0, 1, 8), (100, 8, 0, 8), (100, 8, 9, 8), (100, 8, 4, 7), (100, .max, 4, .max),
    ] {
      #expect(throws: SignalError.self) {
        try ShortTimeFourierTransform(sampleRate: rate, windowLength: window, step: step, transformLength: length)
      }
    }
    let signal = TestSignals.drifting(channels: 1, samples: 50)
    // Hann windows end to end leave their first samples without weight.
    let gapped = try ShortTimeFourierTransform(sampleRate: 100, windowLength: 10, step: 10)
    #expect(throws: SignalError.self) { try gapped.signal(of: gapped.map(of: signal), sampleCount: 50) }
    let dense = try ShortTimeFourierTransform(sampleRate: 100, windowLength: 10, step: 2)
    #expect(throws: SignalError.self) { try dense.signal(of: dense.map(of: signal), sampleCount: 40) }
  }
}
