import MinhangCore

/// Causal stages one after the other; itself a causal stage.
public struct CausalChain: CausalStage {
  /// The stages, in the order in which a block passes them.
  public private(set) var stages: [any CausalStage]

  /// Makes a chain.
  ///
  /// An empty chain hands blocks through unchanged.
  public init(_ stages: [any CausalStage]) { self.stages = stages }

  /// The sum of the stages' latencies, samples.
  public var latency: Int { stages.reduce(0) { $0 + $1.latency } }

  /// Passes the block through every stage.
  public mutating func process(_ block: inout SignalBlock) {
    for i in stages.indices { stages[i].process(&block) }
  }

  /// Resets every stage.
  public mutating func reset() {
    for i in stages.indices { stages[i].reset() }
  }
}
