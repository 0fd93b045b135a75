import MinhangAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Symmetric finite filters whose squared error, integrated over the bands, is the smallest.
///
/// **Source:** Selesnick 2005, "Linear-phase FIR filter design by least squares", OpenStax CNX: the normal equations are a Toeplitz and a
/// Hankel matrix of `q(n) = ∫ W(f) cos(πnf) df`, with `f` in units of half the sampling rate.
public enum LeastSquaresDesign {
  /// Designs a filter; equals `scipy.signal.firls`.
  ///
  /// - Parameters:
  ///   - tapCount: Number of taps, odd, 1…10001. O(taps³).
  ///   - bands: Wanted gains, not negative.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidLength`, `.invalidFrequency` or `.invalidParameter`.
  public static func filter(tapCount: Int, bands: [DesignBand], sampleRate: Double) throws(SignalError) -> FiniteImpulseResponse {
    guard tapCount % 2 == 1, (1...10_001).contains(tapCount) else {
      throw SignalError(.invalidLength, "a least-squares filter of \(tapCount) taps; expected an odd number, 1…10001")
    }
    try DesignBand.validate(bands, sampleRate: sampleRate)
    let half = (tapCount - 1) / 2
    let nyquist = sampleRate / 2
    let edges = bands.map { (low: $0.range.lowerBound / nyquist, high: $0.range.upperBound / nyquist) }

    let q = (0..<tapCount).map { n in
      zip(bands, edges).reduce(0.0) { sum, item in
        let (band, edge) = item
        let upper = WindowedSinc.sinc(edge.high * Double(n)) * edge.high
        return sum + band.weight * (upper - WindowedSinc.sinc(edge.low * Double(n)) * edge.low)
      }
    }
    var matrix = Matrix(rows: half + 1, columns: half + 1)
    for i in 0...half { for j in 0...half { matrix[i, j] = q[abs(i - j)] + q[i + j] } }

    var right = Matrix(rows: half + 1, columns: 1)
    for n in 0...half {
      right[n, 0] = zip(bands, edges).reduce(0.0) { sum, item in
        let (band, edge) = item
        // The wanted gain is `slope · f + offset`; its integral against cos(πnf), at each edge.
        let slope = (band.upperGain - band.lowerGain) / (edge.high - edge.low)
        let offset = band.lowerGain - edge.low * slope
        func integral(_ f: Double) -> Double {
          let plain = f * (slope * f + offset) * WindowedSinc.sinc(f * Double(n))
          guard n > 0 else { return plain - slope * f * f / 2 }
          let angle = Double.pi * Double(n)
          return plain + slope * cos(angle * f) / (angle * angle)
        }
        return sum + band.weight * (integral(edge.high) - integral(edge.low))
      }
    }
    let solution = try solve(matrix, right)
    let outer = (1...max(1, half)).prefix(half).map { solution[$0] }
    return FiniteImpulseResponse(taps: outer.reversed() + [2 * solution[0]] + outer, sampleRate: sampleRate)
  }

  /// The solution of the normal equations; the shortest one where bands leave so much free that there are many.
  private static func solve(_ matrix: Matrix, _ right: Matrix) throws(SignalError) -> [Double] {
    do throws(AlgebraError) {
      // The squared ratio of the diagonal of Cholesky's factor is at least the reciprocal condition.
      if let diagonal = try? matrix.choleskyFactor().diagonal, let largest = diagonal.max(), let smallest = diagonal.min(),
        smallest * smallest > Double.ulpOfOne * largest * largest
      {
        return try matrix.solve(right).column(0)
      }
      return try matrix.leastSquares(right).solution.column(0)
    } catch {
      throw SignalError(.invalidParameter, "a least-squares filter of \(2 * matrix.rows - 1) taps; expected solvable equations (\(error))")
    }
  }
}
