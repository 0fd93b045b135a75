import MinhangCore

/// A cell that holds a date and a time of day: `2024-05-06T07:08:09.123Z` and its kin.
///
/// Read are `YYYY-MM-DD`, `YYYY/MM/DD` and `YYYYMMDD`; then `T` or spaces; then `hh:mm`, `hh:mm:ss` with or without decimals behind a point or
/// a comma, or `hhmmss`; then nothing, `Z`, `±hh`, `±hhmm` or `±hh:mm`. Dates that begin with a day or a month are not: they mean different days in
/// different countries.
///
/// **Source:** ISO 8601-1:2019, 5.4.2, and RFC 3339, 5.6.
struct TableDate: Sendable, Hashable {
  /// The date and time as they are written.
  var date: RecordingDate
  /// Seconds by which the zone is ahead of universal time; nil where none is stated.
  var zone: Int?
  /// Decimals of the seconds.
  var decimals = 0

  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    var cursor = Cursor(bytes: bytes)
    guard (8...48).contains(bytes.count), let year = cursor.number(4) else { return nil }
    let mark = cursor.skip(0x2D) ? 0x2D as UInt8 : cursor.skip(0x2F) ? 0x2F : nil
    guard let month = cursor.number(2), mark.map({ cursor.skip($0) }) ?? true, let day = cursor.number(2) else { return nil }
    if !cursor.skip(0x54), !cursor.skip(0x74) {
      guard cursor.skip(0x20) else { return nil }
      while cursor.skip(0x20) {}
    }
    guard let hour = cursor.number(2) else { return nil }
    let isExtended = cursor.skip(0x3A)
    guard let minute = cursor.number(2) else { return nil }
    var (second, fraction) = (0, 0.0)
    if isExtended ? cursor.skip(0x3A) : cursor.isDigit {
      guard let number = cursor.number(2) else { return nil }
      second = number
      if cursor.skip(0x2E) || cursor.skip(0x2C) {
        guard let (value, count) = cursor.decimals() else { return nil }
        (fraction, decimals) = (value, count)
      }
    }
    _ = cursor.skip(0x20)
    guard
      let date = RecordingDate(year: year, month: month, day: day, hour: hour, minute: minute, second: min(second, 59), fraction: fraction)
    else { return nil }
    // A leap second is the first of the next minute to a clock that has none.
    guard second <= 60, let shifted = second == 60 ? date.advanced(by: 1) : date else { return nil }
    self.date = shifted
    guard cursor.readZone(&zone), cursor.isAtEnd else { return nil }
  }

  /// Seconds from another stamp to this one: zones count where both state one.
  func seconds(since other: TableDate) -> Double {
    date.seconds(since: other.date) - Double((zone ?? other.zone ?? 0) - (other.zone ?? zone ?? 0))
  }

  private struct Cursor {
    let bytes: UnsafeBufferPointer<UInt8>
    var place = 0

    var isAtEnd: Bool { place == bytes.count }
    var isDigit: Bool { place < bytes.count && HeaderNumber.isDigit(bytes[place]) }

    mutating func skip(_ byte: UInt8) -> Bool {
      guard place < bytes.count, bytes[place] == byte else { return false }
      place += 1
      return true
    }

    /// A number of so many digits.
    mutating func number(_ width: Int) -> Int? {
      var value = 0
      for _ in 0..<width {
        guard isDigit else { return nil }
        value = 10 * value + Int(bytes[place] - 0x30)
        place += 1
      }
      return value
    }

    /// Digits behind a point as a fraction, and their number; those behind the fifteenth are without meaning.
    mutating func decimals() -> (Double, Int)? {
      var (value, scale, count) = (0.0, 1.0, 0)
      while isDigit {
        if count < 15 {
          value = 10 * value + Double(bytes[place] - 0x30)
          scale *= 10
        }
        count += 1
        place += 1
      }
      return count > 0 ? (value / scale, count) : nil
    }

    /// Reads a zone where there is one; false where there is something else.
    mutating func readZone(_ zone: inout Int?) -> Bool {
      if isAtEnd { return true }
      if skip(0x5A) || skip(0x7A) {
        zone = 0
        return true
      }
      let isAhead = skip(0x2B)
      guard isAhead || skip(0x2D), let hours = number(2), hours <= 18 else { return false }
      var minutes = 0
      if skip(0x3A) || isDigit {
        guard let number = number(2), number < 60 else { return false }
        minutes = number
      }
      zone = (isAhead ? 60 : -60) * (60 * hours + minutes)
      return true
    }
  }
}
