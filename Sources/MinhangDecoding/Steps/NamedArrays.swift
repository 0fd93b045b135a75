import MinhangAlgebra
import MinhangCore

/// Arrays under names, in their order: what a fitted step writes to a model file and is made of again.
public struct NamedArrays: Sendable, Hashable {
  /// One array of doubles, row-major.
  public struct Entry: Sendable, Hashable {
    /// The name, of letters, digits, `-`, `_` and `.`.
    public let name: String
    /// Length of each dimension.
    public let shape: [Int]
    /// The elements, the last index fastest.
    public let values: [Double]
  }

  /// The arrays.
  public private(set) var entries: [Entry] = []

  /// Makes an empty set.
  public init() {}

  /// Adds an array.
  public mutating func add(_ name: String, shape: [Int], _ values: [Double]) {
    precondition(shape.reduce(1, *) == values.count, "\(values.count) values for an array of \(shape)")
    precondition(!entries.contains { $0.name == name }, "array \(name) comes twice")
    entries.append(Entry(name: name, shape: shape, values: values))
  }

  /// Adds a matrix.
  public mutating func add(_ name: String, _ matrix: Matrix) { add(name, shape: [matrix.rows, matrix.columns], matrix.values) }

  /// Adds a vector.
  public mutating func add(_ name: String, _ vector: [Double]) { add(name, shape: [vector.count], vector) }

  /// Whether there is nothing.
  public var isEmpty: Bool { entries.isEmpty }

  /// The array of a name.
  ///
  /// - Throws: `DecodingError` `.invalidModel` where it is missing, of another number of dimensions, or not finite.
  public func array(_ name: String, dimensions: Int) throws(DecodingError) -> Entry {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw DecodingError(.invalidModel, "array \(name.quotedForDisplay()) is missing")
    }
    guard entry.shape.count == dimensions else {
      throw DecodingError(.invalidModel, "array \(name.quotedForDisplay()) has shape \(entry.shape); expected \(dimensions) dimensions")
    }
    guard entry.values.allSatisfy(\.isFinite) else {
      throw DecodingError(.invalidModel, "array \(name.quotedForDisplay()) holds a number that is not finite; expected finite numbers")
    }
    return entry
  }

  /// The matrix of a name.
  ///
  /// - Throws: `DecodingError` `.invalidModel`.
  public func matrix(_ name: String) throws(DecodingError) -> Matrix {
    let entry = try array(name, dimensions: 2)
    return Matrix(rows: entry.shape[0], columns: entry.shape[1], entry.values)
  }

  /// The vector of a name.
  ///
  /// - Throws: `DecodingError` `.invalidModel`.
  public func vector(_ name: String) throws(DecodingError) -> [Double] { try array(name, dimensions: 1).values }
}
