import MinhangCore

/// What one component is like, for a decision whether it is an artefact.
public struct ComponentSummary: Sendable, Hashable {
  /// Index of the component.
  public let component: Int
  /// Part of the training data's variance that it explains, 0…1.
  public let explainedVariance: Double
  /// Excess kurtosis of its time course: 0 for a normal distribution, large for blinks and single electrode pops, negative for line noise.
  public let kurtosis: Double
  /// Pearson's correlation of its time course with each artefact channel (EOG), −1…1; NaN for a constant channel.
  public let correlations: [Double]
  /// Part of its power, from 1 Hz to half the sampling rate, that lies within 1 Hz of the line frequency; NaN where there is no line frequency.
  public let lineShare: Double

  /// The largest magnitude of the correlations; 0 without artefact channels.
  public var largestCorrelation: Double { correlations.filter(\.isFinite).reduce(0) { max($0, $1.magnitude) } }
}

extension FittedComponentAnalysis {
  /// Describes every component by a recording.
  ///
  /// Samples at which a channel is not finite take no part, except that the line share is computed from windows of two seconds and a window
  /// with such a sample is left out.
  ///
  /// - Parameters:
  ///   - signal: `[channels × samples]`, with the channels of the fit.
  ///   - artefactChannels: `[artefact channels × samples]` of the same samples, such as EOG; nil: none.
  ///   - lineFrequency: Hz; nil: not looked at.
  ///   - sampleRate: Hz.
  /// - Returns: One element a component, in their order.
  /// - Throws: `SignalError` with `.invalidFrequency`, `.invalidLength` for artefact channels of another length.
  public func table(
    of signal: SignalBlock, artefactChannels: SignalBlock? = nil, lineFrequency: Double? = nil, sampleRate: Double
  ) throws(SignalError) -> [ComponentSummary] {
    let count = signal.sampleCount
    if let artefactChannels, artefactChannels.sampleCount != count {
      throw SignalError(
        .invalidLength, "artefact channels of \(artefactChannels.sampleCount) samples beside a signal of \(count); expected as many")
    }
    guard sampleRate.isFinite, sampleRate > 0 else {
      throw SignalError(.invalidFrequency, "the sampling rate of a component table is \(sampleRate) Hz; expected a positive number")
    }
    if let lineFrequency, !(lineFrequency > 1 && lineFrequency < sampleRate / 2) {
      throw SignalError(
        .invalidFrequency, "the line frequency is \(lineFrequency) Hz; expected more than 1 Hz and less than \(sampleRate / 2) Hz")
    }
    let components = components(of: signal)
    let shares = try lineShares(of: components, lineFrequency: lineFrequency, sampleRate: sampleRate)
    let references = artefactChannels.map { block in (0..<block.channelCount).map { Array(block.channel($0)) } } ?? []
    return (0..<componentCount).map { k in
      let values = Array(components.channel(k))
      return ComponentSummary(
        component: k, explainedVariance: explainedVariance[k], kurtosis: Self.kurtosis(values),
        correlations: references.map { Self.correlation(values, $0) }, lineShare: shares[k])
    }
  }

  private func lineShares(of components: SignalBlock, lineFrequency: Double?, sampleRate: Double) throws(SignalError) -> [Double] {
    guard let lineFrequency else { return [Double](repeating: .nan, count: componentCount) }
    let length = max(2, Int((2 * sampleRate).rounded()))
    guard length <= components.sampleCount else { return [Double](repeating: .nan, count: componentCount) }
    var periodogram = try Periodogram(
      sampleRate: sampleRate, windowLength: length, transformLength: nil, taper: .hann, detrend: .constant)
    return components.withUnsafeStorage { samples, stride in
      (0..<componentCount).map { k in
        let row = samples + k * stride
        var (line, whole) = (0.0, 0.0)
        for first in Swift.stride(from: 0, through: components.sampleCount - length, by: length) {
          let spectrum = periodogram.spectrum(of: row + first, stride: length, channelCount: 1)
          let power = spectrum.bandPower(1...(sampleRate / 2), channel: 0)
          guard power.isFinite else { continue }
          whole += power
          line += spectrum.bandPower((lineFrequency - 1)...(lineFrequency + 1), channel: 0)
        }
        return line / whole
      }
    }
  }

  /// Fourth central moment over the squared variance, less 3.
  private static func kurtosis(_ values: [Double]) -> Double {
    let finite = values.filter(\.isFinite)
    let mean = finite.reduce(0, +) / Double(finite.count)
    var (second, fourth) = (0.0, 0.0)
    for value in finite {
      let square = (value - mean) * (value - mean)
      second += square
      fourth += square * square
    }
    return fourth * Double(finite.count) / (second * second) - 3
  }

  private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let places = a.indices.filter { a[$0].isFinite && b[$0].isFinite }
    let n = Double(places.count)
    let meanA = places.reduce(0.0) { $0 + a[$1] } / n
    let meanB = places.reduce(0.0) { $0 + b[$1] } / n
    var (aa, bb, ab) = (0.0, 0.0, 0.0)
    for i in places {
      aa += (a[i] - meanA) * (a[i] - meanA)
      bb += (b[i] - meanB) * (b[i] - meanB)
      ab += (a[i] - meanA) * (b[i] - meanB)
    }
    return aa > 0 && bb > 0 ? ab / (aa.squareRoot() * bb.squareRoot()) : .nan
  }
}
