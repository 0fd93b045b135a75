import MinhangAlgebra
import MinhangCore
import Testing

@testable import MinhangDecoding

struct LinearDiscriminantTests {
  struct Case: Decodable {
    let classes: Int
    let features: Int
    let shrinkage: String
    let labels: [Int]
    let x: [Double]
    let test: [Double]
    let probabilities: [Double]
    let decision: [Double]
    let predicted: [Int]

    func rows(_ values: [Double]) -> [[Double]] {
      stride(from: 0, to: values.count, by: features).map { Array(values[$0..<($0 + features)]) }
    }

    var training: TrainingSet {
      TrainingSet(values: rows(x).map { .features($0) }, labels: labels, classes: (0..<classes).map { "class\($0)" })
    }
  }

  func scores(_ fitted: any FittedStep, _ x: [Double]) throws -> DecoderScores {
    var workspace = DecoderWorkspace()
    guard case .scores(let scores) = fitted.apply(.features(x), using: &workspace) else { throw DecodingError(.notSolvable, "no scores") }
    return scores
  }

  @Test func `probabilities, decisions and classes agree with the reference`() throws {
    var largest = 0.0
    for golden in try Golden.read("lda.json", as: [Case].self) {
      let shrinkage: LinearDiscriminant.ClassShrinkage =
        golden.shrinkage == "none" ? .none : golden.shrinkage == "ledoit-wolf" ? .ledoitWolf : .fixed(Double(golden.shrinkage) ?? 0)
      let fitted = try LinearDiscriminant(shrinkage: shrinkage).fit(golden.training)
      let found = try golden.rows(golden.test).map { try scores(fitted, $0) }
      let name: Comment = "\(golden.classes) classes, \(golden.features) features, \(golden.shrinkage)"
      // Without shrinkage eight features of ten trials make a singular covariance: what is left there is rounding, so only finiteness is asked.
      if golden.shrinkage == "none" && golden.features == 8 {
        #expect(found.allSatisfy { $0.isReliable })
        continue
      }
      // Condition numbers up to 10⁴ after standardising: ε · 10⁴ with a hundredfold margin.
      let error = relativeDistance(found.flatMap(\.probabilities), golden.probabilities)
      largest = max(largest, error)
      #expect(error < 1e-10, name)
      let decision = golden.classes == 2 ? found.map { $0.decision[1] - $0.decision[0] } : found.flatMap(\.decision)
      #expect(relativeDistance(decision, golden.decision) < 1e-10, name)
      #expect(found.map(\.best) == golden.predicted, name)
    }
    print("parity LinearDiscriminant sklearn.discriminant_analysis.LinearDiscriminantAnalysis \(largest) (of the probabilities)")
  }

  @Test func `a scale and an offset of the features change no probability`() throws {
    let golden = try Golden.read("lda.json", as: [Case].self)[0]
    let moved = TrainingSet(
      values: golden.rows(golden.x).map { .features($0.enumerated().map { Double($0 + 1) * $1 + 5 }) }, labels: golden.labels,
      classes: golden.training.classes)
    let (plain, changed) = (try LinearDiscriminant().fit(golden.training), try LinearDiscriminant().fit(moved))
    for x in golden.rows(golden.test) {
      let other = x.enumerated().map { Double($0 + 1) * $1 + 5 }
      #expect(relativeDistance(try scores(changed, other).probabilities, try scores(plain, x).probabilities) < 1e-11)
    }
  }

  @Test func `classes in another order give the probabilities in that order`() throws {
    let golden = try #require(try Golden.read("lda.json", as: [Case].self).first { $0.classes == 3 })
    let order = [2, 0, 1]
    let turned = TrainingSet(values: golden.training.values, labels: golden.labels.map { order[$0] }, classes: golden.training.classes)
    let (plain, changed) = (try LinearDiscriminant().fit(golden.training), try LinearDiscriminant().fit(turned))
    for x in golden.rows(golden.test) {
      let (p, q) = (try scores(plain, x).probabilities, try scores(changed, x).probabilities)
      for c in 0..<3 { #expect(abs(q[order[c]] - p[c]) < 1e-12) }
    }
  }

  @Test func `a class of one trial is refused by name`() {
    let training = TrainingSet(values: [.features([1]), .features([2]), .features([3])], labels: [0, 0, 1], classes: ["left", "right"])
    #expect(throws: DecodingError(.tooFewTrials, "lda: class \"right\" has 1 training trials; expected at least 2")) {
      try LinearDiscriminant().fit(training)
    }
  }

  @Test func `features that are the same in every trial give the shares of the classes`() throws {
    let training = TrainingSet(values: (0..<8).map { _ in .features([2, 2]) }, labels: [0, 0, 0, 0, 0, 0, 1, 1], classes: ["a", "b"])
    let found = try scores(try LinearDiscriminant().fit(training), [2, 2])
    #expect(found.isReliable && abs(found.probabilities[0] - 0.75) < 1e-12)
  }

  @Test func `extreme features give probabilities between 0 and 1, and NaN says so`() throws {
    let golden = try Golden.read("lda.json", as: [Case].self)[0]
    let fitted = try LinearDiscriminant().fit(golden.training)
    for value in [1e300, -1e300, 1e10, -708] {
      let found = try scores(fitted, [Double](repeating: value, count: golden.features))
      #expect(found.probabilities.allSatisfy { $0 >= 0 && $0 <= 1 })
    }
    let spoilt = try scores(fitted, [Double](repeating: .nan, count: golden.features))
    #expect(!spoilt.isReliable && spoilt.probabilities == [0.5, 0.5])
  }
}
