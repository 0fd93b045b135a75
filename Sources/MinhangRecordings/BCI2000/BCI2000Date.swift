import MinhangCore

/// The time of `StorageTime`: `Wed Aug 12 16:15:00 2009`, or `2009-08-12T16:15:00`.
enum BCI2000Date {
  static func date(_ text: String) -> RecordingDate? {
    let words = text.split(separator: " ").map(String.init)
    if words.count == 5, let month = HeaderDate.monthNames.firstIndex(of: words[1].uppercased()), let day = HeaderNumber.whole(words[2]),
      let year = HeaderNumber.whole(words[4]), let clock = clock(words[3])
    {
      return RecordingDate(year: year, month: month + 1, day: day, hour: clock[0], minute: clock[1], second: clock[2])
    }
    let halves = text.split(maxSplits: 1, whereSeparator: { $0 == "T" || $0 == " " }).map(String.init)
    guard halves.count == 2, let clock = clock(String(halves[1].prefix(8))) else { return nil }
    let numbers = halves[0].split(separator: "-", omittingEmptySubsequences: false).map { HeaderNumber.whole(String($0)) }
    guard numbers.count == 3, let year = numbers[0], let month = numbers[1], let day = numbers[2] else { return nil }
    var fraction = 0.0
    let rest = halves[1].dropFirst(8)
    if rest.first == "." { fraction = HeaderNumber.decimal("0." + rest.dropFirst().prefix { $0.isASCII && $0.isNumber })?.value ?? 0 }
    return RecordingDate(
      year: year, month: month, day: day, hour: clock[0], minute: clock[1], second: clock[2], fraction: fraction < 1 ? fraction : 0)
  }

  /// Hours, minutes and seconds of `hh:mm:ss`.
  private static func clock(_ text: String) -> [Int]? {
    let numbers = text.split(separator: ":", omittingEmptySubsequences: false).compactMap { HeaderNumber.whole(String($0)) }
    return numbers.count == 3 ? numbers : nil
  }
}
