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
  let fields: [String: Int]
  private let values: [MATValue]
  let count: Int

  /// - Parameter values: Structure by structure; fewer than all where the file is cut.
  init(fieldNames: [String], values: [MATValue]) {
    var fields: [String: Int] = [:]
    for (place, name) in fieldNames.enumerated() where fields[name] == nil { fields[name] = place }
    self.fields = fields
    self.values = values
    width = fieldNames.count
    count = width == 0 ? 0 : (values.count + width - 1) / width
  }

  private let width: Int

  /// A field of a structure; `empty` where there is none.
  subscript(_ name: String, of structure: Int) -> MATValue {
    guard let field = fields[name] else { return .empty }
    let place = structure * width + field
    return place < values.count ? values[place] : .empty
  }
}
