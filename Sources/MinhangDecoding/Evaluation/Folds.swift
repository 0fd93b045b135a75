import MinhangCore

// Goals: no window, nor a part of one, is on both sides of a division (law 8); the same seed gives the same folds for ever.

/// Divides trials by a scheme.
struct Folds {
  let origins: [TrialOrigin]
  let labels: [Int]
  let classes: [String]
  let sampleRate: Double

  init(_ epochs: Epochs) {
    origins = epochs.origins
    labels = epochs.labels
    classes = epochs.classes
    sampleRate = epochs.sampleRate
  }

  /// The folds.
  ///
  /// - Parameters:
  ///   - scheme: The scheme.
  ///   - seed: Seed of the shuffle of `kFold`.
  ///   - embargo: Seconds between a test window and the nearest training window of the same run, for the schemes that cut a run in time.
  /// - Throws: `DecodingError` `.invalidScheme` where the scheme does not fit the trials.
  func divided(by scheme: EvaluationScheme, seed: UInt64, embargo: Double) throws(DecodingError) -> [Fold] {
    switch scheme {
    case .leaveOneRunOut:
      return try groups(origins.map(\.run), names: { origins[$0].file }, what: "run", remedy: "give several files, or use blocked")
    case .leaveOneSubjectOut:
      return try groups(
        origins.map(\.subject), names: { origins[$0].subject }, what: "subject",
        remedy: "give files of several people, or use leave-one-run-out")
    case .kFold(let folds):
      try require(folds: folds)
      return try assembled(stratified(folds: folds, seed: seed), embargo: 0)
    case .blocked(let folds):
      try require(folds: folds)
      return try assembled(blocks(folds: folds), embargo: embargo)
    case .trainTest(let runs):
      return try trainTest(runs, embargo: embargo)
    }
  }

  private func require(folds: Int) throws(DecodingError) {
    guard folds >= 2, folds <= labels.count else {
      throw DecodingError(.invalidScheme, "\(folds) folds of \(labels.count) trials; expected from 2 to the number of trials")
    }
  }

  /// A fold for each group, in the order in which the groups first occur.
  private func groups<Key: Hashable>(
    _ keys: [Key], names: (Int) -> String, what: String, remedy: String
  ) throws(DecodingError) -> [Fold] {
    var order: [Key] = []
    var members: [Key: [Int]] = [:]
    for (index, key) in keys.enumerated() {
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(index)
    }
    guard order.count >= 2 else {
      throw DecodingError(.invalidScheme, "the trials come from \(order.count) \(what); expected at least two: \(remedy)")
    }
    return order.map { key in
      let test = members[key] ?? []
      return fold(names(test[0]), test: test, embargo: 0)
    }
  }

  /// For each class its trials shuffled and dealt to the folds in turn; the next class goes on where the last one stopped.
  private func stratified(folds: Int, seed: UInt64) -> [[Int]] {
    var tests = [[Int]](repeating: [], count: folds)
    var turn = 0
    for label in classes.indices {
      var members = labels.indices.filter { labels[$0] == label }
      var generator = SeededGenerator(seed: seed, stream: UInt64(label))
      generator.shuffle(&members)
      for member in members {
        tests[turn % folds].append(member)
        turn += 1
      }
    }
    return tests
  }

  /// Block `f` of `k` of each run: the trials at places `n·f/k ..< n·(f+1)/k` in the order of their onsets.
  private func blocks(folds: Int) -> [[Int]] {
    var tests = [[Int]](repeating: [], count: folds)
    for run in runs() {
      for f in 0..<folds { tests[f] += run[(run.count * f / folds)..<(run.count * (f + 1) / folds)] }
    }
    return tests
  }

  /// The trials of each run in the order of time, runs in the order of the files.
  private func runs() -> [[Int]] {
    let byRun = Dictionary(grouping: origins.indices) { origins[$0].run }
    return byRun.keys.sorted().map { run in
      (byRun[run] ?? []).sorted { (origins[$0].onset, $0) < (origins[$1].onset, $1) }
    }
  }

  private func trainTest(_ testRuns: [Int]?, embargo: Double) throws(DecodingError) -> [Fold] {
    let present = Set(origins.map(\.run))
    if let testRuns {
      let test = origins.indices.filter { testRuns.contains(origins[$0].run) }
      guard !test.isEmpty, test.count < origins.count else {
        throw DecodingError(
          .invalidScheme,
          "the test runs \(testRuns) hold \(test.count) of \(origins.count) trials; expected some, and some left to train on")
      }
      return [fold("test", test: test, embargo: 0)]
    }
    if let last = present.max(), present.count > 1 {
      return [fold("test", test: origins.indices.filter { origins[$0].run == last }, embargo: 0)]
    }
    let ordered = runs().first ?? []
    let test = Array(ordered.suffix(max(1, ordered.count / 5)))
    guard test.count < ordered.count else {
      throw DecodingError(.invalidScheme, "\(ordered.count) trial cannot be divided; expected at least two")
    }
    return [fold("test", test: test, embargo: embargo)]
  }

  private func assembled(_ tests: [[Int]], embargo: Double) throws(DecodingError) -> [Fold] {
    var folds: [Fold] = []
    for (index, test) in tests.enumerated() {
      guard !test.isEmpty else {
        throw DecodingError(.invalidScheme, "fold \(index + 1) of \(tests.count) has no trial; expected fewer folds or more trials")
      }
      folds.append(fold("\(index + 1)", test: test, embargo: embargo))
    }
    return folds
  }

  /// Everything that is not tested trains, but for windows that overlap a test window of their run or come nearer than the embargo.
  private func fold(_ name: String, test: [Int], embargo: Double) -> Fold {
    let margin = Int(exactly: (max(0, embargo) * sampleRate).rounded(.up)) ?? Int(Int32.max)
    let tested = Set(test)
    let spans = Dictionary(grouping: test) { origins[$0].run }.mapValues { $0.map { origins[$0].samples } }
    var training: [Int] = []
    var embargoed: [Int] = []
    for index in origins.indices where !tested.contains(index) {
      let own = origins[index].samples
      let isNear = (spans[origins[index].run] ?? []).contains {
        own.lowerBound < $0.upperBound + margin && $0.lowerBound < own.upperBound + margin
      }
      if isNear { embargoed.append(index) } else { training.append(index) }
    }
    return Fold(name: name, training: training, test: test.sorted(), embargoed: embargoed)
  }
}
