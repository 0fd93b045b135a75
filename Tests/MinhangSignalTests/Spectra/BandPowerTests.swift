import MinhangCore
import Testing

@testable import MinhangSignal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct BandPowerTests {
  /// A spectrum of random densities, 0…50 Hz in steps of 0.5 Hz.
  private static let spectrum: PowerSpectrum = {
    var generator = SeededGenerator(seed: 5)
    return PowerSpectrum(
      frequencies: (0...100).map { 0.5 * Double($0) }, resolution: 0.5, densities: (0..<202).map { _ in generator.nextUniform() },
      channelCount: 2, windowCount: 1)
  }()
  // Sums of up to a hundred terms of size 1.
  private static let rounding = 1e-13

  @Test func `adjacent bands add up, wherever they are cut`() {
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<200 {
      let edges = (0..<3).map { _ in 52 * generator.nextUniform() }.sorted()
      for c in 0..<2 {
        let parts = Self.spectrum.bandPower(edges[0]...edges[1], channel: c) + Self.spectrum.bandPower(edges[1]...edges[2], channel: c)
        #expect((parts - Self.spectrum.bandPower(edges[0]...edges[2], channel: c)).magnitude < Self.rounding * 50)
      }
    }
  }

  @Test func `a flat density gives density times width for any edges`() {
    let flat = PowerSpectrum(
      frequencies: (0...100).map { 0.5 * Double($0) }, resolution: 0.5, densities: [Double](repeating: 3, count: 101), channelCount: 1,
      windowCount: 1)
    for (low, high) in [(8.0, 13.0), (8.1, 12.9), (0.01, 0.02), (0, 50), (49.9, 50)] {
      #expect((flat.bandPower(low...high, channel: 0) - 3 * (high - low)).magnitude < Self.rounding * 150)
    }
  }

  @Test func `between bins it is the trapezoid rule`() {
    let row = Array(Self.spectrum.channel(1))
    var expected = 0.0
    for k in 16..<26 { expected += 0.5 * (row[k] + row[k + 1]) / 2 }
    #expect((Self.spectrum.bandPower(8...13, channel: 1) - expected).magnitude < Self.rounding)
  }

  @Test func `scales agree with one another and parts of a whole add up to one`() {
    let bands: [ClosedRange<Double>] = [0...4, 4...8, 8...13, 13...30, 30...50]
    let shares = bands.map { Self.spectrum.bandPower($0, channel: 0, scale: .relative) }
    #expect((shares.reduce(0, +) - 1).magnitude < Self.rounding)
    let absolute = Self.spectrum.bandPower(8...13, channel: 0, scale: .absolute)
    #expect(absolute == Self.spectrum.bandPower(8...13, channel: 0))
    let decibel = Self.spectrum.bandPower(8...13, channel: 0, scale: .decibel)
    #expect((decibel - 10 * log10(absolute)).magnitude < Self.rounding)
    #expect(BandPowerScale.allCases.map(\.rawValue) == ["absolute", "relative", "db"])
    #expect(BandPowerScale.allCases.map(\.unit) == ["\u{B5}V\u{B2}", "1", "dB"])
  }

  @Test func `outside the spectrum there is no power, and nothing traps`() {
    #expect(Self.spectrum.bandPower(60...70, channel: 0) == 0)
    #expect(Self.spectrum.bandPower(-5 ... -1, channel: 0) == 0)
    #expect(Self.spectrum.bandPower(8...8, channel: 0) == 0)
    #expect(Self.spectrum.bandPower(-.infinity ... .infinity, channel: 0) == Self.spectrum.totalPower(channel: 0))
    let single = PowerSpectrum(frequencies: [0], resolution: 1, densities: [2], channelCount: 1, windowCount: 1)
    #expect(single.bandPower(0...10, channel: 0) == 0)
  }

  @Test func `a sine's power lies in its band`() throws {
    let samples = (0..<2000).map { 4 * sine($0, frequency: 10, rate: 250) }
    var estimator = try WelchEstimator(sampleRate: 250, channelCount: 1, windowLength: 500, overlap: 250)
    estimator.add(SignalBlock(contiguous: samples, channelCount: 1))
    let spectrum = estimator.spectrum()
    #expect((spectrum.bandPower(8...13, channel: 0) - 8).magnitude < 1e-9)  // 4² / 2; a Hann window keeps a sine on a bin within two bins
    #expect(spectrum.bandPower(8...13, channel: 0, scale: .relative) > 1 - 1e-9)
  }
}
