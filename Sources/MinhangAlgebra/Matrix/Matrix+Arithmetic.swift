extension Matrix {
  /// The matrix with rows and columns exchanged.
  public func transposed() -> Matrix {
    var result = Matrix(rows: columns, columns: rows)
    result.setTransposed(of: self)
    return result
  }

  /// The sum of two matrices of one shape.
  public static func + (a: Matrix, b: Matrix) -> Matrix { combined(a, b, +) }

  /// The difference of two matrices of one shape.
  public static func - (a: Matrix, b: Matrix) -> Matrix { combined(a, b, -) }

  /// Every element times a factor.
  public static func * (factor: Double, matrix: Matrix) -> Matrix {
    Matrix(rows: matrix.rows, columns: matrix.columns, matrix.values.map { factor * $0 })
  }

  /// The matrix product.
  public static func * (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.columns == b.rows, "the product of \(a.rows) × \(a.columns) and \(b.rows) × \(b.columns)")
    var result = Matrix(rows: a.rows, columns: b.columns)
    result.setProduct(a, b)
    return result
  }

  /// The product of a matrix and a column vector.
  public static func * (a: Matrix, x: [Double]) -> [Double] {
    precondition(a.columns == x.count, "the product of \(a.rows) × \(a.columns) and a vector of \(x.count)")
    return (a * Matrix(rows: x.count, columns: 1, x)).values
  }

  /// Adds another matrix of the same shape, in place.
  public static func += (a: inout Matrix, b: Matrix) {
    precondition(a.rows == b.rows && a.columns == b.columns, "\(a.rows) × \(a.columns) and \(b.rows) × \(b.columns)")
    a.values.withUnsafeMutableBufferPointer { a in
      b.values.withUnsafeBufferPointer { b in for i in a.indices { a[i] += b[i] } }
    }
  }

  /// `self · inner · selfᵀ`, the congruence of a symmetric matrix, symmetric to the last bit.
  public func congruence(of inner: Matrix) -> Matrix {
    precondition(inner.isSquare && inner.rows == columns, "the congruence of \(inner.rows) × \(inner.columns) by \(rows) × \(columns)")
    return ((self * inner) * transposed()).symmetrized()
  }

  /// `(A + Aᵀ) / 2`: the symmetric part of a square matrix.
  public func symmetrized() -> Matrix {
    var result = self
    result.symmetrize()
    return result
  }

  /// The square root of the sum of the squared elements.
  public var frobeniusNorm: Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  /// The largest absolute value of an element; 0 for an empty matrix.
  public var largestMagnitude: Double { values.reduce(0) { max($0, $1.magnitude) } }

  private static func combined(_ a: Matrix, _ b: Matrix, _ operation: (Double, Double) -> Double) -> Matrix {
    precondition(a.rows == b.rows && a.columns == b.columns, "\(a.rows) × \(a.columns) and \(b.rows) × \(b.columns)")
    return Matrix(rows: a.rows, columns: a.columns, zip(a.values, b.values).map(operation))
  }
}
