#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A complex number: a pole, a zero, a value of a response or of a spectrum.
public struct ComplexNumber: Sendable, Hashable {
  /// Real part.
  public var real: Double
  /// Imaginary part.
  public var imaginary: Double

  /// Makes a number from its parts.
  public init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  /// `e^(i·angle)`, the angle in radians.
  public init(unitAtAngle angle: Double) { self.init(cos(angle), sin(angle)) }

  /// The mirror image at the real axis.
  public var conjugate: ComplexNumber { ComplexNumber(real, -imaginary) }
  /// Distance from zero, without overflow on the way.
  public var magnitude: Double { hypot(real, imaginary) }
  /// Angle against the positive real axis, radians, −π…π.
  public var phase: Double { atan2(imaginary, real) }
  /// `|z|²`.
  public var squaredMagnitude: Double { real * real + imaginary * imaginary }

  /// Sum.
  public static func + (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber { ComplexNumber(a.real + b.real, a.imaginary + b.imaginary) }
  /// Difference.
  public static func - (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber { ComplexNumber(a.real - b.real, a.imaginary - b.imaginary) }
  /// Product.
  public static func * (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber {
    ComplexNumber(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }
  /// Product with a real number.
  public static func * (a: Double, b: ComplexNumber) -> ComplexNumber { ComplexNumber(a * b.real, a * b.imaginary) }
  /// The number mirrored at zero.
  public static prefix func - (a: ComplexNumber) -> ComplexNumber { ComplexNumber(-a.real, -a.imaginary) }

  /// Quotient, by Smith's method: the larger part of the divisor is divided out first, so that squares do not overflow.
  ///
  /// With one reciprocal, as the reference implementation of the filter designs divides.
  ///
  /// **Source:** Smith 1962, "Algorithm 116: complex division", Commun. ACM 5:435.
  public static func / (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber {
    if b.real.magnitude >= b.imaginary.magnitude {
      let ratio = b.imaginary / b.real
      let scale = 1 / (b.real + b.imaginary * ratio)
      return ComplexNumber((a.real + a.imaginary * ratio) * scale, (a.imaginary - a.real * ratio) * scale)
    }
    let ratio = b.real / b.imaginary
    let scale = 1 / (b.imaginary + b.real * ratio)
    return ComplexNumber((a.real * ratio + a.imaginary) * scale, (a.imaginary * ratio - a.real) * scale)
  }

  /// The square root with a real part that is not negative; the imaginary part has the sign of the number's own.
  public var squareRoot: ComplexNumber {
    if real == 0 && imaginary == 0 { return ComplexNumber(0, imaginary) }
    // The larger part comes from a sum of terms of one sign, the smaller by division: neither cancels.
    let larger = ((real.magnitude + magnitude) / 2).squareRoot()
    if real >= 0 { return ComplexNumber(larger, imaginary / (2 * larger)) }
    return ComplexNumber(imaginary.magnitude / (2 * larger), imaginary.sign == .minus ? -larger : larger)
  }
}
