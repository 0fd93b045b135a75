import MinhangAlgebra
import MinhangCore

/// Artifact subspace reconstruction (ASR): the settings, and the calibration on training data.
///
/// A window's covariance is taken apart into principal directions; a direction whose power exceeds what the calibration recording had in that
/// direction, by `cutoff` standard deviations, is thrown away and reconstructed from the others by the calibration's mixing matrix.
/// `fit` gives a `FittedSubspaceReconstruction`; `CausalSubspaceReconstruction` runs it live, `WholeSignalSubspaceReconstruction` on a recording.
///
/// The method of averaging covariances is the geometric median ("euclid"). The formulas are those of `meegkit.asr.ASR(method="euclid")`.
///
/// **Source:** Kothe & Jung 2016, US patent application 14/895,440; Mullen et al. 2015, "Real-time neuroimaging and cognitive monitoring using
/// wearable dry EEG", IEEE Trans. Biomed. Eng. 62:2553.
public struct ArtifactSubspaceReconstruction: Sendable, Hashable {
  /// How many standard deviations above the calibration's mean amplitude a direction is an artefact; 2.5 is harsh, 20 mild.
  public var cutoff = 5.0
  /// Length of the windows in which calibration amplitudes are measured, seconds.
  public var windowDuration = 0.5
  /// Part of a window that the next one shares, 0 ..< 1.
  public var windowOverlap = 0.66
  /// Length of the blocks whose covariances are averaged in calibration, samples.
  public var covarianceBlock = 100
  /// Part of the channels that may be bad in a window that calibration still uses, 0 … 1.
  public var badChannelFraction = 0.3
  /// Largest part of the calibration windows that may be dropouts, 0 … 0.3.
  public var dropoutFraction = 0.1
  /// Part of the calibration windows that is surely clean, above 0, at most 1.
  public var cleanFraction = 0.25

  /// The usual settings.
  public init() {}

  /// Calibrates on a recording of clean, or mostly clean, signal: at least some 30 s, high-passed at 0.5–1 Hz, in the montage to be cleaned.
  ///
  /// Windows with gross artefacts are left out first (`CleanStretches`), for which channels are compared: give at least four. Samples that are not finite count as 0. Needs the whole calibration
  /// signal and about four times its memory, and `channels²` values for every third of `covarianceBlock` samples.
  ///
  /// - Parameters:
  ///   - calibration: `[channels × samples]`, µV, one unbroken segment of training data.
  ///   - sampleRate: Hz, at least 80.
  /// - Throws: `SignalError` with `.invalidFrequency`, `.invalidParameter`, `.tooShort`.
  public func fit(_ calibration: SignalBlock, sampleRate: Double) throws(SignalError) -> FittedSubspaceReconstruction {
    try check(sampleRate: sampleRate)
    let needed = 2 * windowLength(sampleRate: sampleRate)
    guard calibration.channelCount > 0, calibration.sampleCount >= max(needed, covarianceBlock) else {
      throw SignalError(
        .tooShort,
        "ASR calibrates on \(calibration.channelCount) channels × \(calibration.sampleCount) samples; expected at least 1 × \(needed)")
    }
    let finite = Self.zeroed(calibration)
    let stretches = CleanStretches(in: finite, sampleRate: sampleRate, settings: self)
    let clean = stretches.rejectedWindowCount == 0 ? finite : stretches.joined(finite)
    guard clean.sampleCount >= max(needed, covarianceBlock) else {
      throw SignalError(
        .tooShort,
        "of the ASR calibration's \(calibration.sampleCount) samples only \(clean.sampleCount) are clean; expected at least \(needed)")
    }
    let shaping = try Self.shapingFilter(sampleRate: sampleRate)
    var shaped = clean
    var filter = CausalFilter(shaping)
    filter.process(&shaped)
    do {
      let mixing = try Self.squareRoot(medianCovariance(of: shaped))
      let axes = try mixing.symmetricEigen().vectors.transposed()
      let thresholds = try thresholds(of: shaped, along: axes, sampleRate: sampleRate)
      return FittedSubspaceReconstruction(
        sampleRate: sampleRate, mixing: mixing, thresholds: thresholds, shapingFilter: shaping, cleanStretches: stretches)
    } catch let error as AlgebraError {
      throw SignalError(.invalidParameter, "ASR cannot calibrate on this signal: \(error)")
    } catch {
      throw error as? SignalError ?? SignalError(.invalidParameter, "ASR cannot calibrate on this signal: \(error)")
    }
  }

  /// The filter that makes ASR sensitive to delta and gamma and blind to alpha and beta: order 8, gain 3 at 0 Hz, 0.75 at 2 Hz, 0.33 from 3 to
  /// 13 Hz, 1 from 16 to 40 Hz, 3 from 80 Hz on.
  ///
  /// The output of ASR does not go through it. Above some 2 kHz the design method's grid of frequencies no longer resolves the steps below
  /// 16 Hz: lower the rate first.
  ///
  /// - Throws: `SignalError` with `.invalidFrequency` below 80 Hz.
  public static func shapingFilter(sampleRate: Double) throws(SignalError) -> SectionedFilter {
    guard sampleRate.isFinite, sampleRate >= 80 else {
      throw SignalError(.invalidFrequency, "ASR at a sampling rate of \(sampleRate) Hz; expected at least 80 Hz")
    }
    let edges = [0, 2, 3, 13, 16, 40, min(80, sampleRate / 2 - 1), sampleRate / 2]
    return try YuleWalker.design(
      order: 8, frequencies: edges.map { $0 * 2 / sampleRate }, magnitudes: [3, 0.75, 0.33, 0.33, 1, 1, 3, 3]
    ).sectioned(sampleRate: sampleRate)
  }

  func windowLength(sampleRate: Double) -> Int { Int((windowDuration * sampleRate).rounded(.toNearestOrAwayFromZero)) }
}

extension ArtifactSubspaceReconstruction {
  private func check(sampleRate: Double) throws(SignalError) {
    func refuse(_ what: String, _ value: Double, _ expected: String) -> SignalError {
      SignalError(.invalidParameter, "the \(what) of ASR is \(value); expected \(expected)")
    }
    guard sampleRate.isFinite, sampleRate >= 80, sampleRate <= 1e6 else {
      throw SignalError(.invalidFrequency, "ASR at a sampling rate of \(sampleRate) Hz; expected 80 Hz to 1 MHz")
    }
    guard cutoff.isFinite, cutoff > 0 else { throw refuse("cutoff", cutoff, "a positive number of standard deviations") }
    guard windowDuration.isFinite, windowDuration <= 1e3, windowLength(sampleRate: sampleRate) >= 2 else {
      throw refuse("window", windowDuration, "seconds, of at least 2 samples")
    }
    guard (0..<1).contains(windowOverlap) else { throw refuse("overlap", windowOverlap, "0 or more and less than 1") }
    guard (2...(1 << 24)).contains(covarianceBlock) else { throw refuse("covariance block", Double(covarianceBlock), "2 samples or more") }
    guard (0...1).contains(badChannelFraction) else { throw refuse("part of bad channels", badChannelFraction, "0…1") }
    guard (0...0.3).contains(dropoutFraction) else { throw refuse("part of dropouts", dropoutFraction, "0…0.3") }
    guard cleanFraction > 0, cleanFraction <= 1 else { throw refuse("clean part", cleanFraction, "more than 0 and at most 1") }
  }

  private static func zeroed(_ signal: SignalBlock) -> SignalBlock {
    var result = signal
    let (channels, count) = (signal.channelCount, signal.sampleCount)
    result.withUnsafeMutableStorage { samples, stride in
      for c in 0..<channels { for i in 0..<count where !samples[c * stride + i].isFinite { samples[c * stride + i] = 0 } }
    }
    return result
  }

  /// The geometric median of the covariances of overlapping blocks; half a block of zeros is put before and after the signal.
  private func medianCovariance(of signal: SignalBlock) -> Matrix {
    let (channels, count) = (signal.channelCount, signal.sampleCount)
    let margin = covarianceBlock / 2
    let jump = max(1, Int((Double(covarianceBlock) * (1 - windowOverlap)).rounded(.toNearestOrEven)))
    var points: [Double] = []
    var block = Matrix(rows: channels, columns: channels)
    signal.withUnsafeStorage { samples, stride in
      // A block that reaches into the zeros has the covariance of the part that does not.
      for start in Swift.stride(from: -margin, through: count + margin - covarianceBlock, by: jump) {
        let first = max(start, 0)
        let length = min(start + covarianceBlock, count) - first
        guard length > 0 else {
          points.append(contentsOf: repeatElement(0, count: channels * channels))
          continue
        }
        block.setGram(ofRows: samples + first, length: length, stride: stride, scale: 1 / Double(covarianceBlock))
        block.withUnsafeValues { points.append(contentsOf: $0) }
      }
    }
    let size = channels * channels
    let median = GeometricMedian(ofRows: Matrix(rows: points.count / size, columns: size, points))
    return Matrix(rows: channels, columns: channels, median.point).symmetrized()
  }

  /// The square root of a positive-semidefinite matrix; directions without power, up to rounding, stay without.
  private static func squareRoot(_ matrix: Matrix) throws(AlgebraError) -> Matrix {
    let eigen = try matrix.symmetricEigen()
    let floor = (eigen.values.last ?? 0) * Double(matrix.rows) * Double.ulpOfOne
    return eigen.mapped { $0 > floor ? $0.squareRoot() : 0 }
  }

  /// Each principal axis times the largest root mean square that is still clean along it.
  private func thresholds(of signal: SignalBlock, along axes: Matrix, sampleRate: Double) throws(SignalError) -> Matrix {
    let length = windowLength(sampleRate: sampleRate)
    let windows = WindowedAmplitude(length: length, step: Double(length) * (1 - windowOverlap), sampleCount: signal.sampleCount)
    var limits: [Double] = []
    var projected = [Double](repeating: 0, count: signal.sampleCount)
    for axis in 0..<axes.rows {
      projected.withUnsafeMutableBufferPointer { projected in
        projected.update(repeating: 0)
        signal.withUnsafeStorage { samples, stride in
          for (c, weight) in axes.row(axis).enumerated() {
            for i in projected.indices { projected[i] += weight * samples[c * stride + i] }
          }
        }
      }
      guard
        let clean = AmplitudeDistribution(
          of: windows.rootMeanSquares(of: projected), cleanFraction: cleanFraction, dropoutFraction: dropoutFraction)
      else {
        throw SignalError(
          .tooShort,
          "ASR cannot fit the amplitudes of \(windows.starts.count) calibration windows along axis \(axis); expected more, varying windows")
      }
      limits.append(clean.mean + cutoff * clean.deviation)
    }
    return Matrix.diagonal(limits) * axes
  }
}
