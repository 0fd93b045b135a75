/// A linear filter that does not change in time: a design that has a response.
public protocol LinearFilter: Sendable {
  /// Sampling rate that the design is for, Hz.
  var sampleRate: Double { get }

  /// The complex response at a frequency: gain as its magnitude, phase shift as its angle.
  ///
  /// - Parameter frequency: Hz; 0 … half the sampling rate.
  func response(at frequency: Double) -> ComplexNumber

  /// The group delay at a frequency, samples: by how much the envelope of a narrow band around it lags.
  ///
  /// NaN exactly where the response is zero.
  ///
  /// - Parameter frequency: Hz; 0 … half the sampling rate.
  func groupDelay(at frequency: Double) -> Double
}

extension LinearFilter {
  /// Gain, phase and group delay at some frequencies.
  ///
  /// - Parameter frequencies: Hz, each 0 … half the sampling rate; ascending and dense enough for the phase to be unwrapped.
  public func response(at frequencies: [Double]) -> FrequencyResponse {
    FrequencyResponse(
      frequencies: frequencies, values: frequencies.map { response(at: $0) }, groupDelays: frequencies.map { groupDelay(at: $0) })
  }

  /// Gain, phase and group delay at `count` evenly spaced frequencies, from 0 up to and without half the sampling rate.
  public func response(count: Int = 512) -> FrequencyResponse {
    response(at: (0..<count).map { Double($0) * (sampleRate / 2) / Double(count) })
  }
}

/// What a filter does to each of some frequencies.
public struct FrequencyResponse: Sendable, Hashable {
  /// Hz.
  public let frequencies: [Double]
  /// The complex response at each frequency.
  public let values: [ComplexNumber]
  /// The group delay at each frequency, samples; NaN where the response is zero.
  public let groupDelays: [Double]

  /// The gain at each frequency, as a factor.
  public var magnitudes: [Double] { values.map(\.magnitude) }

  /// The gain at each frequency, dB; minus infinity where nothing gets through.
  public var decibels: [Double] { values.map { Decibels.ofMagnitude($0.magnitude) } }

  /// The phase shift at each frequency, radians, without jumps of 2π from one frequency to the next.
  public var phases: [Double] {
    var unwrapped: [Double] = []
    for value in values {
      let phase = value.phase
      guard let last = unwrapped.last else {
        unwrapped.append(phase)
        continue
      }
      unwrapped.append(phase - 2 * Double.pi * ((phase - last) / (2 * Double.pi)).rounded())
    }
    return unwrapped
  }
}
