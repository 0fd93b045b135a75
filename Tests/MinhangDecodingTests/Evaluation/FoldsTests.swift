import MinhangCore
import Testing

@testable import MinhangDecoding

struct FoldsTests {
  static let schemes: [EvaluationScheme] = [
    .blocked(folds: 4), .kFold(folds: 5), .leaveOneRunOut, .leaveOneSubjectOut, .trainTest(testRuns: nil), .trainTest(testRuns: [1, 2]),
  ]

  @Test(arguments: schemes)
  func `training, test and embargo share no trial, and every trial is tested once`(scheme: EvaluationScheme) throws {
    let epochs = Fixtures(runs: 6).epochs()
    let folds = try Evaluation(scheme: scheme).folds(of: epochs)
    for fold in folds {
      #expect(Set(fold.training + fold.test + fold.embargoed).count == epochs.count)
      #expect(fold.training.count + fold.test.count + fold.embargoed.count == epochs.count)
      #expect(!fold.test.isEmpty && !fold.training.isEmpty)
    }
    if case .trainTest = scheme { #expect(folds.count == 1) } else { #expect(folds.flatMap(\.test).sorted() == Array(0..<epochs.count)) }
  }

  @Test(arguments: schemes)
  func `no overlapping windows on both sides`(scheme: EvaluationScheme) throws {
    // Windows of 1.2 s every 0.5 s.
    let epochs = Fixtures(runs: 6, interval: 0.5).epochs()
    for fold in try Evaluation(scheme: scheme, embargo: 0).folds(of: epochs) {
      for test in fold.test {
        for train in fold.training where epochs.origins[test].run == epochs.origins[train].run {
          #expect(!epochs.origins[test].samples.overlaps(epochs.origins[train].samples))
        }
      }
    }
  }

  @Test func `the embargo keeps its distance and no more`() throws {
    let epochs = Fixtures(interval: 0.5).epochs()
    for fold in try Evaluation(scheme: .blocked(folds: 4), embargo: 0.7).folds(of: epochs) {
      func gap(_ a: Int, _ b: Int) -> Int {
        let (x, y) = (epochs.origins[a].samples, epochs.origins[b].samples)
        return max(x.lowerBound - y.upperBound, y.lowerBound - x.upperBound)
      }
      func nearest(_ trial: Int) -> Int {
        fold.test.filter { epochs.origins[$0].run == epochs.origins[trial].run }.map { gap($0, trial) }.min() ?? .max
      }
      #expect(fold.training.allSatisfy { nearest($0) >= 70 })
      #expect(fold.embargoed.allSatisfy { nearest($0) < 70 })
      #expect(!fold.embargoed.isEmpty)
    }
  }

  @Test func `blocks are contiguous in time within each run`() throws {
    let epochs = Fixtures(runs: 2, trialsPerRun: 13).epochs()
    for fold in try Evaluation(scheme: .blocked(folds: 3)).folds(of: epochs) {
      for run in 0..<2 {
        let places = fold.test.filter { epochs.origins[$0].run == run }
        #expect(places.count == 4 || places.count == 5)
        #expect(places == Array((places.first ?? 0)...(places.last ?? 0)))
      }
    }
  }

  @Test func `k-fold deals every class evenly and follows its seed`() throws {
    let epochs = Fixtures(classes: 3, runs: 4, trialsPerRun: 17).epochs()
    let folds = try Evaluation(scheme: .kFold(folds: 5), seed: 3).folds(of: epochs)
    for label in 0..<3 {
      let counts = folds.map { fold in fold.test.count(where: { epochs.labels[$0] == label }) }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
    #expect((folds.map(\.test.count).max() ?? 0) - (folds.map(\.test.count).min() ?? 0) <= 1)
    #expect(try Evaluation(scheme: .kFold(folds: 5), seed: 3).folds(of: epochs) == folds)
    #expect(try Evaluation(scheme: .kFold(folds: 5), seed: 4).folds(of: epochs) != folds)
  }

  @Test func `runs and people are held out by name, in the order of the files`() throws {
    let epochs = Fixtures(runs: 6).epochs()
    #expect(try Evaluation(scheme: .leaveOneRunOut).folds(of: epochs).map(\.name) == (0..<6).map { "S\(100 + $0 / 3)R0\($0).edf" })
    #expect(try Evaluation(scheme: .leaveOneSubjectOut).folds(of: epochs).map(\.name) == ["S100", "S101"])
    let test = try Evaluation(scheme: .trainTest(testRuns: nil)).folds(of: epochs)[0].test
    #expect(test.allSatisfy { epochs.origins[$0].run == 5 } && test.count == 16)
    let single = Fixtures(runs: 1).epochs()
    #expect(try Evaluation(scheme: .trainTest(testRuns: nil)).folds(of: single)[0].test == [13, 14, 15])
  }

  @Test func `a scheme that does not fit the trials is refused with the remedy`() {
    let single = Fixtures(runs: 1).epochs()
    for (scheme, message) in [
      (EvaluationScheme.leaveOneRunOut, "the trials come from 1 run; expected at least two: give several files, or use blocked"),
      (.leaveOneSubjectOut, "the trials come from 1 subject; expected at least two"), (.kFold(folds: 1), "1 folds of 16 trials"),
      (.kFold(folds: 17), "17 folds of 16 trials"), (.trainTest(testRuns: [7]), "the test runs [7] hold 0 of 16 trials"),
    ] {
      #expect { try Evaluation(scheme: scheme).folds(of: single) } throws: {
        ($0 as? DecodingError)?.code == .invalidScheme && "\($0)".hasPrefix(message)
      }
    }
    #expect(throws: DecodingError.self) { try EvaluationScheme(name: "loso") }
    #expect(EvaluationScheme.names.map { (try? EvaluationScheme(name: $0))?.name } == EvaluationScheme.names)
  }
}
