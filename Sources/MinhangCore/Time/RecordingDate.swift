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
