import MinhangAlgebra
import MinhangCore

// Purpose: unmix independent sources, the same way each time.
// Method: symmetric FastICA with the log cosh contrast. It has no step size to tune, finds super- and sub-Gaussian sources alike (so eye blinks
// and line noise both), and converges quadratically; extended infomax needs a learning rate and a guess of each source's sign.
// Priorities: determinism (seed, order of sums, order and sign of components by rule); robustness to rank (average reference); then speed.

/// Independent component analysis (ICA) by FastICA: the settings, and the fit on training data.
///
/// The signal is centred and whitened by its principal components; then the rotation is sought that makes all components as non-Gaussian as
/// possible at once (symmetric decorrelation, contrast `log cosh`). Equals `sklearn.decomposition.FastICA(algorithm="parallel", fun="logcosh")`
/// up to the order and signs of the components, which here follow a rule: components by the variance that they explain, largest first; the
/// largest element of each column of the mixing matrix is positive.
///
/// The signal should be high-passed at 1 Hz, as is usual. Fitting needs the whole training signal and twice its memory.
///
/// **Source:** Hyvärinen 1999, "Fast and robust fixed-point algorithms for independent component analysis", IEEE Trans. Neural Netw. 10:626,
/// equations 20 and 45.
public struct IndependentComponentAnalysis: Sendable, Hashable {
  /// Number of components; nil: as many as the signal has dimensions.
  public var componentCount: Int?
  /// Principal components of less than this part of the largest variance count as no dimension.
  public var relativeVarianceCutoff = 1e-10
  /// The iteration ends when no component turns by more than `acos(1 − tolerance)`.
  public var tolerance = 1e-9
  /// Most iterations.
  public var iterationLimit = 1000
  /// Seed of the rotation that the iteration starts from.
  public var seed: UInt64 = 1

  /// The usual settings.
  public init() {}

  /// Fits on training data.
  ///
  /// Samples at which any channel is not finite take no part. Non-convergence is a result: `converged` is false.
  ///
  /// - Parameter signal: `[channels × samples]`, µV.
  /// - Throws: `SignalError` with `.tooShort` for fewer samples than `20 · channels`, `.invalidParameter` for settings out of range or a
  ///   signal without variance.
  public func fit(_ signal: SignalBlock) throws(SignalError) -> FittedComponentAnalysis {
    let channels = signal.channelCount
    if let componentCount, !(1...max(channels, 1)).contains(componentCount) {
      throw SignalError(.invalidParameter, "ICA of \(channels) channels for \(componentCount) components; expected 1…\(channels)")
    }
    guard relativeVarianceCutoff >= 0, relativeVarianceCutoff < 1, tolerance > 0, tolerance < 1, iterationLimit >= 1 else {
      throw SignalError(
        .invalidParameter,
        "ICA with cutoff \(relativeVarianceCutoff), tolerance \(tolerance), \(iterationLimit) iterations; expected 0 ..< 1, between 0 and 1, "
          + "at least 1")
    }
    let centred = CentredSignal(signal)
    guard channels > 0, centred.count >= 20 * channels else {
      throw SignalError(
        .tooShort, "ICA of \(channels) channels on \(centred.count) finite samples; expected at least \(20 * max(channels, 1))")
    }
    do {
      let covariance = centred.covariance()
      let eigen = try covariance.symmetricEigen()
      let largest = eigen.values.last ?? 0
      guard largest > 0 else { throw SignalError(.invalidParameter, "ICA of a signal without variance") }
      let dimensions = eigen.values.count { $0 > relativeVarianceCutoff * largest }
      let count = min(componentCount ?? dimensions, dimensions)
      var whitening = Matrix(rows: count, columns: channels)
      for k in 0..<count {
        let from = channels - 1 - k
        for c in 0..<channels { whitening[k, c] = eigen.vectors[c, from] / eigen.values[from].squareRoot() }
      }
      var iteration = FastICA(centred.whitened(by: whitening), seed: seed)
      try iteration.run(tolerance: tolerance, limit: iterationLimit)
      let unmixing = iteration.rotation * whitening
      // Components have variance 1 and are uncorrelated: the mixing matrix is the covariance with the channels.
      let mixing = covariance * unmixing.transposed()
      return FittedComponentAnalysis(
        means: centred.means, unmixing: unmixing, mixing: mixing, totalVariance: covariance.trace, iterations: iteration.iterations,
        converged: iteration.converged)
    } catch let error as SignalError {
      throw error
    } catch {
      throw SignalError(.invalidParameter, "ICA cannot fit this signal: \(error)")
    }
  }
}

/// The finite samples of a signal without their means.
private struct CentredSignal {
  let means: [Double]
  let count: Int
  private let samples: SignalBlock

  init(_ signal: SignalBlock) {
    let finite = (0..<signal.sampleCount).filter { i in (0..<signal.channelCount).allSatisfy { signal[channel: $0, sample: i].isFinite } }
    var means: [Double] = []
    samples = SignalBlock(channelCount: signal.channelCount, sampleCount: finite.count) { target, stride in
      for c in 0..<signal.channelCount {
        let row = signal.channel(c)
        let mean = finite.reduce(0.0) { $0 + row[row.startIndex + $1] } / Double(max(finite.count, 1))
        means.append(mean)
        for (i, sample) in finite.enumerated() { (target + c * stride + i).initialize(to: row[row.startIndex + sample] - mean) }
      }
    }
    self.means = means
    count = finite.count
  }

  func covariance() -> Matrix {
    samples.withUnsafeStorage { rows, stride in
      Matrix(gramOfRows: rows, count: samples.channelCount, length: count, stride: stride, scale: 1 / Double(count))
    }
  }

  /// `whitening · samples` in tiles of samples.
  func whitened(by whitening: Matrix) -> [Matrix] {
    stride(from: 0, to: count, by: FastICA.tile).map { first in
      let width = min(FastICA.tile, count - first)
      let tile = Matrix(
        rows: samples.channelCount, columns: width,
        (0..<samples.channelCount).flatMap { c in
          let row = samples.channel(c)
          return row[(row.startIndex + first)..<(row.startIndex + first + width)]
        })
      return whitening * tile
    }
  }
}
