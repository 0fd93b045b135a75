import Foundation
import MinhangBCI

/// Rows under named columns: a table for people on a terminal, TSV in a pipe, JSON Lines when asked.
struct Table {
  /// One value.
  enum Cell {
    case text(String)
    case number(Double)
    case integer(Int)
    case missing

    /// As in TSV: numbers round-trip, `n/a` for what is missing (BIDS).
    var tsv: String {
      switch self {
      case .text(let text): text.escapedForDisplay
      case .number(let value): value.isFinite ? JSONValue.decimal(value) : "n/a"
      case .integer(let value): String(value)
      case .missing: "n/a"
      }
    }

    /// For people: numbers with six significant digits.
    var shown: String {
      if case .number(let value) = self, value.isFinite { return String(format: "%.6g", value) }
      return tsv
    }

    var json: JSONValue {
      switch self {
      case .text(let text): .string(text)
      case .number(let value): .number(value)
      case .integer(let value): .integer(value)
      case .missing: .null
      }
    }

    var isNumber: Bool { if case .text = self { false } else { true } }
  }

  var columns: [String]
  var rows: [[Cell]] = []

  /// The table as TSV, its header first.
  var tsv: String { columns.map(\.escapedForDisplay).joined(separator: "\t") + "\n" + tsvRows }

  /// The rows as TSV, without the header: for tables that are written as they grow.
  var tsvRows: String { rows.map { $0.map(\.tsv).joined(separator: "\t") + "\n" }.joined() }

  /// The table as JSON Lines, an object a row.
  var jsonLines: String {
    rows.map { row in JSONValue.object(zip(columns, row).map { JSONValue.Member($0, $1.json) }).text + "\n" }.joined()
  }

  /// The table with aligned columns.
  var aligned: String {
    let cells = [columns.map(\.escapedForDisplay)] + rows.map { $0.map(\.shown) }
    let widths = columns.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.enumerated().map { line, row in
      row.enumerated().map { column, text in
        let padding = String(repeating: " ", count: widths[column] - text.count)
        let isNumber = line > 0 ? rows[line - 1][column].isNumber : rows.first?[column].isNumber ?? false
        return isNumber ? padding + text : text + padding
      }.joined(separator: "  ").trimmingTrailingSpaces + "\n"
    }.joined()
  }

  /// The form that the reader of standard output wants.
  func text(json: Bool) -> String { json ? jsonLines : Console.outputIsTerminal ? aligned : tsv }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    var text = self[...]
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
