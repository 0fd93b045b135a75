/// Checks of numbers that every family of recursive filters asks for.
enum FilterFamily {
  /// Throws unless an order can be designed.
  static func validate(order: Int, in orders: ClosedRange<Int>, family: String) throws(SignalError) {
    guard orders.contains(order) else {
      throw SignalError(.invalidOrder, "the order of \(family) filter is \(order); expected \(orders.lowerBound)…\(orders.upperBound)")
    }
  }

  /// Throws unless a ripple or an attenuation is a positive number of decibels below 1000.
  static func validate(decibels: Double, called name: String) throws(SignalError) {
    guard decibels > 0, decibels <= 1000 else {
      throw SignalError(.invalidParameter, "the \(name) of a filter is \(decibels) dB; expected more than 0 and at most 1000 dB")
    }
  }

  /// Throws unless the attenuation of the stopped band is larger than the ripple of the pass band.
  static func validate(ripple: Double, attenuation: Double) throws(SignalError) {
    try validate(decibels: ripple, called: "pass-band ripple")
    try validate(decibels: attenuation, called: "stop-band attenuation")
    guard attenuation > ripple else {
      throw SignalError(
        .invalidParameter,
        "the stop-band attenuation of a filter is \(attenuation) dB; expected more than its pass-band ripple of \(ripple) dB")
    }
  }
}
