import Testing

@testable import MinhangDecoding

struct MetricsTests {
  struct File: Decodable {
    let cases: [Case]
    let binomialQuantiles: [Quantile]
  }

  struct Case: Decodable {
    let classes: Int
    let labels: [Int]
    let probabilities: [Double]
    let predicted: [Int]
    let accuracy: Double
    let balancedAccuracy: Double
    let kappa: Double
    let rocAuc: Double
    let brier: Double
    let confusion: [Int]

    var rows: [[Double]] { labels.indices.map { Array(probabilities[($0 * classes)..<(($0 + 1) * classes)]) } }
  }

  struct Quantile: Decodable {
    let trials: Int
    let probability: Double
    let level: Double
    let quantile: Int
  }

  @Test func `every score agrees with the reference`() throws {
    var largest = 0.0
    func expect(_ found: Double?, _ expected: Double) throws {
      let error = abs(try #require(found) - expected)
      largest = max(largest, error)
      // Sums of at most 61 numbers below 1: a few ulp.
      #expect(error < 1e-14)
    }
    let cases = try Golden.read("metrics.json", as: File.self).cases
    for golden in cases {
      let confusion = ConfusionMatrix(classes: golden.classes, labels: golden.labels, decisions: golden.predicted)
      #expect(confusion.counts.flatMap { $0 } == golden.confusion)
      try expect(confusion.accuracy, golden.accuracy)
      try expect(confusion.balancedAccuracy, golden.balancedAccuracy)
      try expect(confusion.kappa, golden.kappa)
      try expect(BrierScore.of(probabilities: golden.rows, labels: golden.labels), golden.brier)
      let area =
        golden.classes == 2
        ? AreaUnderCurve.twoClass(scores: golden.rows.map { $0[1] }, isSecond: golden.labels.map { $0 == 1 })
        : AreaUnderCurve.multiClass(probabilities: golden.rows, labels: golden.labels, classes: golden.classes)
      try expect(area, golden.rocAuc)
    }
    print("parity metrics sklearn.metrics \(largest) (accuracy, kappa, Brier, area under the curve: absolute, \(cases.count) sets)")
  }

  @Test func `binomial quantiles agree with the reference`() throws {
    for golden in try Golden.read("metrics.json", as: File.self).binomialQuantiles {
      let found = ChanceLevel.binomialQuantile(golden.level, trials: golden.trials, probability: golden.probability)
      #expect(found == golden.quantile, "\(golden)")
    }
  }

  /// Combrisson & Jerbi 2015, table 2: at p < 0.05, two classes: 40 trials 62.5 %, 100 trials 58 %; four classes: 100 trials 32 %.
  @Test func `the published thresholds`() {
    #expect(ChanceLevel(classCounts: [20, 20]).threshold == 0.625)
    #expect(ChanceLevel(classCounts: [50, 50]).threshold == 0.58)
    #expect(ChanceLevel(classCounts: [25, 25, 25, 25]).threshold == 0.32)
    let uneven = ChanceLevel(classCounts: [90, 10])
    #expect(uneven.majority == 0.9 && uneven.majorityThreshold > 0.9 && uneven.threshold == 0.58)
  }

  /// Wolpaw and others 2000: two classes at 90 % carry 0.53 bit a decision; at 100 % one bit; four classes at 100 % two.
  @Test func `the information transfer rate`() {
    #expect(abs(InformationTransferRate.bitsPerDecision(accuracy: 0.9, classes: 2) - 0.531_004_406_410_718_7) < 1e-15)
    #expect(InformationTransferRate.bitsPerDecision(accuracy: 1, classes: 2) == 1)
    #expect(InformationTransferRate.bitsPerMinute(accuracy: 1, classes: 4, decisionTime: 3) == 40)
    for accuracy in [0.0, 0.2, 0.5] { #expect(InformationTransferRate.bitsPerDecision(accuracy: accuracy, classes: 2) == 0) }
  }

  @Test func `an area turned around is its complement, and a single class has none`() {
    let scores = [0.1, 0.4, 0.4, 0.9, 0.3]
    let second = [false, true, false, true, false]
    let area = AreaUnderCurve.twoClass(scores: scores, isSecond: second)
    let turned = AreaUnderCurve.twoClass(scores: scores.map { -$0 }, isSecond: second)
    #expect(area.flatMap { a in turned.map { a + $0 } } == 1)
    #expect(area == 5.5 / 6)
    #expect(AreaUnderCurve.twoClass(scores: scores, isSecond: second.map { _ in true }) == nil)
    #expect(AreaUnderCurve.multiClass(probabilities: [[1, 0, 0], [0, 1, 0]], labels: [0, 1], classes: 3) == nil)
  }

  @Test func `empty sets have no scores`() {
    let empty = ConfusionMatrix(classes: 2)
    #expect(empty.accuracy == nil && empty.balancedAccuracy == nil && empty.kappa == nil)
    #expect(BrierScore.of(probabilities: [], labels: []) == nil)
    #expect(ConfusionMatrix(classes: 2, labels: [0, 0], decisions: [0, 0]).kappa == nil)
  }
}
