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
    precondition(count >= 0, "\(count) rows of \(length) values")
    self.init(rows: count, columns: count)
    setGram(ofRows: rows, length: length, stride: stride, scale: scale)
  }

  /// Makes this square matrix `scale · X · Xᵀ` of as many rows that lie in memory, symmetric to the last bit; allocates nothing.
  ///
  /// - Parameters:
  ///   - rows: `X`, `[rows of this matrix × length]`.
  ///   - length: Values in each row.
  ///   - stride: Distance in values from one row's first to the next row's; at least `length`.
  ///   - scale: Factor of the result.
  public mutating func setGram(ofRows rows: UnsafePointer<Double>, length: Int, stride: Int, scale: Double = 1) {
    let count = self.rows
    LAPACK.requireSquare(self, in: "products of rows")
    precondition(length >= 0 && stride >= length, "\(count) rows of \(length) values at a distance of \(stride)")
    values.withUnsafeMutableBufferPointer { values in
      guard count > 0, length > 0, let target = values.baseAddress else { return values.update(repeating: 0) }
      LAPACK.call {
        cblas_dsyrk(
          CblasRowMajor, CblasLower, CblasNoTrans, LAPACK.size(count), LAPACK.size(length), scale, rows, LAPACK.size(stride), 0, target,
          LAPACK.size(count))
      }
      for r in 0..<count { for c in 0..<r { values[c * count + r] = values[r * count + c] } }
    }
  }
}
