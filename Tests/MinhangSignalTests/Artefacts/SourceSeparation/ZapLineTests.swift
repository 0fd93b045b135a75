import MinhangCore
import Testing

@testable import MinhangSignal

struct ZapLineTests {
  /// A triangle of the line's period, slowly changing in size, in five channels of noise with an offset.
  private static func noisy(_ frequency: Int, _ rate: Int) -> SignalBlock {
    let count = 1500
    var rows = SharedSignals.brain(900, 5, count)
    let size = SharedSignals.smoothed(SharedSignals.noise(950, count), 0.99).map { 1 + 0.2 * $0 * 0.1 }
    for c in 0..<5 {
      for i in 0..<count {
        let wave = (Double(i * frequency % rate) / Double(rate) - 0.5).magnitude - 0.25
        rows[c][i] = rows[c][i] + 120.0 / Double(c + 1) * wave * size[i] + 3.0 * Double(c)
      }
    }
    return SharedSignals.block(rows)
  }

  @Test func `output equals meegkit's, means apart`() throws {
    let goldens: SeparationGoldens = try artefactGolden("artefact-separation.json")
    for golden in goldens.lines {
      let signal = Self.noisy(golden.frequency, golden.rate)
      let transform = try ZapLine(
        lineFrequency: Double(golden.frequency), sampleRate: Double(golden.rate), removedCount: golden.removed,
        keptCount: golden.kept == 0 ? nil : golden.kept)
      var cleaned = try transform.applied(to: signal)
      for c in 0..<5 {
        let mean = signal.channel(c).reduce(0, +) / 1500
        for i in 0..<1500 { cleaned[channel: c, sample: i] -= mean }
      }
      let worst = sampledDifference(cleaned, every: golden.every, golden.cleaned)
      reportArtefactParity("ZapLine(\(golden.frequency) Hz at \(golden.rate) Hz)", "meegkit.dss.dss_line", worst)
      // The separation's eigenvectors are good to 1e-11, as above.
      #expect(worst < 1e-10)
    }
  }

  @Test func `the line falls to the level of its neighbours, and between the harmonics nothing changes`() throws {
    let signal = Self.noisy(50, 250)
    let transform = try ZapLine(lineFrequency: 50, sampleRate: 250)
    let cleaned = try transform.applied(to: signal)
    func spectrum(_ block: SignalBlock) throws -> PowerSpectrum {
      var welch = try WelchEstimator(sampleRate: 250, channelCount: 5, windowLength: 250, overlap: 125)
      welch.add(block)
      return welch.spectrum()
    }
    let (before, after) = (try spectrum(signal), try spectrum(cleaned))
    #expect(before.bandPower(49...51, channel: 0) > 20 * before.bandPower(44...46, channel: 0))
    // A periodogram of 11 windows varies by a factor of two or so.
    #expect(after.bandPower(49...51, channel: 0) < 3 * after.bandPower(44...46, channel: 0))
    // The smooth part carries the low frequencies: a moving average of 20 ms loses 1 % of the amplitude at 5 Hz to the rest.
    for c in 0..<5 { #expect((after.bandPower(1...5, channel: c) / before.bandPower(1...5, channel: c) - 1).magnitude < 0.02) }
    let scores = try transform.scores(of: signal)
    #expect(scores.count == 5 && scores[0] > 10 * scores[1])
  }

  @Test func `signals and settings that do not fit are refused`() throws {
    #expect(throws: SignalError.self) { try ZapLine(lineFrequency: 50, sampleRate: 100) }
    #expect(throws: SignalError.self) { try ZapLine(lineFrequency: .nan, sampleRate: 250) }
    #expect(throws: SignalError.self) { try ZapLine(lineFrequency: 50, sampleRate: 250, removedCount: 0) }
    #expect(throws: SignalError.self) { try ZapLine(lineFrequency: 50, sampleRate: 250, removedCount: 3, keptCount: 2) }
    let transform = try ZapLine(lineFrequency: 50, sampleRate: 250)
    #expect(throws: SignalError.self) { try transform.applied(to: TestSignals.drifting(channels: 3, samples: 400)) }
    #expect(throws: SignalError.self) { try transform.applied(to: SignalBlock(channelCount: 2, sampleCount: 1000)) }
    var signal = TestSignals.drifting(channels: 3, samples: 600)
    signal[channel: 1, sample: 33] = .nan
    let error = #expect(throws: SignalError.self) { try transform.applied(to: signal) }
    #expect(error?.message.contains("channel 1 is not finite at sample 33") == true)
  }
}
