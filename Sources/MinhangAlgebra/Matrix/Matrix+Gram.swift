import CLAPACKE

extension Matrix {
  /// `scale · X · Xᵀ` of rows that lie in memory, symmetric to the last bit.
  ///
  /// One BLAS call (`dsyrk`), which packs its operands: the bits do not depend on where the rows lie.
  ///
  /// - Parameters:
  ///   - rows: `X`, `[count × length]`.
  ///   - count: Number of rows.
  ///   - length: Values in each row.
  ///   - stride: Distance in values from one row's first to the next row's; at least `length`.
  ///   - scale: Factor of the result.
  public init(gramOfRows rows: UnsafePointer<Double>, count: Int, length: Int, stride: Int, scale: Double = 1) {
    precondition(count >= 0 && length >= 0 && stride >= length, "\(count) rows of \(length) values at a distance of \(stride)")
    self.init(rows: count, columns: count)
    guard count > 0, length > 0 else { return }
    LAPACK.call {
      cblas_dsyrk(
        CblasRowMajor, CblasLower, CblasNoTrans, LAPACK.size(count), LAPACK.size(length), scale, rows, LAPACK.size(stride), 0, &values,
        LAPACK.size(count))
    }
    values.withUnsafeMutableBufferPointer { values in
      for r in 0..<count { for c in 0..<r { values[c * count + r] = values[r * count + c] } }
    }
  }
}
