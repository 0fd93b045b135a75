import Testing

@testable import MinhangSignal

/// The largest error of a function against its reference over all golden cases, printed as one line for the table of parity.
struct Parity {
  let function: String
  let reference: String
  private(set) var largest = 0.0

  init(_ function: String, against reference: String) {
    self.function = function
    self.reference = reference
  }

  /// Takes a case and returns its error: the largest difference as a part of the largest expected magnitude.
  @discardableResult
  mutating func compare(_ got: some Collection<Double>, _ expected: some Collection<Double>) -> Double {
    let error = scaledDifference(got, expected)
    largest = max(largest, error.isNaN ? .infinity : error)
    return error
  }

  /// Takes a case and returns its largest error relative to each value.
  @discardableResult
  mutating func compareEach(_ got: some Collection<Double>, _ expected: some Collection<Double>) -> Double {
    guard got.count == expected.count else {
      largest = .infinity
      return .infinity
    }
    let error = zip(got, expected).reduce(0) { worst, pair in
      let error = pair.0 == pair.1 ? 0 : (pair.0 - pair.1).magnitude / pair.1.magnitude
      return max(worst, error.isNaN ? .infinity : error)
    }
    largest = max(largest, error)
    return error
  }

  func report() { print("parity \(function) \(reference) \(largest)") }
}

extension Collection where Element == ComplexNumber {
  /// Real and imaginary parts side by side, as the goldens have them.
  var parts: [Double] { flatMap { [$0.real, $0.imaginary] } }
}
