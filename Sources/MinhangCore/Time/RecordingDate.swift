/// The date and time of day at which a recording began, in the recorder's local time: files of the field do not state a zone.
public struct RecordingDate: Sendable, Hashable {
  /// Year of the Gregorian calendar.
  public var year: Int
  /// Month, 1–12.
  public var month: Int
  /// Day of the month, 1–31.
  public var day: Int
  /// Hour, 0–23.
  public var hour: Int
  /// Minute, 0–59.
  public var minute: Int
  /// Second, 0–59.
  public var second: Int
  /// Part of a second, 0 ≤ fraction < 1.
  public var fraction: Double

  /// Makes a date, or nil if there is no such day or time.
  public init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, fraction: Double = 0) {
    let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...9999).contains(year), (1...12).contains(month), (1...lengths[month - 1]).contains(day), (0...23).contains(hour),
      (0...59).contains(minute), (0...59).contains(second), fraction >= 0, fraction < 1
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.fraction = fraction
  }

  /// ISO 8601 without a zone: `2009-08-12T16:15:00`, with up to six decimals of a second where there are any.
  public var iso8601: String {
    func padded(_ n: Int, _ width: Int) -> String {
      let text = String(n)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    let micros = min(Int((fraction * 1e6).rounded()), 999_999)
    var decimals = micros == 0 ? "" : "." + padded(micros, 6)
    while decimals.last == "0" { decimals.removeLast() }
    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    return "\(date)T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))\(decimals)"
  }
}

extension RecordingDate {
  /// The moment some seconds later (or, for a negative number, earlier); nil before year 1, after year 9999, or where `seconds` is not finite.
  public func advanced(by seconds: Double) -> RecordingDate? {
    guard seconds.isFinite, seconds.magnitude < 4e11 else { return nil }
    // Whole seconds apart, so that a shift by years keeps each digit of the fraction.
    let parts = fraction + (seconds - seconds.rounded(.down))
    let carry = parts.rounded(.down)
    var rest = Double(hour * 3600 + minute * 60 + second) + seconds.rounded(.down) + carry
    let days = (rest / 86_400).rounded(.down)
    rest -= days * 86_400
    let clock = Int(rest)
    let date = Self.civil(fromDay: Self.day(year: year, month: month, day: day) + Int(days))
    return RecordingDate(
      year: date.year, month: date.month, day: date.day, hour: clock / 3600, minute: clock / 60 % 60, second: clock % 60,
      fraction: parts - carry)
  }

  /// Seconds from another moment to this one; exact to the fraction's digits.
  public func seconds(since other: RecordingDate) -> Double {
    let days = Self.day(year: year, month: month, day: day) - Self.day(year: other.year, month: other.month, day: other.day)
    let clock = (hour - other.hour) * 3600 + (minute - other.minute) * 60 + second - other.second
    return Double(days * 86_400 + clock) + (fraction - other.fraction)
  }

  // Days since 0000-03-01 of the proleptic Gregorian calendar: a year that begins in March ends with its leap day, so that each month's first
  // day is a linear function of the month.

  private static func day(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let month = month <= 2 ? month + 9 : month - 3
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1
  }

  private static func civil(fromDay day: Int) -> (year: Int, month: Int, day: Int) {
    guard day >= 0 else { return (0, 1, 1) }
    // 146 097 days are 400 years.
    let era = day / 146_097
    let ofEra = day % 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * ofYear + 2) / 153
    let year = yearOfEra + 400 * era + (month >= 10 ? 1 : 0)
    return (year, month >= 10 ? month - 9 : month + 3, ofYear - (153 * month + 2) / 5 + 1)
  }
}
