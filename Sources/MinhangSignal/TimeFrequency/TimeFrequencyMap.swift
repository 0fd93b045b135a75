/// Complex values over time and frequency: `[channels × frequencies × times]`.
///
/// Its squared magnitudes are powers, its angles phases.
public struct TimeFrequencyMap: Sendable, Hashable {
  /// Number of channels.
  public let channelCount: Int
  /// Hz.
  public let frequencies: [Double]
  /// Index of the sample that each time stands for, counted as the signal's samples are.
  public let samples: [Int]

  /// Real parts and imaginary parts side by side, `[channels × frequencies × times × 2]`.
  var values: [Double]

  init(channelCount: Int, frequencies: [Double], samples: [Int], values: [Double]) {
    precondition(values.count == 2 * channelCount * frequencies.count * samples.count, "\(values.count) values of a time-frequency map")
    self.channelCount = channelCount
    self.frequencies = frequencies
    self.samples = samples
    self.values = values
  }

  /// One value.
  public subscript(channel channel: Int, frequency frequency: Int, time time: Int) -> ComplexNumber {
    precondition(samples.indices.contains(time), "time \(time) of \(samples.count)")
    let i = 2 * (row(channel, frequency) + time)
    return ComplexNumber(values[i], values[i + 1])
  }

  /// `|z|²` of one channel and frequency over time.
  public func power(channel: Int, frequency: Int) -> [Double] {
    let start = row(channel, frequency)
    return (start..<(start + samples.count)).map { i in
      let (real, imaginary) = (values[2 * i], values[2 * i + 1])
      return real * real + imaginary * imaginary
    }
  }

  /// The angle of one channel and frequency over time, radians, −π…π.
  public func phase(channel: Int, frequency: Int) -> [Double] {
    (0..<samples.count).map { self[channel: channel, frequency: frequency, time: $0].phase }
  }

  private func row(_ channel: Int, _ frequency: Int) -> Int {
    precondition(channel >= 0 && channel < channelCount, "channel \(channel) of \(channelCount)")
    precondition(frequencies.indices.contains(frequency), "frequency \(frequency) of \(frequencies.count)")
    return (channel * frequencies.count + frequency) * samples.count
  }
}
