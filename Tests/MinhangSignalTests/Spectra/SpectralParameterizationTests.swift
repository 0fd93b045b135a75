import MinhangCore
import Testing

@testable import MinhangSignal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct SpectralParameterizationTests {
  struct Goldens: Decodable {
    struct Case: Decodable {
      let mode: String
      let low: Double
      let high: Double
      let power: [Double]
      let aperiodic: [Double]
      let peaks: [Double]
      let truth: [Double]
    }
    let resolution: Double
    let cases: [Case]
  }

  private static let settings = SpectralParameterization.Settings(bandwidths: 1...12, maximumPeaks: 6, minimumHeight: 0.1)

  private static func spectrum(_ power: [Double], resolution: Double) -> PowerSpectrum {
    PowerSpectrum(
      frequencies: power.indices.map { Double($0) * resolution }, resolution: resolution, densities: power, channelCount: 1, windowCount: 1)
  }

  @Test func `components and peaks equal those of specparam`() throws {
    let golden: Goldens = try Golden.load("aperiodic.json")
    var fixed = Parity("SpectralParameterization(fixed)", against: "specparam.SpectralModel")
    var knee = Parity("SpectralParameterization(knee)", against: "specparam.SpectralModel")
    for item in golden.cases {
      var settings = Self.settings
      settings.mode = try #require(.init(rawValue: item.mode))
      let found = try SpectralParameterization(
        Self.spectrum(item.power, resolution: golden.resolution), channel: 0, range: item.low...item.high, settings: settings)
      #expect(found.converged)
      #expect(found.peaks.count == item.peaks.count / 3)
      let numbers =
        [found.aperiodic.offset] + (settings.mode == .knee ? [found.aperiodic.knee] : []) + [found.aperiodic.exponent]
        + found.peaks.flatMap { [$0.frequency, $0.height, $0.deviation] }
      // Both are at the minimum of the same sum of squares, found by different ways. Near a minimum the sum is flat: changes of the parameters by
      // √ulp ≈ 1e-8 do not show in it, times the condition of the problem (knee and exponent go together), about 100.
      if settings.mode == .fixed {
        #expect(fixed.compareEach(numbers, item.aperiodic + item.peaks) < 1e-6, "\(numbers) \(item.aperiodic) \(item.peaks)")
      } else {
        #expect(knee.compareEach(numbers, item.aperiodic + item.peaks) < 1e-6, "\(numbers) \(item.aperiodic) \(item.peaks)")
      }
    }
    fixed.report()
    knee.report()
  }

  @Test func `the robust fit keeps what lies below the percentile 0.025 of 100, not more`() throws {
    // One bin without power draws the first fit below almost every other one. Of 201 bins the percentile 0.025 then keeps that bin alone, which is
    // too few for a second fit: the peaks are searched for above the first one. A percentile of 2.5 would keep five bins and fit them.
    let resolution = 0.2
    let power = (0...205).map { k -> Double in
      let frequency = Double(k) * resolution
      guard k > 0 else { return 1 }
      return pow(10, 2 - 1.5 * log10(frequency) + PeakSearch.gaussian(frequency, 10, 0.5, 0.8) - (k == 60 ? 40 : 0))
    }
    let spectrum = Self.spectrum(power, resolution: resolution)
    let bins = spectrum.frequencies.indices.filter { (1.0...41).contains(spectrum.frequencies[$0]) }
    let (frequencies, logarithms) = (bins.map { spectrum.frequencies[$0] }, bins.map { log10(power[$0]) })
    let first = AperiodicComponent.fitted(to: frequencies, logarithms, mode: .fixed).component
    let flat = frequencies.indices.map { logarithms[$0] - first.logarithm(at: frequencies[$0]) }
    #expect(flat.count == 201 && flat.count { $0 <= 0 } <= 3)
    let settings = SpectralParameterization.Settings(bandwidths: 1...12, maximumPeaks: 1, minimumHeight: 0.1, threshold: 0.01)
    let expected = PeakSearch(frequencies: frequencies, resolution: resolution, settings: settings).peaks(in: flat).peaks
    let found = try SpectralParameterization(spectrum, channel: 0, range: 1...41, settings: settings)
    #expect(found.peaks == expected && expected.count == 1)
  }

  @Test(arguments: AperiodicComponent.Mode.allCases)
  func `an aperiodic spectrum is found again`(mode: AperiodicComponent.Mode) throws {
    let truth = AperiodicComponent(offset: 2, knee: mode == .knee ? 100 : 0, exponent: 1.9)
    let power = (0...160).map { k in k == 0 ? 1 : pow(10, truth.logarithm(at: Double(k) / 2)) }
    var settings = Self.settings
    settings.mode = mode
    let found = try SpectralParameterization(Self.spectrum(power, resolution: 0.5), channel: 0, range: 1...70, settings: settings)
    #expect(found.peaks.isEmpty && found.converged)
    // A perfect fit: rounding of the logarithms, times the condition of the problem.
    #expect((found.aperiodic.exponent - 1.9).magnitude < 1e-10 && (found.aperiodic.offset - 2).magnitude < 1e-10)
    #expect((found.aperiodic.knee - truth.knee).magnitude < 1e-8)
    #expect((found.determination - 1).magnitude < 1e-12)
  }

  @Test func `peaks are found again`() throws {
    let truth = AperiodicComponent(offset: 2, exponent: 1.9)
    let power = (0...160).map { k in
      let f = Double(k) / 2
      let peaks = PeakSearch.gaussian(f, 10, 0.8, 1.5) + PeakSearch.gaussian(f, 25, 0.5, 2)
      return k == 0 ? 1 : pow(10, truth.logarithm(at: f) + peaks)
    }
    let spectrum = Self.spectrum(power, resolution: 0.5)
    let found = try SpectralParameterization(spectrum, channel: 0, range: 1...70, settings: Self.settings)
    // The flanks of the peaks bend the first aperiodic fit a little, which is what the peaks are then measured from.
    #expect((found.aperiodic.exponent - 1.9).magnitude < 0.02 && (found.aperiodic.offset - 2).magnitude < 0.02)
    #expect(found.peaks.count == 2)
    #expect((found.peaks[0].frequency - 10).magnitude < 0.05 && (found.peaks[1].frequency - 25).magnitude < 0.05)
    #expect((found.peaks[0].height - 0.8).magnitude < 0.02 && (found.peaks[0].bandwidth - 3).magnitude < 0.1)
    #expect(found.determination > 0.999)
    #expect((found.logarithm(at: 10) - log10(power[20])).magnitude < 0.02)
    #expect(found == (try SpectralParameterization(spectrum, channel: 0, range: 1...70, settings: Self.settings)))
  }

  @Test func `scaling the signal moves the offset and nothing else`() throws {
    let golden: Goldens = try Golden.load("aperiodic.json")
    let item = golden.cases[2]
    let one = try SpectralParameterization(Self.spectrum(item.power, resolution: 0.5), channel: 0, range: 2...45, settings: Self.settings)
    let scaled = Self.spectrum(item.power.map { $0 * 100 }, resolution: 0.5)
    let two = try SpectralParameterization(scaled, channel: 0, range: 2...45, settings: Self.settings)
    // Rounding of logarithms, through the fit: √ulp as above.
    #expect((two.aperiodic.offset - one.aperiodic.offset - 2).magnitude < 1e-9)
    #expect((two.aperiodic.exponent - one.aperiodic.exponent).magnitude < 1e-9)
    for (a, b) in zip(one.peaks, two.peaks) { #expect((a.frequency - b.frequency).magnitude < 1e-6) }
  }

  @Test func `what cannot be fitted is refused`() {
    let power = [Double](repeating: 1, count: 50)
    for bad in [0, -1, Double.nan, .infinity] {
      var damaged = power
      damaged[20] = bad
      #expect(throws: SignalError.self) { try SpectralParameterization(Self.spectrum(damaged, resolution: 1), channel: 0, range: 1...40) }
    }
    let spectrum = Self.spectrum(power, resolution: 1)
    #expect(throws: SignalError.self) { try SpectralParameterization(spectrum, channel: 0, range: 1...3) }
    #expect(throws: SignalError.self) {
      try SpectralParameterization(spectrum, channel: 0, range: 1...40, settings: .init(bandwidths: 0...12))
    }
    #expect(throws: SignalError.self) {
      try SpectralParameterization(spectrum, channel: 0, range: 1...40, settings: .init(maximumPeaks: -1))
    }
  }

  @Test func `a flat spectrum has the exponent 0 and no peaks`() throws {
    let found = try SpectralParameterization(Self.spectrum([Double](repeating: 100, count: 50), resolution: 1), channel: 0, range: 1...40)
    #expect(found.peaks.isEmpty && found.aperiodic.exponent.magnitude < 1e-14 && (found.aperiodic.offset - 2).magnitude < 1e-14)
  }
}
