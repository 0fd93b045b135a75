/// A value of a MATLAB file.
enum MATValue {
  /// Nothing: `[]`, or what is not read (sparse matrices, functions, objects of classes).
  case empty
  /// One number.
  case number(Double)
  /// A row of characters; several rows with line feeds between them.
  case text(String)
  /// Several numbers, still in the file.
  case array(MATArray)
  /// A cell array, column by column.
  case cells([MATValue])
  /// A structure, or an array of structures.
  case structures(MATStructures)

  var number: Double? { if case .number(let value) = self { value } else { nil } }
  var text: String? { if case .text(let value) = self { value } else { nil } }
}

/// Numbers of a MATLAB file, where they lie.
final class MATArray: Sendable {
  let source: ArraySource
  let type: NPYType
  /// Place of the first number in the source.
  let offset: Int
  /// Sizes as the file states them: at least two, their product checked against overflow.
  let shape: [Int]
  /// Whether the numbers have an imaginary part, which is not read.
  let isComplex: Bool

  init(source: ArraySource, type: NPYType, offset: Int, shape: [Int], isComplex: Bool) {
    self.source = source
    self.type = type
    self.offset = offset
    self.shape = shape
    self.isComplex = isComplex
  }
}

/// An array of structures with the same fields; only the fields that were asked for.
final class MATStructures {
  private let fieldNames: [String]
  private let columns: [[MATValue]]
  let count: Int

  /// - Parameters:
  ///   - fieldNames: Of fields of the same name the first one counts.
  ///   - columns: The values of each field, structure by structure; fewer than all where the file is cut.
  init(fieldNames: [String], columns: [[MATValue]]) {
    precondition(fieldNames.count == columns.count, "\(columns.count) columns of \(fieldNames.count) fields")
    self.fieldNames = fieldNames
    self.columns = columns
    count = columns.map(\.count).max() ?? 0
  }

  /// A field of a structure; `empty` where there is none.
  subscript(_ name: String, of structure: Int) -> MATValue {
    guard let field = fieldNames.firstIndex(of: name), structure < columns[field].count else { return .empty }
    return columns[field][structure]
  }
}
