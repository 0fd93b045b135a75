import MinhangAlgebra
import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// ZapLine: removes line noise and its harmonics from a whole recording, and hardly anything else.
///
/// The signal is split by a moving average over one period of the line (its zeros lie on the line and all harmonics) into a smooth part, which
/// is free of the line, and the rest. In the rest, source separation finds the components dominated by the line, `removedCount` of them are
/// regressed out, and both parts are added up. The spectrum between the harmonics and the rank lost elsewhere stay.
///
/// Follows `meegkit.dss.dss_line`, with two differences: the channels' means are kept; and the regression is exact, where meegkit's covariances
/// are divided by `n` and by `n − 1`, so that 1/n of the artefact stays.
///
/// Needs the whole signal, about three times its memory, and one Fourier transform of its length.
///
/// **Source:** de Cheveigné 2020, "ZapLine: a simple and effective method to remove power line artifacts", NeuroImage 207:116356.
public struct ZapLine: WholeSignalTransform {
  /// Frequency of the line, Hz.
  public let lineFrequency: Double
  /// Sampling rate, Hz.
  public let sampleRate: Double
  /// Number of components that are removed.
  public let removedCount: Int
  /// Number of principal components that separation works on, against overfitting with many channels; nil: all.
  public let keptCount: Int?

  /// Full width at half maximum of the bias around each harmonic, Hz.
  static let width = 1.0

  /// Makes a transform.
  ///
  /// - Parameters:
  ///   - lineFrequency: Hz, at least 5, less than half the sampling rate.
  ///   - sampleRate: Hz.
  ///   - removedCount: Number of components to remove, at least 1.
  ///   - keptCount: Number of principal components that separation works on, at least `removedCount`; nil: all.
  /// - Throws: `SignalError` with `.invalidFrequency`, `.invalidParameter`.
  public init(lineFrequency: Double, sampleRate: Double, removedCount: Int = 1, keptCount: Int? = nil) throws(SignalError) {
    guard sampleRate.isFinite, lineFrequency >= 5, lineFrequency < sampleRate / 2 else {
      throw SignalError(
        .invalidFrequency, "a line of \(lineFrequency) Hz at \(sampleRate) Hz; expected 5 Hz or more and less than half the sampling rate")
    }
    guard removedCount >= 1, keptCount ?? removedCount >= removedCount else {
      throw SignalError(
        .invalidParameter,
        "\(removedCount) line components are removed of \(keptCount.map(String.init) ?? "all"); expected at least 1, and no more than are kept"
      )
    }
    self.lineFrequency = lineFrequency
    self.sampleRate = sampleRate
    self.removedCount = removedCount
    self.keptCount = keptCount
  }

  /// The signal without the line, of the same shape and place.
  ///
  /// - Parameter signal: `[channels × samples]`, finite, one unbroken segment of at least two seconds and more samples than channels.
  /// - Throws: `SignalError` with `.tooShort`, `.invalidParameter` for a sample that is not finite.
  public func applied(to signal: SignalBlock) throws(SignalError) -> SignalBlock {
    let separated = try separation(of: signal)
    var rest = separated.rest
    var subtraction = ArtefactSubtraction(removal: separated.removal, level: separated.restMeans)
    subtraction.process(&rest)
    let (channels, count) = (signal.channelCount, signal.sampleCount)
    var result = signal
    result.withUnsafeMutableStorage { samples, stride in
      rest.withUnsafeStorage { cleaned, restStride in
        separated.rest.withUnsafeStorage { noisy, noisyStride in
          for c in 0..<channels {
            let (row, clean, noise) = (samples + c * stride, cleaned + c * restStride, noisy + c * noisyStride)
            // The smooth part is the signal less the noisy rest.
            for i in 0..<count { row[i] = (row[i] - noise[i]) + (clean[i] - separated.restMeans[c]) }
          }
        }
      }
    }
    return result
  }

  /// How much of each component is line, `biased / baseline` power, most first: to choose `removedCount` by.
  ///
  /// - Throws: As `applied(to:)`.
  public func scores(of signal: SignalBlock) throws(SignalError) -> [Double] { try separation(of: signal).scores }

  private struct Separation {
    let rest: SignalBlock
    let restMeans: [Double]
    let removal: Matrix
    let scores: [Double]
  }

  private func separation(of signal: SignalBlock) throws(SignalError) -> Separation {
    let (channels, count) = (signal.channelCount, signal.sampleCount)
    let needed = max(Int((2 * sampleRate).rounded(.up)), channels + 1)
    guard channels > 0, count >= needed else {
      throw SignalError(.tooShort, "ZapLine of \(channels) channels × \(count) samples; expected at least 1 × \(needed)")
    }
    for c in 0..<channels {
      guard let bad = signal.channel(c).firstIndex(where: { !$0.isFinite }) else { continue }
      let sample = signal.firstSample + bad - signal.channel(c).startIndex
      throw SignalError(.invalidParameter, "ZapLine: channel \(c) is not finite at sample \(sample); expected finite samples")
    }
    let rest = noisyRest(of: signal)
    let restMeans = (0..<channels).map { rest.channel($0).reduce(0, +) / Double(count) }
    let baseline = rest.withUnsafeStorage { Matrix(gramOfRows: $0, count: channels, length: count, stride: $1) }
    let biased = try lineCovariance(of: rest)
    do {
      let axes = try principalAxes(of: baseline)
      let fitted = try DenoisingSourceSeparation().fit(
        baseline: axes.transposed().congruence(of: baseline), biased: axes.transposed().congruence(of: biased))
      let removed = min(removedCount, fitted.componentCount)
      var first = Matrix(rows: removed, columns: axes.columns)
      for k in 0..<removed { for c in 0..<axes.columns { first[k, c] = fitted.unmixing[k, c] } }
      let filters = first * axes.transposed()
      // Regression of the rest on the components, means taken off both.
      var centred = baseline
      for r in 0..<channels { for c in 0..<channels { centred[r, c] -= Double(count) * restMeans[r] * restMeans[c] } }
      let crossed = filters * centred
      let weights = try (crossed * filters.transposed()).solve(crossed)
      return Separation(rest: rest, restMeans: restMeans, removal: weights.transposed() * filters, scores: fitted.scores)
    } catch let error as SignalError {
      throw error
    } catch {
      throw SignalError(.invalidParameter, "ZapLine cannot separate this signal: \(error)")
    }
  }

  private func principalAxes(of covariance: Matrix) throws(AlgebraError) -> Matrix {
    let n = covariance.rows
    guard let keptCount, keptCount < n else { return .identity(n) }
    let eigen = try covariance.symmetricEigen()
    var axes = Matrix(rows: n, columns: keptCount)
    for k in 0..<keptCount { for r in 0..<n { axes[r, k] = eigen.vectors[r, n - 1 - k] } }
    return axes
  }

  /// The centred signal less its causal moving average over one period of the line, the last sample of the average weighted by the period's
  /// fraction; before the first sample the centred signal counts as zero.
  private func noisyRest(of signal: SignalBlock) -> SignalBlock {
    let (channels, count) = (signal.channelCount, signal.sampleCount)
    let period = sampleRate / lineFrequency
    let whole = Int(period)
    let weights = [Double](repeating: 1 / period, count: whole) + [(period - Double(whole)) / period]
    var rest = signal
    rest.withUnsafeMutableStorage { samples, stride in
      signal.withUnsafeStorage { original, originalStride in
        for c in 0..<channels {
          let (row, source) = (samples + c * stride, original + c * originalStride)
          var sum = 0.0
          for i in 0..<count { sum += source[i] }
          let mean = sum / Double(count)
          for i in 0..<count { row[i] = source[i] - mean }
          for (lag, weight) in weights.enumerated() where weight != 0 && lag < count {
            for i in lag..<count { row[i] -= weight * (source[i - lag] - mean) }
          }
        }
      }
    }
    return rest
  }

  /// Sums of products of the rest filtered to a Gaussian around the line and its harmonics, by Parseval's relation.
  ///
  /// Only bins where the filter is not negligible (above 1e-18) are kept: the memory is that of some hertz around each harmonic.
  private func lineCovariance(of rest: SignalBlock) throws(SignalError) -> Matrix {
    let (channels, count) = (rest.channelCount, rest.sampleCount)
    let gains = lineGains(count: count)
    let bins = gains.indices.filter { gains[$0] > 1e-18 }
    let transform = try RealFourierTransform(length: count)
    var scratch = FourierScratch(length: count)
    // Real and imaginary parts side by side, weighted so that their products sum over both halves of the spectrum.
    var rows = [Double](repeating: 0, count: channels * 2 * bins.count)
    for c in 0..<channels {
      scratch.withBuffers { samples, output in
        let channel = rest.channel(c)
        for i in 0..<count { samples[i] = channel[channel.startIndex + i] }
        transform.forward(samples, into: output)
        for (i, k) in bins.enumerated() {
          let isOwnMirror = k == 0 || 2 * k == count
          let weight = gains[k] * 2 * ((isOwnMirror ? 1 : 2) / Double(count)).squareRoot()
          rows[(2 * c) * bins.count + i] = weight * output[2 * k]
          rows[(2 * c + 1) * bins.count + i] = weight * output[2 * k + 1]
        }
      }
    }
    return rows.withUnsafeBufferPointer {
      Matrix(gramOfRows: $0.baseAddress!, count: channels, length: 2 * bins.count, stride: 2 * bins.count)
    }
  }

  /// The gain of the bias in each bin: a Gaussian of gain 1 in the bin nearest to each harmonic.
  private func lineGains(count: Int) -> [Double] {
    let resolution = sampleRate / Double(count)
    let deviation = Self.width * (2 * Double.pi - 1) / (4 * Double.pi)
    var gains = [Double](repeating: 0, count: count / 2 + 1)
    for harmonic in 1...max(1, Int(sampleRate / 2 / lineFrequency)) {
      let centre = lineFrequency * Double(harmonic)
      func gain(_ bin: Int) -> Double {
        let distance = (Double(bin) * resolution - centre) / deviation
        return exp(-0.5 * distance * distance)
      }
      let nearest = min(max(Int((centre / resolution).rounded()), 0), count / 2)
      let reach = Int(10 * deviation / resolution) + 1
      for bin in max(nearest - reach, 0)...min(nearest + reach, count / 2) { gains[bin] += gain(bin) / gain(nearest) }
    }
    return gains
  }
}
