/// A dense matrix of doubles, row-major.
///
/// A plain value: copying is cheap until one of the copies is changed. Element `(r, c)` lies at `values[r * columns + c]`. A matrix may have
/// no rows or no columns. Shapes that do not fit are a mistake of the program and trap, with both shapes in the message.
public struct Matrix: Sendable, Hashable {
  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// The elements, row after row.
  public internal(set) var values: [Double]

  /// Makes a matrix whose elements are all the same.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    precondition(rows >= 0 && columns >= 0, "a matrix of \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.values = [Double](repeating: value, count: rows * columns)
  }

  /// Makes a matrix of elements laid out row after row.
  public init(rows: Int, columns: Int, _ values: [Double]) {
    precondition(rows >= 0 && columns >= 0 && values.count == rows * columns, "\(values.count) values for a matrix of \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// The identity of a size.
  public static func identity(_ size: Int) -> Matrix { diagonal([Double](repeating: 1, count: size)) }

  /// A square matrix with the given diagonal and zeros beside it.
  public static func diagonal(_ elements: [Double]) -> Matrix {
    var matrix = Matrix(rows: elements.count, columns: elements.count)
    for (i, element) in elements.enumerated() { matrix.values[i * elements.count + i] = element }
    return matrix
  }

  /// One element.
  public subscript(row: Int, column: Int) -> Double {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "element (\(row), \(column)) of \(rows) × \(columns)")
      return values[row * columns + column]
    }
    set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "element (\(row), \(column)) of \(rows) × \(columns)")
      values[row * columns + column] = newValue
    }
  }

  /// Whether the matrix has as many rows as columns.
  public var isSquare: Bool { rows == columns }

  /// Whether no element is NaN or infinite.
  public var isFinite: Bool { values.allSatisfy(\.isFinite) }

  /// The elements of one row, as a view, O(1).
  public func row(_ row: Int) -> ArraySlice<Double> {
    precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
    return values[(row * columns)..<((row + 1) * columns)]
  }

  /// The elements of one column, copied.
  public func column(_ column: Int) -> [Double] {
    precondition(column >= 0 && column < columns, "column \(column) of \(columns)")
    return (0..<rows).map { values[$0 * columns + column] }
  }

  /// The elements `(i, i)`.
  public var diagonal: [Double] { (0..<min(rows, columns)).map { values[$0 * columns + $0] } }

  /// The sum of the diagonal of a square matrix.
  public var trace: Double {
    precondition(isSquare, "the trace of a matrix of \(rows) × \(columns)")
    return diagonal.reduce(0, +)
  }
}

extension Matrix {
  /// Calls `body` with the elements, row after row, for kernels.
  public func withUnsafeValues<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try values.withUnsafeBufferPointer(body)
  }

  /// Calls `body` with the mutable elements, row after row, for kernels.
  public mutating func withUnsafeMutableValues<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try values.withUnsafeMutableBufferPointer { (buffer) throws(Failure) in try body(buffer) }
  }
}
