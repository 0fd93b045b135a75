import MinhangCore
import Testing

@testable import MinhangSignal

struct MorletTransformTests {
  struct Goldens: Decodable {
    struct Case: Decodable {
      let frequencies: [Double]
      let cycles: [Double]
      let zeroMean: Bool
      let decimation: Int
      let values: [Double]
    }
    struct Wavelet: Decodable {
      let rate: Double
      let frequency: Double
      let cycles: Double
      let zeroMean: Bool
      let values: [Double]
    }
    let rate: Double
    let channels: Int
    let signal: [Double]
    let cases: [Case]
    let wavelets: [Wavelet]
  }

  @Test func `wavelets and maps equal MNE's`() throws {
    let golden: Goldens = try Golden.load("morlet.json")
    var wavelets = Parity("MorletWavelet", against: "mne.time_frequency.morlet")
    for item in golden.wavelets {
      let wavelet = try MorletWavelet(frequency: item.frequency, cycles: item.cycles, sampleRate: item.rate, hasZeroMean: item.zeroMean)
      #expect(wavelets.compare(wavelet.values.parts, item.values) < 1e-9, "\(item.frequency)")  // the acceptance figure
    }
    wavelets.report()
    let signal = SignalBlock(contiguous: golden.signal, channelCount: golden.channels)
    var maps = Parity("MorletTransform", against: "mne.time_frequency.tfr_array_morlet")
    for item in golden.cases {
      let map = try MorletTransform(
        sampleRate: golden.rate, frequencies: item.frequencies, cycles: item.cycles, hasZeroMean: item.zeroMean
      ).map(of: signal, decimation: item.decimation)
      #expect(map.samples == Array(stride(from: 0, to: signal.sampleCount, by: item.decimation)))
      #expect(maps.compare(map.values, item.values) < 1e-9)  // the acceptance figure
      let value = map[channel: 1, frequency: 0, time: 3]
      #expect(map.power(channel: 1, frequency: 0)[3] == value.squaredMagnitude)
      #expect(map.phase(channel: 1, frequency: 0)[3] == value.phase)
    }
    maps.report()
  }

  @Test func `the map is the convolution by its definition`() throws {
    let signal = TestSignals.drifting(channels: 1, samples: 90)
    let transform = try MorletTransform(sampleRate: 100, frequencies: [17], cycles: [3])
    let map = try transform.map(of: signal)
    let wavelet = transform.wavelets[0].values
    let half = wavelet.count / 2
    for i in 0..<90 {
      var sum = ComplexNumber(0)
      for (k, w) in wavelet.enumerated() where (0..<90).contains(i + half - k) { sum = sum + signal[channel: 0, sample: i + half - k] * w }
      // Rounding of a Fourier transform of drifts of about 1000 µV.
      #expect((map[channel: 0, frequency: 0, time: i] - sum).magnitude < 1e-11 * 1000)
    }
  }

  @Test func `channels and threads do not change a channel's bits, and what is not finite stays in it`() throws {
    var signal = TestSignals.drifting(channels: 3, samples: 150)
    let transform = try MorletTransform(sampleRate: 100, frequencies: [12, 30])
    let whole = try transform.map(of: signal)
    #expect(try MorletTransform(sampleRate: 100, frequencies: [12, 30], threads: 2).map(of: signal) == whole)
    for c in 0..<3 {
      let alone = try transform.map(of: TestSignals.channel(c, of: signal))
      for f in 0..<2 { #expect(alone.power(channel: 0, frequency: f) == whole.power(channel: c, frequency: f)) }
    }
    signal[channel: 1, sample: 20] = .nan
    let spoilt = try transform.map(of: signal)
    for c in [0, 2] { #expect(spoilt.phase(channel: c, frequency: 1) == whole.phase(channel: c, frequency: 1)) }
    #expect(spoilt.power(channel: 1, frequency: 0).allSatisfy { $0.isNaN })
  }

  @Test func `impossible settings are refused`() throws {
    for (frequencies, cycles) in [
      ([], [7.0]), ([0.0], [7]), ([51], [7]), ([.nan], [7]), ([10], [0]), ([10], [.infinity]), ([10, 20, 30], [7, 7]), ([1e-300], [7]),
    ] {
      #expect(throws: SignalError.self) { try MorletTransform(sampleRate: 100, frequencies: frequencies, cycles: cycles) }
    }
    let transform = try MorletTransform(sampleRate: 100, frequencies: [10])
    #expect(throws: SignalError.self) { try transform.map(of: SignalBlock(channelCount: 1, sampleCount: 50)) }
    #expect(throws: SignalError.self) { try transform.map(of: SignalBlock(channelCount: 1, sampleCount: 500), decimation: 0) }
  }
}
