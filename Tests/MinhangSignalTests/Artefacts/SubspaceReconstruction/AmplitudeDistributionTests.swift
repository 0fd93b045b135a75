import MinhangCore
import Testing

@testable import MinhangSignal

struct AmplitudeDistributionTests {
  @Test func `fits equal meegkit's`() throws {
    var worst = 0.0
    for golden in try ASRGoldens.load().fits {
      var values = SharedSignals.noise(golden.seed, golden.count).map { (10 + $0).magnitude }
      for i in 0..<(golden.count / 6) { values[i] *= 3 }
      let fit = try #require(AmplitudeDistribution(of: values, cleanFraction: golden.clean, dropoutFraction: golden.dropout))
      let error = max((fit.mean / golden.mean - 1).magnitude, (fit.deviation / golden.deviation - 1).magnitude)
      worst = max(worst, error)
      // The same interval and shape win; the rest is a handful of roundings and the inverse gamma function.
      #expect(error < 1e-12)
      #expect((fit.shape - golden.shape).magnitude < 1e-12)
    }
    reportArtefactParity("AmplitudeDistribution", "meegkit.utils.asr.fit_eeg_distribution", worst)
  }

  @Test func `a sixth of artefacts hardly moves the clean mean`() throws {
    var values = SharedSignals.noise(9, 1000).map { 20 + $0 }
    for i in 0..<160 { values[i] += 500 }
    let fit = try #require(AmplitudeDistribution(of: values, cleanFraction: 0.25, dropoutFraction: 0.1))
    // A fit to the middle of 840 normal values; the standard error of such a mean is below 0.1.
    #expect((fit.mean - 20).magnitude < 0.5)
    #expect((0.5...2).contains(fit.deviation))
  }

  @Test func `what cannot be fitted is nil`() {
    func fit(_ values: [Double]) -> AmplitudeDistribution? {
      AmplitudeDistribution(of: values, cleanFraction: 0.25, dropoutFraction: 0.1)
    }
    #expect(fit([]) == nil && fit([1, 2]) == nil)
    #expect(fit([Double](repeating: 3, count: 500)) == nil)
    #expect(fit(SharedSignals.noise(1, 300) + [.nan]) == nil)
  }
}
