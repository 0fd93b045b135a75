import MinhangCore

/// The filters of a recorder's amplifier and software, out of the tables that it writes into `[Comment]`.
///
/// A table begins with a line of columns: `#  Name  …  Low Cutoff [s]  High Cutoff [Hz]  Notch [Hz]`. What is free text may be anything: a row
/// counts only where its number, its name and every filter in it are what they should be; else the channel has no words on filters.
struct BrainVisionFilters {
  /// A longer text is no table of channels.
  private static let longest = 8 << 20

  /// What a row says.
  private struct Row {
    /// Hz; 0 for none (DC).
    var highPass: Double?
    var lowPass: Double?
    var notch: Double?
  }

  private struct Table {
    var name: Int?
    var low: Int
    var high: Int
    var notch: Int
    var isTimeConstant: Bool
    /// Rows by channel; nil for one that is uncertain.
    var rows: [Int: Row?] = [:]

    /// Reads a line of columns.
    init?(_ columns: [Substring]) {
      func place(_ name: String) -> Int? { columns.firstIndex { $0.lowercased().hasPrefix(name) } }
      guard columns.first == "#", let low = place("low cutoff ["), let high = place("high cutoff [hz]"), let notch = place("notch [hz]")
      else { return nil }
      let unit = columns[low].lowercased()
      guard unit == "low cutoff [s]" || unit == "low cutoff [hz]" else { return nil }
      isTimeConstant = unit.hasSuffix("[s]")
      (name, self.low, self.high, self.notch) = (place("name"), low, high, notch)
    }

    func row(_ fields: [Substring], label: String) -> Row? {
      guard fields.count > max(low, high, notch), name.map({ fields[$0] == label }) ?? true else { return nil }
      func frequency(_ field: Substring, none: String) -> Double?? {
        if field.lowercased() == none { return .some(nil) }
        guard let value = HeaderNumber.decimal(String(field))?.value, value > 0, value < 1e9 else { return .none }
        return .some(value)
      }
      guard let high = frequency(fields[high], none: "off"), let notch = frequency(fields[notch], none: "off") else { return nil }
      var row = Row(highPass: nil, lowPass: high, notch: notch)
      let isDC = fields[low].lowercased() == "dc"
      guard let low = frequency(fields[low], none: isDC ? "dc" : "off") else { return nil }
      // A time constant τ is a cutoff of 1 / 2πτ.
      row.highPass = low.map { isTimeConstant ? 1 / (2 * .pi * $0) : $0 } ?? (isDC ? 0 : nil)
      return row
    }
  }

  private var tables: [Table] = []

  init(_ text: BrainVisionDocument, labels: [String]) {
    guard text.comment.count <= Self.longest, text.comment.contains(0x23) else { return }
    var isInTable = false
    for line in text.comment.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let fields = Self.columns(text.text(BrainVisionDocument.trimmed(line)))
      if fields.first == "#" {
        isInTable = false
        if tables.count < 2, let table = Table(fields) {
          tables.append(table)
          isInTable = true
        }
      } else if isInTable, let number = fields.first.flatMap({ Int($0) }), labels.indices.contains(number - 1) {
        let last = tables.count - 1
        // A number that comes twice is uncertain.
        tables[last].rows[number - 1] = .some(
          tables[last].rows[number - 1] == nil ? tables[last].row(fields, label: labels[number - 1]) : nil)
      } else {
        isInTable = false
      }
    }
  }

  /// Columns stand two spaces or a tab apart.
  private static func columns(_ line: String) -> [Substring] {
    var columns: [Substring] = []
    var start = line.startIndex
    var place = start
    func isSpace(_ index: String.Index) -> Bool { line[index] == " " || line[index] == "\t" }
    while place < line.endIndex {
      let next = line.index(after: place)
      if line[place] == "\t" || (line[place] == " " && next < line.endIndex && isSpace(next)) {
        if start < place { columns.append(line[start..<place]) }
        while place < line.endIndex, isSpace(place) { place = line.index(after: place) }
        start = place
      } else {
        place = next
      }
    }
    if start < line.endIndex { columns.append(line[start...]) }
    return columns
  }

  /// The words of EDF on a channel's filters: `HP:0.1Hz LP:100Hz N:50Hz`.
  ///
  /// Of several in a row the narrowest; empty where nothing is certain.
  func words(_ channel: Int) -> String {
    guard !tables.isEmpty else { return "" }
    var rows: [Row] = []
    for table in tables {
      // A channel that a table does not have is uncertain too.
      guard let row = table.rows[channel] ?? nil else { return "" }
      rows.append(row)
    }
    var words: [String] = []
    if let high = rows.compactMap(\.highPass).max() { words.append(high > 0 ? "HP:\(Self.number(high))Hz" : "HP:DC") }
    if let low = rows.compactMap(\.lowPass).min() { words.append("LP:\(Self.number(low))Hz") }
    for notch in Set(rows.compactMap(\.notch)).sorted() { words.append("N:\(Self.number(notch))Hz") }
    return words.joined(separator: " ")
  }

  /// Four digits: a time constant is written with no more.
  private static func number(_ value: Double) -> String {
    var power = 1.0
    while value * power < 1000, power < 1e12 { power *= 10 }
    return DelimitedText.number((value * power).rounded() / power)
  }
}
