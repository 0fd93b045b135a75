/// The state of a cascade that has seen a constant 1 for ever: it removes the transient at the start of a recording.
///
/// Two numbers a section, of the transposed direct form II; multiplied by the first sample they make the filter answer as if that sample had
/// always been there. Equals `scipy.signal.sosfilt_zi`.
public struct SteadyState: Sendable, Hashable {
  /// First and second state of each section.
  public let states: [(first: Double, second: Double)]
  /// The cascade's output for a constant 1.
  public let output: Double

  /// Computes the steady state of a filter.
  ///
  /// With the section's gain `g = H(1)` for its constant input `u`: `second = (b2 − a2 g) u`, `first = (g − b0) u`. Written with `g` and not as
  /// the solution of the state equations, because `1 + a1 + a2` is tiny for low cutoffs and `g` is exactly 0 for a high-pass.
  /// A section with a pole at `z = 1` has no steady state; its numbers are not finite.
  public init(_ filter: SectionedFilter) {
    var level = 1.0
    states = filter.sections.map { section in
      let gain = section.constantGain
      defer { level *= gain }
      return ((gain - section.b0) * level, (section.b2 - section.a2 * gain) * level)
    }
    output = level
  }

  /// Equal states and output.
  public static func == (a: SteadyState, b: SteadyState) -> Bool {
    a.output == b.output && a.states.count == b.states.count && zip(a.states, b.states).allSatisfy { $0 == $1 }
  }

  /// Feeds the states.
  public func hash(into hasher: inout Hasher) {
    for state in states {
      hasher.combine(state.first)
      hasher.combine(state.second)
    }
  }
}
