import CMinhangKernels

/// An autoregressive model of a signal: `x[n] = −Σ a[k] x[n − k] + e[n]`, `k = 1 … order`.
public struct AutoregressiveModel: Sendable, Hashable {
  /// `a[1] … a[order]`.
  public let coefficients: [Double]
  /// Variance of `e`: what cannot be predicted, µV².
  public let noiseVariance: Double
  /// Reflection coefficients, one for each order up to the model's; below 1 in magnitude.
  public let reflectionCoefficients: [Double]

  /// Number of samples that the next one is predicted from.
  public var order: Int { coefficients.count }

  /// Fits a model by Burg's method: each order's reflection coefficient minimises the power of the forward and backward prediction errors.
  ///
  /// The model is always stable. Nothing is taken off the signal: remove its mean first. A signal of zeros, or one that a lower order predicts
  /// without error, has no model: its numbers are NaN. Equals `spectrum.arburg(x, order)`. O(samples · order).
  ///
  /// - Parameters:
  ///   - samples: More than `order`.
  ///   - order: At least 1.
  /// - Throws: `SignalError` with `.invalidOrder` or `.tooShort`.
  ///
  /// **Source:** Burg 1975; Marple 1987, "Digital spectral analysis", eq. 8.2, 8.7 and 8.14.
  public static func burg(_ samples: some Collection<Double>, order: Int) throws(SignalError) -> AutoregressiveModel {
    guard order >= 1 else { throw SignalError(.invalidOrder, "the order of an autoregressive model is \(order); expected at least 1") }
    guard samples.count > order else {
      throw SignalError(
        .tooShort,
        "a signal of \(samples.count) samples is too short for an autoregressive model of order \(order); expected more than \(order)")
    }
    var forward = Array(samples)
    var backward = forward
    var coefficients: [Double] = []
    var reflections: [Double] = []
    var variance = PredictionErrors.power(forward) / Double(forward.count)
    for k in 0..<order {
      // At the step's start `forward[k + 1 + i]` and `backward[k + i]` are the errors that belong together.
      let reflection = PredictionErrors.reflect(&forward, &backward, from: k)
      // Eq. 8.2.
      coefficients = (0..<k).map { coefficients[$0] + reflection * coefficients[k - 1 - $0] } + [reflection]
      reflections.append(reflection)
      variance *= 1 - reflection * reflection
    }
    return AutoregressiveModel(coefficients: coefficients, noiseVariance: variance, reflectionCoefficients: reflections)
  }
}

/// The loops of Burg's recursion.
private enum PredictionErrors {
  /// `Σ x²`, in eight sums side by side.
  static func power(_ values: [Double]) -> Double {
    values.withUnsafeBufferPointer { sums($0.baseAddress!, $0.baseAddress!, count: $0.count).product }
  }

  /// One step: computes the reflection coefficient, and replaces the errors by those of the next order.
  static func reflect(_ forward: inout [Double], _ backward: inout [Double], from k: Int) -> Double {
    let count = forward.count - k - 1
    return forward.withUnsafeMutableBufferPointer { forward in
      backward.withUnsafeMutableBufferPointer { backward in
        let f = forward.baseAddress! + k + 1
        // Backward errors stay where they are: those of order k and sample n lie at n − k, so that no step has to move them.
        let b = backward.baseAddress!
        let sums = sums(f, b, count: count)
        // Eq. 8.14.
        let reflection = -2 * sums.product / sums.power
        // Eq. 8.7.
        for i in 0..<count {
          let (before, behind) = (f[i], b[i])
          f[i] = before + reflection * behind
          b[i] = behind + reflection * before
        }
        return reflection
      }
    }
  }

  /// `Σ a b` and `Σ a² + b²`.
  private static func sums(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int) -> (product: Double, power: Double) {
    var (product, power) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
    let whole = count / 8 * 8
    for i in stride(from: 0, to: whole, by: 8) {
      let x = UnsafeRawPointer(a + i).loadUnaligned(as: SIMD8<Double>.self)
      let y = UnsafeRawPointer(b + i).loadUnaligned(as: SIMD8<Double>.self)
      product += x * y
      power += x * x + y * y
    }
    var result = (product: product.sum(), power: power.sum())
    for i in whole..<count {
      result.product += a[i] * b[i]
      result.power += a[i] * a[i] + b[i] * b[i]
    }
    return result
  }
}
