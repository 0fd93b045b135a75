import MinhangCore

/// A date of a `New Segment` marker: `YYYYMMDDhhmmssuuuuuu`.
struct BrainVisionDate {
  var date: RecordingDate
  /// Whole seconds since a day long ago; differences are exact.
  private var seconds: Int
  private var micros: Int

  /// nil where the text is no date.
  init?(_ text: ArraySlice<UInt8>) {
    guard text.count >= 14, text.count <= 20, text.allSatisfy(HeaderNumber.isDigit) else { return nil }
    func number(_ from: Int, _ count: Int) -> Int {
      text.dropFirst(from).prefix(count).reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
    var micros = number(14, 6)
    for _ in 0..<(20 - text.count) { micros *= 10 }
    guard
      let date = RecordingDate(
        year: number(0, 4), month: number(4, 2), day: number(6, 2), hour: number(8, 2), minute: number(10, 2), second: number(12, 2),
        fraction: Double(micros) / 1e6)
    else { return nil }
    self.date = date
    self.micros = micros
    let year = date.month <= 2 ? date.year - 1 : date.year
    let month = date.month <= 2 ? date.month + 9 : date.month - 3
    let day = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + date.day
    seconds = day * 86_400 + date.hour * 3600 + date.minute * 60 + date.second
  }

  /// Seconds from another date to this one.
  func seconds(since other: BrainVisionDate) -> Double { Double(seconds - other.seconds) + Double(micros - other.micros) / 1e6 }

  /// The text of a date, to the nearest microsecond.
  static func text(_ date: RecordingDate) -> String {
    func padded(_ n: Int, _ width: Int) -> String { String(repeating: "0", count: max(0, width - String(n).count)) + String(n) }
    var date = date
    if date.fraction >= 1 - 0.5e-6, var next = date.advanced(by: 0.5) {
      next.fraction = 0
      date = next
    }
    let micros = min(Int((date.fraction * 1e6).rounded()), 999_999)
    let clock = [date.month, date.day, date.hour, date.minute, date.second].map { padded($0, 2) }.joined()
    return padded(date.year, 4) + clock + padded(micros, 6)
  }
}
