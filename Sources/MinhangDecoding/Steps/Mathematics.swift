#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The functions of the C library that decoding uses, under their full names.
enum Mathematics {
  static func exponential(_ x: Double) -> Double { exp(x) }
  static func naturalLogarithm(_ x: Double) -> Double { log(x) }
  static func binaryLogarithm(_ x: Double) -> Double { log2(x) }
  static func logarithmOfGamma(_ x: Double) -> Double { lgamma(x) }

  /// `log(max(x, tiny))`: the logarithm of a variance.
  ///
  /// A variance of zero (a flat window) gives a large negative number, not minus infinity; NaN stays NaN.
  static func logarithmOfVariance(_ x: Double) -> Double {
    x < .leastNormalMagnitude ? log(.leastNormalMagnitude) : log(x)
  }
}
