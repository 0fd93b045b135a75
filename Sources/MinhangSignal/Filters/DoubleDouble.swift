/// A number as the sum of two doubles, about 32 digits: for the few designs whose polynomials cancel more than 16.
///
/// **Source:** Dekker 1971, "A floating-point technique for extending the available precision", Numer. Math. 18:224; sums after Knuth.
struct DoubleDouble {
  var high: Double
  var low: Double

  init(_ high: Double, _ low: Double = 0) {
    self.high = high
    self.low = low
  }

  /// The sum of two doubles of which the first is not smaller.
  private init(sumOf a: Double, _ b: Double) {
    high = a + b
    low = b - (high - a)
  }

  static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let sum = a.high + b.high
    let part = sum - a.high
    let error = (a.high - (sum - part)) + (b.high - part)
    return DoubleDouble(sumOf: sum, error + a.low + b.low)
  }

  static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + DoubleDouble(-b.high, -b.low) }

  static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let product = a.high * b.high
    let error = (-product).addingProduct(a.high, b.high)  // exact: one rounding
    return DoubleDouble(sumOf: product, error + (a.high * b.low + a.low * b.high))
  }
}
