#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Decibels as the designs of filters use them.
enum Decibels {
  /// `10^(decibels / 10) − 1`: how much power is lost, against what is left; right in the last digits for the smallest ripples too.
  static func powerExcess(_ decibels: Double) -> Double { expm1(decibels / 10 * log(10.0)) }

  /// `20 log₁₀ magnitude`.
  static func ofMagnitude(_ magnitude: Double) -> Double { 20 * log10(magnitude) }
}
