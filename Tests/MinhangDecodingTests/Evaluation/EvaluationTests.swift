import MinhangCore
import Testing

@testable import MinhangDecoding

struct EvaluationTests {
  let pipelines = Pipeline.builtIn

  @Test(arguments: FoldsTests.schemes)
  func `a strong effect is found, with consistent scores`(scheme: EvaluationScheme) throws {
    let epochs = Fixtures(runs: 6, effect: 2).epochs()
    for pipeline in pipelines {
      let scores = try Evaluation(scheme: scheme).run(pipeline, on: epochs)
      let auc = try #require(scores.rocAUC)
      #expect(scores.accuracy > scores.chance.threshold && auc > 0.8, "\(pipeline.name)")
      #expect(scores.confusion.total == scores.trials && scores.trials == scores.predictions.count)
      #expect(scores.perFold.reduce(0) { $0 + $1.testTrials } == scores.trials)
      let meanAccuracy = scores.perFold.reduce(0) { $0 + $1.accuracy } / Double(scores.perFold.count)
      #expect(abs(meanAccuracy - scores.accuracy) < 1e-14)
      #expect(scores.predictions.allSatisfy { abs($0.scores.probabilities.reduce(0, +) - 1) < 1e-15 * 4 })
      #expect(scores.predictions.count(where: { $0.intent == $0.label }) == (0..<2).reduce(0) { $0 + scores.confusion.counts[$1][$1] })
      #expect(scores.decisionTime == 3.5)
    }
  }

  @Test func `more than two classes are told apart`() throws {
    let epochs = Fixtures(classes: 4, runs: 4, trialsPerRun: 24, effect: 3).epochs()
    for pipeline in pipelines {
      let scores = try Evaluation(scheme: .leaveOneRunOut).run(pipeline, on: epochs)
      #expect(scores.accuracy > scores.chance.threshold, "\(pipeline.name)")
      #expect(try #require(scores.rocAUC) > 0.7)
      #expect(scores.confusion.counts.count == 4)
    }
  }

  /// The canary: were anything fitted outside the folds, noise would score above chance.
  @Test(arguments: [EvaluationScheme.blocked(folds: 4), .kFold(folds: 5), .leaveOneRunOut])
  func `labels without meaning score at chance`(scheme: EvaluationScheme) throws {
    // More channels than the classes' trials can tell: CSP finds a perfect division of the training trials every time.
    let repetitions = 12
    var right = 0
    var total = 0
    for seed in 0..<repetitions {
      let epochs = Fixtures(channels: 16, samples: 60, runs: 4, trialsPerRun: 12, effect: 0, seed: UInt64(seed + 50)).epochs()
      let scores = try Evaluation(scheme: scheme).run(Pipeline.named("csp-lda"), on: epochs)
      right += scores.predictions.count(where: { $0.intent == $0.label })
      total += scores.trials
    }
    // Four standard deviations of a fair coin: a leak would show as nearly everything right.
    let deviation = 0.5 * Double(total).squareRoot()
    #expect(abs(Double(right) - Double(total) / 2) < 4 * deviation, "\(right) of \(total)")
  }

  @Test(arguments: FoldsTests.schemes)
  func `a fold's model does not change when its test trials do`(scheme: EvaluationScheme) throws {
    let epochs = Fixtures(runs: 6).epochs()
    for pipeline in pipelines {
      for fold in try Evaluation(scheme: scheme).folds(of: epochs) {
        // What is held out is replaced by something quite different, labels too.
        let outside = Set(fold.test + fold.embargoed)
        var trials = epochs.trials
        for index in outside {
          for c in 0..<trials[index].channelCount {
            for t in 0..<trials[index].sampleCount { trials[index][channel: c, sample: t] = Double((c * 31 + t * 17) % 97) }
          }
        }
        let changed = Epochs(
          channels: epochs.channels, sampleRate: epochs.sampleRate, window: epochs.window, classes: epochs.classes, trials: trials,
          labels: epochs.labels.enumerated().map { outside.contains($0) ? 1 - $1 : $1 }, origins: epochs.origins)
        let (one, two) = (
          try pipeline.fit(PreparedTrials(epochs, for: pipeline, threads: 1), trials: fold.training),
          try pipeline.fit(PreparedTrials(changed, for: pipeline, threads: 1), trials: fold.training)
        )
        #expect(one.steps.map(\.arrays) == two.steps.map(\.arrays))
        // The fold's scores do not know the labels that they are compared with.
        let turned = epochs.relabeled(epochs.labels.enumerated().map { outside.contains($0) ? 1 - $1 : $1 })
        let (before, after) = (
          try FoldOutcome(fold, pipeline, PreparedTrials(epochs, for: pipeline, threads: 1)),
          try FoldOutcome(fold, pipeline, PreparedTrials(turned, for: pipeline, threads: 1))
        )
        #expect(before.scores == after.scores)
        // And the fold's model is the one that the training trials alone give.
        #expect(try pipeline.fit(epochs.subset(fold.training)).steps.map(\.arrays) == one.steps.map(\.arrays))
      }
    }
  }

  @Test func `evaluation scores what the live call scores, bit for bit`() throws {
    let epochs = Fixtures().epochs()
    for pipeline in pipelines {
      let evaluation = Evaluation(scheme: .leaveOneRunOut)
      let scores = try evaluation.run(pipeline, on: epochs)
      var workspace = DecoderWorkspace()
      for (index, fold) in try evaluation.folds(of: epochs).enumerated() {
        let decoder = try pipeline.fit(epochs.subset(fold.training))
        for prediction in scores.predictions where prediction.fold == index + 1 {
          #expect(decoder.scores(of: epochs.trials[prediction.trial], using: &workspace) == prediction.scores)
        }
      }
    }
  }

  @Test func `permutations tell an effect from none, and follow the seed at any thread count`() throws {
    let pipeline = try Pipeline.named("logvar-lda")
    let strong = Fixtures(effect: 2).epochs()
    let evaluation = Evaluation(scheme: .leaveOneRunOut, seed: 5, permutations: 39)
    let found = try evaluation.run(pipeline, on: strong)
    #expect(found.pValue == 1.0 / 40 && found.permutations == 39)
    let none = try evaluation.run(pipeline, on: Fixtures(effect: 0).epochs())
    #expect(try #require(none.pValue) > 0.05)
    #expect(
      try Evaluation(scheme: .leaveOneRunOut, seed: 5, permutations: 39, threads: 3).run(pipeline, on: Fixtures(effect: 0).epochs()) == none
    )
  }

  @Test func `permuted labels stay within their runs, or within people where runs hold one class`() {
    let epochs = Fixtures(runs: 6).epochs()
    let groups = Evaluation.exchangeableGroups(labels: epochs.labels, origins: epochs.origins)
    #expect(groups.count == 6)
    let permuted = Evaluation.permuted(epochs.labels, within: groups, seed: 1, permutation: 0)
    #expect(permuted != epochs.labels)
    for group in groups { #expect(group.map { permuted[$0] }.sorted() == group.map { epochs.labels[$0] }.sorted()) }
    let byRun = epochs.origins.map { $0.run % 2 }
    #expect(Evaluation.exchangeableGroups(labels: byRun, origins: epochs.origins).count == 2)
    let byPerson = epochs.origins.map { $0.run / 3 }
    #expect(Evaluation.exchangeableGroups(labels: byPerson, origins: epochs.origins).count == 1)
  }

  @Test func `a fold that lacks a class has no area and is named; one that cannot train is refused by name`() throws {
    let epochs = Fixtures(runs: 3, trialsPerRun: 6, effect: 2).epochs()
    let labels = epochs.origins.map { $0.run == 0 ? 0 : $0.onset < 20 ? 0 : 1 }
    let scores = try Evaluation(scheme: .leaveOneRunOut).run(Pipeline.named("logvar-lda"), on: epochs.relabeled(labels))
    #expect(scores.perFold[0].rocAUC == nil && scores.rocAUC != nil)
    #expect(scores.warnings.contains { $0.hasPrefix("1 of 3 folds lack a class") })
    let single = epochs.relabeled(epochs.origins.map { $0.run == 0 ? 1 : 0 })
    #expect {
      try Evaluation(scheme: .leaveOneRunOut).run(Pipeline.named("csp-lda"), on: single)
    } throws: { "\($0)" == "fold \"S100R00.edf\" (12 training trials): csp: class \"class1\" has 0 training trials; expected at least 1" }
  }

  @Test func `windows that cannot be scored are counted, and fits refuse them`() throws {
    let epochs = Fixtures().epochs()
    var trials = epochs.trials
    trials[0][channel: 0, sample: 0] = .nan
    let spoilt = Epochs(
      channels: epochs.channels, sampleRate: 100, window: epochs.window, classes: epochs.classes, trials: trials, labels: epochs.labels,
      origins: epochs.origins)
    #expect { try Pipeline.named("csp-lda").fit(spoilt) } throws: { ($0 as? DecodingError)?.code == .notFinite }
    let decoder = try Pipeline.named("csp-lda").fit(epochs)
    let scores = decoder.scores(of: trials[0])
    #expect(!scores.isReliable && scores.probabilities == [0.5, 0.5])
  }
}
