import MinhangAlgebra
import MinhangCore

/// Denoising source separation (DSS): components ordered by how much of their power a bias keeps.
///
/// The baseline covariance is whitened and the biased covariance diagonalised in that space. Component 1 is the mixture of channels with the
/// largest ratio of biased to baseline power: the line noise where the bias keeps the line, the repeatable response where it averages trials.
/// Equals `meegkit.dss.dss0`.
///
/// **Source:** Särelä & Valpola 2005, "Denoising source separation", J. Mach. Learn. Res. 6:233; de Cheveigné & Parra 2014, "Joint
/// decorrelation, a versatile tool for multichannel data analysis", NeuroImage 98:487, section 2.
public struct DenoisingSourceSeparation: Sendable, Hashable {
  /// Dimensions of less than this part of the largest power count as none, in the baseline and in the biased covariance.
  public var relativePowerCutoff = 1e-9

  /// The usual settings.
  public init() {}

  /// Fits on a pair of covariances of training data.
  ///
  /// - Parameters:
  ///   - baseline: Covariance of the signal, `[channels × channels]`, µV².
  ///   - biased: Covariance of the signal after the bias, of the same shape.
  /// - Throws: `SignalError` with `.invalidParameter` for covariances that are not finite, or without power.
  public func fit(baseline: Matrix, biased: Matrix) throws(SignalError) -> FittedSourceSeparation {
    precondition(
      baseline.isSquare && biased.isSquare && biased.rows == baseline.rows,
      "source separation of \(baseline.rows) × \(baseline.columns) and \(biased.rows) × \(biased.columns)")
    do {
      let first = try Self.principal(baseline, cutoff: relativePowerCutoff)
      let whitening = first.vectors * Matrix.diagonal(first.values.map { 1 / $0.squareRoot() })
      let second = try Self.principal(whitening.transposed().congruence(of: biased), cutoff: relativePowerCutoff)
      // Components of power 1 in the baseline.
      var unmixing = (whitening * second.vectors).transposed()
      let power = unmixing.congruence(of: baseline).diagonal
      unmixing = Matrix.diagonal(power.map { 1 / $0.squareRoot() }) * unmixing
      var mixing = try unmixing.pseudoInverse()
      for k in 0..<unmixing.rows where Self.isTurned(mixing.column(k)) {
        for c in 0..<unmixing.columns {
          unmixing[k, c] = -unmixing[k, c]
          mixing[c, k] = -mixing[c, k]
        }
      }
      func norms(_ covariance: Matrix) -> [Double] {
        let product = unmixing * covariance
        return (0..<unmixing.rows).map { product.row($0).reduce(0.0) { $0 + $1 * $1 }.squareRoot() }
      }
      return FittedSourceSeparation(
        unmixing: unmixing, mixing: mixing, baselinePower: norms(baseline), biasedPower: norms(biased))
    } catch {
      throw SignalError(.invalidParameter, "source separation of \(baseline.rows) channels: \(error)")
    }
  }

  /// Eigenvectors in columns and eigenvalues, largest first, those above the cutoff.
  private static func principal(_ matrix: Matrix, cutoff: Double) throws(AlgebraError) -> (values: [Double], vectors: Matrix) {
    let eigen = try matrix.symmetricEigen()
    let largest = eigen.values.last ?? 0
    guard largest > 0 else { throw AlgebraError(.singular, "a covariance without power") }
    let n = matrix.rows
    let chosen = (0..<n).reversed().filter { eigen.values[$0] > cutoff * largest }
    var vectors = Matrix(rows: n, columns: chosen.count)
    for (to, from) in chosen.enumerated() { for r in 0..<n { vectors[r, to] = eigen.vectors[r, from] } }
    return (chosen.map { eigen.values[$0] }, vectors)
  }

  /// Whether the largest element, the first of equal ones, is negative.
  private static func isTurned(_ topography: [Double]) -> Bool {
    topography.reduce(0.0) { $1.magnitude > $0.magnitude ? $1 : $0 } < 0
  }
}

/// Components found by source separation: a value, without a running state.
public struct FittedSourceSeparation: Sendable, Hashable {
  /// From channels to components of power 1, `[components × channels]`, 1/µV; the component that the bias keeps most comes first.
  public let unmixing: Matrix
  /// The pseudo-inverse, from components to channels, `[channels × components]`, µV; the largest element of each column is positive.
  public let mixing: Matrix
  /// Norm of each component's covariance with all channels in the baseline, µV.
  public let baselinePower: [Double]
  /// The same after the bias, µV.
  public let biasedPower: [Double]

  /// `biasedPower / baselinePower`: how much of a component the bias keeps.
  public var scores: [Double] { zip(biasedPower, baselinePower).map { $0 / $1 } }

  /// Number of components.
  public var componentCount: Int { unmixing.rows }

  /// The stage that removes components, live: `x − mixing[:, removed] · unmixing[removed, :] · x`.
  ///
  /// - Precondition: each index is that of a component.
  public func stage(removing removed: [Int]) -> ArtefactSubtraction {
    var removal = Matrix(rows: unmixing.columns, columns: unmixing.columns)
    for k in removed {
      for r in 0..<removal.rows { for c in 0..<removal.columns { removal[r, c] += mixing[r, k] * unmixing[k, c] } }
    }
    return ArtefactSubtraction(removal: removal)
  }
}
