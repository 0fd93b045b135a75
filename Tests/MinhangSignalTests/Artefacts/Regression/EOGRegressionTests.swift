import MinhangAlgebra
import MinhangCore
import Testing

@testable import MinhangSignal

struct EOGRegressionTests {
  private struct Goldens: Decodable {
    let coefficients: [Double]
    let every: Int
    let cleaned: [Double]
    let epochCoefficients: [Double]
  }

  /// Four brain channels that see two eye channels.
  private static let signal: SignalBlock = {
    var rows = SharedSignals.brain(500, 4, 1200)
    let eyes = (0..<2).map { k in SharedSignals.smoothed(SharedSignals.noise(510 + k, 1200), 0.9).map { 60 * $0 + 25 * Double(k + 1) } }
    for c in 0..<4 {
      for i in 0..<1200 { rows[c][i] = rows[c][i] + 0.3 / Double(c + 1) * eyes[0][i] + (0.05 * Double(c) - 0.1) * eyes[1][i] }
    }
    return SharedSignals.block(rows + eyes)
  }()

  private static let regression = EOGRegression(channels: [0, 1, 2, 3], artefactChannels: [4, 5])

  @Test func `coefficients and cleaned signal equal MNE's`() throws {
    let golden: Goldens = try artefactGolden("artefact-regression.json")
    let fitted = try Self.regression.fit([Self.signal])
    var worst = fitted.coefficients.withUnsafeValues { scaledDifference($0, golden.coefficients) }
    let epochs = (0..<6).map { TestSignals.cut(Self.signal, ($0 * 200)..<($0 * 200 + 200)) }
    let byEpoch = try Self.regression.fit(epochs)
    worst = max(worst, byEpoch.coefficients.withUnsafeValues { scaledDifference($0, golden.epochCoefficients) })
    var cleaned = Self.signal
    var stage = fitted.stage()
    stage.process(&cleaned)
    let picked = (0..<4).flatMap { c in stride(from: 0, to: 1200, by: golden.every).map { cleaned[channel: c, sample: $0] } }
    worst = max(worst, scaledDifference(picked, golden.cleaned))
    reportArtefactParity("EOGRegression", "mne.preprocessing.EOGRegression", worst)
    // Sums of 1200 products in another order, and a 2 × 2 system of condition 2.
    #expect(worst < 1e-12)
    #expect(cleaned.channel(4).elementsEqual(Self.signal.channel(4)))
  }

  @Test func `what is left of the training data does not correlate with the eyes`() throws {
    var cleaned = Self.signal
    var stage = try Self.regression.fit([Self.signal]).stage()
    stage.process(&cleaned)
    for c in 0..<4 {
      for e in 4..<6 {
        let mean = cleaned.channel(e).reduce(0, +) / 1200
        let product = zip(cleaned.channel(c), cleaned.channel(e)).reduce(0.0) { $0 + $1.0 * ($1.1 - mean) }
        // The normal equations; 1200 terms of about 1e3 each.
        #expect(product.magnitude < 1e-8 * 1200 * 1e3)
      }
    }
  }

  @Test func `samples that are not finite take no part`() throws {
    var spoilt = Self.signal
    spoilt[channel: 2, sample: 7] = .nan
    spoilt[channel: 5, sample: 100] = .infinity
    let fitted = try Self.regression.fit([spoilt])
    #expect(fitted.coefficients.isFinite)
    #expect(try Self.regression.fit([Self.signal]).coefficients != fitted.coefficients)
  }

  @Test func `channels and signals that do not fit are refused`() {
    for (channels, artefacts) in [([0, 9], [4]), ([0], []), ([0, 4], [4]), ([0, 0], [4])] {
      #expect(throws: SignalError.self) { try EOGRegression(channels: channels, artefactChannels: artefacts).fit([Self.signal]) }
    }
    #expect(throws: SignalError.self) { try Self.regression.fit([]) }
    #expect(throws: SignalError.self) { try Self.regression.fit([SignalBlock(channelCount: 6, sampleCount: 100)]) }
    #expect(throws: SignalError.self) { try Self.regression.fit([TestSignals.cut(Self.signal, 0..<2)]) }
  }
}
