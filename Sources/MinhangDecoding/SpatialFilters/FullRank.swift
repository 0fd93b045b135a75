import MinhangAlgebra

// Goals: common average reference, interpolated or duplicated channels make covariances that are not of full rank; a filter computed from them
// blindly is made of rounding errors. Such matrices are told apart by their eigenvalues, named, and shrunk just enough to be inverted well.

/// Makes sure that the sum of class means can be inverted.
enum FullRank {
  /// Eigenvalues up to this part of the largest count as zero: the rounding of a 64-channel sum of covariances, with a hundredfold margin.
  static let relativeCutoff = 1e-12
  /// The weight of the shrinkage that makes a deficient matrix invertible: far above rounding, far below any source in the signal.
  static let shrinkage = 1e-6

  /// The matrices as they are where their sum is of full rank; else each shrunk towards `μ·I` of the mean matrix, with a sentence that says so.
  static func ensured(_ matrices: [Matrix]) throws(AlgebraError) -> ([Matrix], warning: String?) {
    var total = matrices[0]
    for matrix in matrices.dropFirst() { total += matrix }
    // The cheap test first: pivots of the Cholesky factor bound the smallest eigenvalue from above, and fall with it in practice.
    if let factor = try? total.choleskyFactor() {
      let pivots = factor.diagonal.map { $0 * $0 }
      if let low = pivots.min(), let high = pivots.max(), low > high * 1e-9 { return (matrices, nil) }
    }
    let eigenvalues = try total.symmetricEigen().values
    let largest = eigenvalues.last ?? 0
    guard largest > 0 else {
      throw AlgebraError(.notPositiveDefinite, "the trials are all constant: their covariances are zero; expected a signal that varies")
    }
    let rank = eigenvalues.count(where: { $0 > largest * relativeCutoff })
    guard rank < total.rows else { return (matrices, nil) }
    let level = shrinkage * total.trace / Double(total.rows * matrices.count)
    let shrunk = matrices.map { (1 - shrinkage) * $0 + level * Matrix.identity($0.rows) }
    return (
      shrunk,
      "the covariances have rank \(rank) of \(total.rows) (a common reference, interpolated or duplicated channels); shrunk by \(shrinkage)"
    )
  }
}
