import MinhangAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// Purpose: a recursive filter whose magnitude follows a line through given points.
// Source: Friedlander & Porat 1984, "The modified Yule-Walker method of ARMA spectral estimation", IEEE Trans. Aerosp. Electron. Syst. 20:158.
// The grid of 513 frequencies, the 4 · order correlations and their Hamming window are those of the well-known implementation of this method,
// so that the coefficients are the same.
// Priorities: the same coefficients; then clarity. It runs once for a sampling rate.

/// Design of recursive filters by the modified Yule–Walker equations.
enum YuleWalker {
  /// Numerator and denominator in falling powers of `z`, both of `order + 1` coefficients, the denominator's first one 1.
  struct Design: Sendable, Hashable {
    var numerator: [Double]
    var denominator: [Double]
  }

  private static let half = 512
  private static let length = 2 * half
  /// `e^(2πi·k/length)`.
  private static let circle = (0..<length).map { ComplexNumber(unitAtAngle: 2 * Double.pi * Double($0) / Double(length)) }

  /// Designs a filter.
  ///
  /// - Parameters:
  ///   - order: Order of numerator and denominator.
  ///   - frequencies: Break points as parts of half the sampling rate, the first 0, the last 1.
  ///   - magnitudes: The wanted magnitude at each.
  static func design(order: Int, frequencies: [Double], magnitudes: [Double]) throws(SignalError) -> Design {
    let wanted = sampledMagnitude(frequencies, magnitudes)
    let transform = try RealFourierTransform(length: length)
    do {
      // Correlations of the squared magnitude: its transform is real, since it is even.
      let spectrum = transform.forward(wanted.map { $0 * $0 })
      let count = 4 * order
      let correlations = (0..<count).map { k in
        spectrum[k].real / Double(length) * (0.54 + 0.46 * cos(Double.pi * Double(k) / Double(count - 1)))
      }
      let denominator = stabilized(try yuleWalkerDenominator(correlations, order: order))
      // The additive decomposition: a numerator whose quotient has twice its real part as the power.
      let additive = try numerator(of: [correlations[0] / 2] + correlations.dropFirst(), over: denominator, order: order)
      let power = (0..<length).map { k in
        2 * (value(additive, circle[k].conjugate) / value(denominator, circle[k].conjugate)).real
      }
      let response = impulseResponse(ofPower: power, count: count, transform)
      return Design(numerator: try numerator(of: response, over: denominator, order: order), denominator: denominator)
    } catch {
      throw SignalError(.invalidParameter, "no Yule–Walker filter of order \(order) fits these magnitudes: \(error)")
    }
  }

  /// The magnitude on the whole circle, straight lines between the break points.
  private static func sampledMagnitude(_ frequencies: [Double], _ magnitudes: [Double]) -> [Double] {
    let points = half + 1
    let lap = half / 25
    var values = [Double](repeating: 0, count: points)
    values[0] = magnitudes[0]
    var first = 0
    for i in 0..<(frequencies.count - 1) {
      var last = Int(frequencies[i + 1] * Double(points)) - 1
      if frequencies[i + 1] == frequencies[i] {
        first -= lap / 2
        last = first + lap
      }
      for j in stride(from: first, through: last, by: 1) {
        let part = last == first ? 0 : Double(j - first) / Double(last - first)
        values[j] = part * magnitudes[i + 1] + (1 - part) * magnitudes[i]
      }
      first = last + 1
    }
    return values + values[1..<half].reversed()
  }

  private static func yuleWalkerDenominator(_ correlations: [Double], order: Int) throws(AlgebraError) -> [Double] {
    let rows = correlations.count - order - 1
    var matrix = Matrix(rows: rows, columns: order)
    for r in 0..<rows { for c in 0..<order { matrix[r, c] = correlations[order + r - c] } }
    let right = Matrix(rows: rows, columns: 1, correlations[(order + 1)...].map { -$0 })
    return [1] + (try matrix.leastSquares(right).solution.values)
  }

  /// Roots outside the unit circle are mirrored into it.
  private static func stabilized(_ polynomial: [Double]) -> [Double] {
    let roots = PolynomialRoots.find(polynomial).map { root in
      root.magnitude > 1 ? ComplexNumber(1) / root.conjugate : root
    }
    return PolynomialRoots.coefficients(of: roots).map { $0 * polynomial[0] }
  }

  /// The numerator whose quotient with a denominator comes nearest to an impulse response.
  private static func numerator(of response: [Double], over denominator: [Double], order: Int) throws(AlgebraError) -> [Double] {
    let count = response.count
    var impulse = [Double](repeating: 0, count: count)
    for i in 0..<count {
      impulse[i] = i == 0 ? 1 : 0
      for k in 1..<denominator.count where k <= i { impulse[i] -= denominator[k] * impulse[i - k] }
    }
    var matrix = Matrix(rows: count, columns: order + 1)
    for r in 0..<count { for c in 0...min(order, r) { matrix[r, c] = impulse[r - c] } }
    return try matrix.leastSquares(Matrix(rows: count, columns: 1, response)).solution.values
  }

  private static func value(_ polynomial: [Double], _ delay: ComplexNumber) -> ComplexNumber {
    polynomial.reversed().reduce(ComplexNumber(0)) { $0 * delay + ComplexNumber($1) }
  }

  /// The impulse response of minimum phase of a power spectrum, through its cepstrum.
  ///
  /// The additive power may dip below zero by a little; its logarithm then has an imaginary part of π, which is carried along.
  private static func impulseResponse(ofPower power: [Double], count: Int, _ transform: RealFourierTransform) -> [Double] {
    /// The transform of the right wing of the cepstrum, of one real, even part of the logarithm.
    func wing(_ values: [Double]) -> [ComplexNumber] {
      let cepstrum = transform.forward(values).map { $0.real / Double(length) }
      return transform.forward((0..<length).map { $0 == 0 ? cepstrum[0] / 2 : $0 < half ? cepstrum[$0] : 0 })
    }
    let real = wing(power.map { log($0.magnitude) })
    let imaginary = wing(power.map { $0 < 0 ? Double.pi : 0 })
    let spectrum = (0..<length).map { k -> ComplexNumber in
      let a = k <= half ? real[k] : real[length - k].conjugate
      let b = k <= half ? imaginary[k] : imaginary[length - k].conjugate
      return exp(a.real - b.imaginary) * ComplexNumber(unitAtAngle: a.imaginary + b.real)
    }
    return (0..<count).map { n in
      var sum = 0.0
      for k in 0..<length {
        let turn = circle[k * n % length]
        sum += spectrum[k].real * turn.real - spectrum[k].imaginary * turn.imaginary
      }
      return sum / Double(length)
    }
  }
}

extension YuleWalker.Design {
  /// The design as second-order sections.
  func sectioned(sampleRate: Double) throws(SignalError) -> SectionedFilter {
    let filter = ZerosPolesGain(
      zeros: PolynomialRoots.find(numerator), poles: PolynomialRoots.find(denominator), gain: numerator[0] / denominator[0])
    return SectionedFilter(sections: try filter.sections(), sampleRate: sampleRate)
  }
}
