#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The aperiodic part of a spectrum: `log10 density = offset − log10(knee + frequency^exponent)`.
public struct AperiodicComponent: Sendable, Hashable {
  /// The shapes that can be fitted.
  public enum Mode: String, Sendable, Hashable, CaseIterable {
    /// A straight line over logarithms, knee 0.
    case fixed
    /// A bend: flat below the knee.
    case knee
  }

  /// `log10` of the density's scale.
  public let offset: Double
  /// Bend; 0 in the fixed mode.
  ///
  /// The bend lies at `knee^(1 / exponent)` Hz.
  public let knee: Double
  /// Steepness.
  public let exponent: Double

  /// Makes a component.
  public init(offset: Double, knee: Double = 0, exponent: Double) {
    self.offset = offset
    self.knee = knee
    self.exponent = exponent
  }

  /// `log10` of the density.
  ///
  /// - Parameter frequency: Hz, above 0.
  public func logarithm(at frequency: Double) -> Double { offset - log10(knee + pow(frequency, exponent)) }

  /// The component nearest to logarithms of densities in the sense of least squares, and whether the fit came to rest.
  ///
  /// - Parameters:
  ///   - frequencies: Hz, above 0.
  ///   - logarithms: As many.
  ///   - mode: The shape.
  ///   - start: Where the fit of a knee begins; nil: no knee, the slope between the ends.
  static func fitted(
    to frequencies: [Double], _ logarithms: [Double], mode: Mode, start: AperiodicComponent? = nil
  ) -> (component: AperiodicComponent, converged: Bool) {
    switch mode {
    case .fixed:
      // A straight line over log10 f, in closed form.
      let x = frequencies.map { log10($0) }
      let n = Double(x.count)
      let (meanX, meanY) = (x.reduce(0, +) / n, logarithms.reduce(0, +) / n)
      let covariance = zip(x, logarithms).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
      let slope = covariance / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
      return (AperiodicComponent(offset: meanY - slope * meanX, exponent: -slope), slope.isFinite)
    case .knee:
      let last = frequencies.count - 1
      let guess = ((logarithms[last] - logarithms[0]) / (log10(frequencies[last]) - log10(frequencies[0]))).magnitude
      let start = start ?? AperiodicComponent(offset: logarithms[0], exponent: guess)
      let begin = [start.offset, start.knee, start.exponent]
      let problem = BoundedLeastSquares(
        model: { p in
          let powers = frequencies.map { pow($0, p[2]) }
          let sums = powers.map { p[1] + $0 }
          let values = sums.map { p[0] - log10($0) }
          let toKnee = sums.map { -1 / ($0 * log(10.0)) }
          let toExponent = frequencies.indices.map { -powers[$0] * log(frequencies[$0]) / (sums[$0] * log(10.0)) }
          return (values, [[Double](repeating: 1, count: frequencies.count), toKnee, toExponent])
        }, observed: logarithms, lower: [Double](repeating: -.infinity, count: 3), upper: [Double](repeating: .infinity, count: 3))
      let found = problem.minimum(from: begin)
      let p = found.parameters
      return (AperiodicComponent(offset: p[0], knee: p[1], exponent: p[2]), found.converged)
    }
  }
}
