import MinhangCore

/// Dates and times of a header: `dd.mm.yy`, `hh.mm.ss`, and `dd-MMM-yyyy` of EDF+.
enum HeaderDate {
  /// A day of the calendar, or a time of day: three numbers.
  struct Triple: Hashable {
    var first: Int
    var second: Int
    var third: Int
    /// Whether the text is written as the rules want it: two digits each, with points.
    var isStandard: Bool
  }

  /// Three numbers of one or two digits, divided by one kind of mark: `.` by the rules, `/`, `:` and `-` in the wild.
  static func triple(_ text: String) -> Triple? {
    guard let mark = text.first(where: { ".:/-".contains($0) }) else { return nil }
    let parts = text.split(separator: mark, omittingEmptySubsequences: false).map { String($0).trimmingSpaces }
    guard parts.count == 3, parts.allSatisfy({ (1...2).contains($0.utf8.count) && $0.utf8.allSatisfy(HeaderNumber.isDigit) }),
      let first = Int(parts[0]), let second = Int(parts[1]), let third = Int(parts[2])
    else { return nil }
    return Triple(first: first, second: second, third: third, isStandard: mark == "." && text.utf8.count == 8)
  }

  /// The year of two digits: 85…99 are 1985…1999, 00…84 are 2000…2084.
  static func year(ofTwoDigits year: Int) -> Int { year >= 85 ? 1900 + year : 2000 + year }

  /// Day, month and year of `dd-MMM-yyyy`; nil for anything else.
  ///
  /// English months, in any case.
  static func standardDate(_ text: String) -> (day: Int, month: Int, year: Int)? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let day = HeaderNumber.whole(String(parts[0])), let year = HeaderNumber.whole(String(parts[2])),
      let month = monthNames.firstIndex(of: parts[1].uppercased()), (1...31).contains(day), (1...9999).contains(year)
    else { return nil }
    return (day, month + 1, year)
  }

  /// `02-MAR-2002`.
  static func standardText(_ date: RecordingDate) -> String {
    func padded(_ n: Int, _ width: Int) -> String { String(repeating: "0", count: max(0, width - String(n).count)) + String(n) }
    return "\(padded(date.day, 2))-\(monthNames[date.month - 1])-\(padded(date.year, 4))"
  }

  static let monthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]

  /// The date so many whole seconds later; nil where that is past the calendar.
  static func date(_ date: RecordingDate, after seconds: Int) -> RecordingDate? {
    guard (0...4_000_000_000).contains(seconds) else { return nil }
    let total = date.hour * 3600 + date.minute * 60 + date.second + seconds
    let clock = total % 86400
    var day = (date.year, date.month, date.day)
    for _ in 0..<(total / 86400) {
      if RecordingDate(year: day.0, month: day.1, day: day.2 + 1, hour: 0, minute: 0, second: 0) != nil {
        day.2 += 1
      } else {
        day = day.1 == 12 ? (day.0 + 1, 1, 1) : (day.0, day.1 + 1, 1)
      }
    }
    return RecordingDate(
      year: day.0, month: day.1, day: day.2, hour: clock / 3600, minute: clock / 60 % 60, second: clock % 60, fraction: date.fraction)
  }
}
