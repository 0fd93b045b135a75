import MinhangAlgebra
import MinhangCore

extension Evaluation {
  /// The share of label permutations, the true labels counted in, whose balanced accuracy reaches the observed one.
  ///
  /// Labels are permuted within each run, since trials of one run are exchangeable and runs are not; where every run holds one class only (so
  /// that nothing would change), within each person; where that changes nothing either, over all. The folds stay. A permutation that cannot be
  /// fitted counts as one that reaches. `p = (1 + reached)/(1 + permutations)`.
  /// **Source:** Ojala & Garriga 2010, "Permutation tests for studying classifier performance", J. Mach. Learn. Res. 11:1833, test 1;
  /// Phipson & Smyth 2010, "Permutation P-values should never be zero", Stat. Appl. Genet. Mol. Biol. 9:39.
  func permutationPValue(_ pipeline: Pipeline, _ prepared: PreparedTrials, _ outcomes: [FoldOutcome], origins: [TrialOrigin]) -> Double {
    let classes = prepared.classes.count
    let observed = ConfusionMatrix(outcomes, labels: prepared.labels, classes: classes).balancedAccuracy ?? 0
    let groups = Self.exchangeableGroups(labels: prepared.labels, origins: origins)
    let folds = outcomes.map(\.fold)
    let reached = concurrentMap(count: permutations, threads: threads) { permutation -> Bool in
      var shuffled = prepared
      shuffled.labels = Self.permuted(prepared.labels, within: groups, seed: seed, permutation: permutation)
      guard let outcomes = try? folds.map({ try FoldOutcome($0, pipeline, shuffled) }) else { return true }
      return (ConfusionMatrix(outcomes, labels: shuffled.labels, classes: classes).balancedAccuracy ?? 1) >= observed
    }
    return Double(1 + reached.count(where: { $0 })) / Double(1 + permutations)
  }

  /// Sets of trials whose labels may change places.
  static func exchangeableGroups(labels: [Int], origins: [TrialOrigin]) -> [[Int]] {
    func grouped<Key: Hashable>(_ key: (TrialOrigin) -> Key) -> [[Int]] {
      var order: [Key] = []
      var members: [Key: [Int]] = [:]
      for (index, origin) in origins.enumerated() {
        if members[key(origin)] == nil { order.append(key(origin)) }
        members[key(origin), default: []].append(index)
      }
      return order.map { members[$0] ?? [] }
    }
    func canChange(_ groups: [[Int]]) -> Bool { groups.contains { Set($0.map { labels[$0] }).count > 1 } }
    let runs = grouped(\.run)
    if canChange(runs) { return runs }
    let people = grouped(\.subject)
    return canChange(people) ? people : [Array(labels.indices)]
  }

  /// The labels of one permutation; each has a random stream of its own, so that it does not depend on threads.
  static func permuted(_ labels: [Int], within groups: [[Int]], seed: UInt64, permutation: Int) -> [Int] {
    var generator = SeededGenerator(seed: seed, stream: UInt64(permutation) &+ 0x7065_726D)
    var result = labels
    for group in groups {
      var members = group.map { labels[$0] }
      generator.shuffle(&members)
      for (index, label) in zip(group, members) { result[index] = label }
    }
    return result
  }
}
