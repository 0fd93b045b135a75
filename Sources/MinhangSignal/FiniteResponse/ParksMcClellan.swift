#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finite filters whose largest weighted error is the smallest: equal ripples in every band.
///
/// **Source:** Parks & McClellan 1972, "Chebyshev approximation for nonrecursive digital filters with linear phase", IEEE Trans. Circuit Theory
/// 19:189; McClellan, Parks & Rabiner 1973, IEEE Trans. Audio Electroacoust. 21:506, for the grid and the four symmetries.
public enum ParksMcClellan {
  /// What the taps are for.
  public enum Kind: Sendable, Hashable {
    /// Symmetric taps, one gain for each band.
    case bands
    /// Antisymmetric taps whose gain rises with the frequency: `gain · frequency / sampleRate`; the error counts relative to it.
    case differentiator
    /// Antisymmetric taps, which turn the phase by a quarter; one gain for each band.
    case hilbert
  }

  /// A filter and how good it is.
  public struct Design: Sendable, Hashable {
    /// The filter.
    public let filter: FiniteImpulseResponse
    /// The largest error of the gain, times its weight.
    public let deviation: Double
    /// Exchanges of the extremal frequencies.
    public let iterations: Int
    /// Whether the error has equal ripples; false where the exchanges ran out or rounding ended them: then the filter is not the best one.
    public let isConverged: Bool
  }

  /// Designs a filter; equals `scipy.signal.remez`, where that converges.
  ///
  /// The best filter on a grid of `gridDensity` points a ripple is unique, so the two agree to rounding. In the reference a point of the final
  /// transform that lies within 1e-6 (of the cosine) of an extremal frequency takes that one's value; here it does not.
  ///
  /// - Parameters:
  ///   - tapCount: Number of taps, 3…4000. O(taps² · gridDensity) an exchange.
  ///   - bands: Wanted gains, one for each band (the lower gain counts); weights.
  ///   - kind: What the taps are for.
  ///   - gridDensity: Points of the grid for each ripple.
  ///   - iterations: Most exchanges.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidLength`, `.invalidFrequency` or `.invalidParameter`.
  public static func design(
    tapCount: Int, bands: [DesignBand], kind: Kind = .bands, gridDensity: Int = 16, iterations: Int = 100, sampleRate: Double
  ) throws(SignalError) -> Design {
    guard (3...4000).contains(tapCount), (1...1000).contains(gridDensity) else {
      throw SignalError(
        .invalidLength, "an equiripple filter of \(tapCount) taps on \(gridDensity) points a ripple; expected 3…4000 and 1…1000")
    }
    try DesignBand.validate(bands, sampleRate: sampleRate)
    let grid = EquirippleGrid(tapCount: tapCount, bands: bands, kind: kind, density: gridDensity, sampleRate: sampleRate)
    guard grid.points.count > grid.cosineCount else {
      throw SignalError(
        .invalidFrequency,
        "bands of \(grid.points.count) grid points for \(grid.cosineCount) coefficients; expected wider bands or fewer taps")
    }
    var exchange = RemezExchange(grid: grid)
    let isConverged = exchange.run(iterations: iterations)
    return Design(
      filter: FiniteImpulseResponse(taps: grid.taps(of: exchange.coefficients()), sampleRate: sampleRate),
      deviation: exchange.deviation.magnitude, iterations: exchange.iterations, isConverged: isConverged)
  }
}
