// Purpose: the zeros of Bessel's polynomials, from which Bessel filters are made.
// Source: Krall & Frink 1949, "A new class of orthogonal polynomials: the Bessel polynomials", Trans. AMS 65:100; zeros by the method of
// Aberth 1973, "Iteration methods for finding all zeros of a polynomial simultaneously", Math. Comp. 27:339; starting points by Campos &
// Calderón 2011, arXiv:1105.0957.
// Priorities: all digits of a double. The polynomial cancels about 0.55 digits an order near its zeros, so it is evaluated with 32 digits,
// which is enough up to order 30.
enum BesselPolynomial {
  /// Degrees whose zeros come out with all digits.
  static let degrees = 1...30

  /// The zeros of `yₙ(x)`, in conjugate pairs, by ascending imaginary part.
  static func zeros(degree n: Int) -> [ComplexNumber] {
    precondition(degrees.contains(n), "zeros of the Bessel polynomial of degree \(n)")
    guard n > 1 else { return [ComplexNumber(-1)] }
    var zeros = start(degree: n)
    for _ in 0..<60 {
      var largest = 0.0
      for k in 0..<n {
        let newton = quotient(at: zeros[k], degree: n)
        // Newton's step, with the other zeros divided out.
        let others = (0..<n).reduce(ComplexNumber(0)) { $1 == k ? $0 : $0 + ComplexNumber(1) / (zeros[k] - zeros[$1]) }
        let step = newton / (ComplexNumber(1) - newton * others)
        zeros[k] = zeros[k] - step
        largest = max(largest, step.magnitude / zeros[k].magnitude)
      }
      if largest <= 4 * Double.ulpOfOne { break }
    }
    // Exact pairs: the pairing of sections relies on them.
    return (0..<n).map { k in
      let mean = 0.5 * (zeros[k] + zeros[n - 1 - k].conjugate)
      return 2 * k + 1 == n ? ComplexNumber(mean.real) : mean
    }
  }

  /// `yₙ(x) / yₙ′(x)`.
  private static func quotient(at x: ComplexNumber, degree n: Int) -> ComplexNumber {
    // y_k = (2k − 1) x y_{k−1} + y_{k−2} and x² y_n′ = (n x − 1) y_n + y_{n−1}.
    typealias Pair = (real: DoubleDouble, imaginary: DoubleDouble)
    let (re, im) = (DoubleDouble(x.real), DoubleDouble(x.imaginary))
    var before: Pair = (DoubleDouble(1), DoubleDouble(0))
    var last: Pair = (DoubleDouble(1) + re, im)
    for k in 2...n {
      let factor = DoubleDouble(Double(2 * k - 1))
      let real = factor * (re * last.real - im * last.imaginary) + before.real
      let imaginary = factor * (re * last.imaginary + im * last.real) + before.imaginary
      (before, last) = (last, (real, imaginary))
    }
    let value = ComplexNumber(last.real.high, last.imaginary.high)
    let derivative = ((Double(n) * x - ComplexNumber(1)) * value + ComplexNumber(before.real.high, before.imaginary.high)) / (x * x)
    return value / derivative
  }

  /// Points near the zeros: equations 12–17 of Campos & Calderón.
  private static func start(degree: Int) -> [ComplexNumber] {
    let n = Double(degree)
    let s = n * n * (2 + n * n * (n - 3))
    let b3 = (16 - 8 * n) / s
    let b2 = (-24 + n * (-12 + 12 * n)) / s
    let b1 = (8 + n * (24 + n * (-12 - 2 * n))) / s
    let b0 = n * (-6 + n * n * (5 - n)) / s
    let r = n * n * (2 + n)
    let (a1, a2) = ((-6 - 6 * n) / r, 6 / r)
    return (1...degree).map { index in
      let k = Double(index)
      return ComplexNumber(k * (a1 + k * a2), b0 + k * (b1 + k * (b2 + k * b3)))
    }
  }
}
