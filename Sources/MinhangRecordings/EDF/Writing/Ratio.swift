/// A positive fraction of whole numbers, in lowest terms: a sampling rate or a time as counting needs it.
struct Ratio: Hashable {
  var numerator: Int
  var denominator: Int

  init(_ numerator: Int, _ denominator: Int) {
    let divisor = Self.greatestCommonDivisor(numerator, denominator)
    self.numerator = numerator / divisor
    self.denominator = denominator / divisor
  }

  /// The simplest fraction that is a number to the last bits; nil if there is none with a denominator up to a million.
  ///
  /// Continued fraction; 512 is 512/1, 12.8 is 64/5, and a rate of 128 samples in 0.333333 s is 128000000/333333.
  init?(_ value: Double) {
    guard value.isFinite, value > 0, value < 1e9 else { return nil }
    var (p0, q0, p1, q1) = (0, 1, 1, 0)
    var rest = value
    for _ in 0..<40 {
      guard let whole = Int(exactly: rest.rounded(.down)), whole < 1 << 31 else { return nil }
      (p0, p1) = (p1, whole * p1 + p0)
      (q0, q1) = (q1, whole * q1 + q0)
      guard q1 <= 1_000_000, p1 < 1 << 50 else { return nil }
      // 4 units in the last place: a rate is a quotient of two rounded numbers.
      if p1 > 0 && abs(Double(p1) / Double(q1) - value) <= 4 * value.ulp {
        self.init(p1, q1)
        return
      }
      let fraction = rest - rest.rounded(.down)
      guard fraction > 0 else { return nil }
      rest = 1 / fraction
    }
    return nil
  }

  var value: Double { Double(numerator) / Double(denominator) }

  static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (abs(a), abs(b))
    while b != 0 { (a, b) = (b, a % b) }
    return max(a, 1)
  }

  static func leastCommonMultiple(_ a: Int, _ b: Int) -> Int? {
    let (product, overflow) = (a / greatestCommonDivisor(a, b)).multipliedReportingOverflow(by: b)
    return overflow ? nil : product
  }
}
