import CLAPACKE

// Goals: the forms of the arithmetic for a live path, which write into a matrix that is there already and allocate nothing; the forms that return
// a new matrix call these, so that the bits are the same.

extension Matrix {
  /// Makes this matrix the product of two others, which fit its shape; allocates nothing while its storage is not shared.
  public mutating func setProduct(_ a: Matrix, _ b: Matrix) {
    precondition(a.columns == b.rows, "the product of \(a.rows) × \(a.columns) and \(b.rows) × \(b.columns)")
    precondition(rows == a.rows && columns == b.columns, "a product of \(a.rows) × \(b.columns) in a matrix of \(rows) × \(columns)")
    values.withUnsafeMutableBufferPointer { values in
      guard a.rows > 0, a.columns > 0, b.columns > 0, let target = values.baseAddress else { return values.update(repeating: 0) }
      a.values.withUnsafeBufferPointer { left in
        b.values.withUnsafeBufferPointer { right in
          LAPACK.call {
            cblas_dgemm(
              CblasRowMajor, CblasNoTrans, CblasNoTrans, LAPACK.size(a.rows), LAPACK.size(b.columns), LAPACK.size(a.columns), 1,
              left.baseAddress, LAPACK.size(a.columns), right.baseAddress, LAPACK.size(b.columns), 0, target, LAPACK.size(b.columns))
          }
        }
      }
    }
  }

  /// Makes this matrix another one with rows and columns exchanged; allocates nothing while its storage is not shared.
  public mutating func setTransposed(of other: Matrix) {
    precondition(rows == other.columns && columns == other.rows, "\(other.rows) × \(other.columns) transposed into \(rows) × \(columns)")
    values.withUnsafeMutableBufferPointer { values in
      other.values.withUnsafeBufferPointer { source in
        for r in 0..<other.rows { for c in 0..<other.columns { values[c * other.rows + r] = source[r * other.columns + c] } }
      }
    }
  }

  /// Copies the elements of a matrix of the same shape, without sharing its storage; allocates nothing while this one's is not shared.
  public mutating func copyElements(of other: Matrix) {
    precondition(rows == other.rows && columns == other.columns, "\(other.rows) × \(other.columns) into \(rows) × \(columns)")
    values.withUnsafeMutableBufferPointer { values in
      other.values.withUnsafeBufferPointer { _ = values.update(fromContentsOf: $0) }
    }
  }

  /// Replaces a square matrix by its symmetric part, `(A + Aᵀ) / 2`.
  public mutating func symmetrize() {
    precondition(isSquare, "the symmetric part of \(rows) × \(columns)")
    let size = columns
    values.withUnsafeMutableBufferPointer { values in
      for r in 0..<size {
        for c in 0..<r {
          let mean = (values[r * size + c] + values[c * size + r]) / 2
          values[r * size + c] = mean
          values[c * size + r] = mean
        }
      }
    }
  }
}
