#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The parameters of a power spectrum: an aperiodic component and Gaussian peaks on it, over the logarithm of the density.
///
/// The published algorithm: a first aperiodic fit, made again on the points that lie lowest above it (robust against peaks); the spectrum without it
/// is searched for its highest point until that is below `threshold` standard deviations or `minimumHeight`; the peaks found are fitted together
/// within bounds; the aperiodic component is fitted again to the spectrum without peaks. The least squares are our own (closed form for the line,
/// Levenberg–Marquardt for the rest) and go on until the parameters rest, so the same input gives the same bits.
///
/// **Source:** Donoghue et al. 2020, "Parameterizing neural power spectra into periodic and aperiodic components", Nat. Neurosci. 23:1655, methods.
public struct SpectralParameterization: Sendable, Hashable {
  /// A peak: `height · e^(−(f − frequency)² / 2 deviation²)` on top of the aperiodic component, over `log10` of the density.
  public struct Peak: Sendable, Hashable {
    /// Centre, Hz.
    public let frequency: Double
    /// `log10` units above the aperiodic component.
    public let height: Double
    /// Standard deviation of the Gaussian, Hz.
    public let deviation: Double

    /// Twice the standard deviation, Hz, as the field states the width of a peak.
    public var bandwidth: Double { 2 * deviation }
  }

  /// What a search is asked for.
  public struct Settings: Sendable, Hashable {
    /// Shape of the aperiodic component.
    public var mode: AperiodicComponent.Mode
    /// Least and greatest bandwidth of a peak, Hz.
    public var bandwidths: ClosedRange<Double>
    /// Most peaks.
    public var maximumPeaks: Int
    /// Least height of a peak, `log10` units.
    public var minimumHeight: Double
    /// Least height of a peak, in standard deviations of the flattened spectrum.
    public var threshold: Double

    /// Makes settings; the defaults are those of the published implementation.
    public init(
      mode: AperiodicComponent.Mode = .fixed, bandwidths: ClosedRange<Double> = 0.5...12, maximumPeaks: Int = .max,
      minimumHeight: Double = 0, threshold: Double = 2
    ) {
      self.mode = mode
      self.bandwidths = bandwidths
      self.maximumPeaks = maximumPeaks
      self.minimumHeight = minimumHeight
      self.threshold = threshold
    }
  }

  /// The aperiodic component.
  public let aperiodic: AperiodicComponent
  /// The peaks, by frequency.
  public let peaks: [Peak]
  /// Square of the correlation between the fitted and the given logarithms, 0…1.
  public let determination: Double
  /// Whether every fit came to rest.
  public let converged: Bool

  /// `log10` of the fitted density.
  ///
  /// - Parameter frequency: Hz, above 0.
  public func logarithm(at frequency: Double) -> Double {
    peaks.reduce(aperiodic.logarithm(at: frequency)) { $0 + PeakSearch.gaussian(frequency, $1.frequency, $1.height, $1.deviation) }
  }

  /// Fits the spectrum of one channel.
  ///
  /// - Parameters:
  ///   - spectrum: Densities, µV²/Hz; above 0 within the range.
  ///   - channel: Index of the channel.
  ///   - range: Frequencies to fit, Hz; frequency 0 is left out. At least four bins.
  ///   - settings: What is asked for.
  /// - Throws: `SignalError` with `.tooShort` where the range has fewer than four bins, `.invalidParameter` where a density is not positive and
  ///   finite or a setting is out of range.
  public init(
    _ spectrum: PowerSpectrum, channel: Int, range: ClosedRange<Double>, settings: Settings = Settings()
  ) throws(SignalError) {
    guard settings.bandwidths.lowerBound > 0, settings.bandwidths.upperBound.isFinite, settings.maximumPeaks >= 0 else {
      throw SignalError(
        .invalidParameter,
        "peaks of \(settings.bandwidths) Hz, at most \(settings.maximumPeaks) of them; expected positive, finite widths and a number of at least 0"
      )
    }
    let density = spectrum.channel(channel)
    let bins = spectrum.frequencies.indices.filter { spectrum.frequencies[$0] > 0 && range.contains(spectrum.frequencies[$0]) }
    guard bins.count >= 4 else {
      throw SignalError(.tooShort, "\(bins.count) bins of the spectrum lie within \(range) Hz; expected at least 4")
    }
    if let bad = bins.first(where: { !(density[density.startIndex + $0] > 0 && density[density.startIndex + $0].isFinite) }) {
      throw SignalError(
        .invalidParameter,
        "the density at \(spectrum.frequencies[bad]) Hz is \(density[density.startIndex + bad]); expected a positive, finite number")
    }
    let frequencies = bins.map { spectrum.frequencies[$0] }
    let logarithms = bins.map { log10(density[density.startIndex + $0]) }

    let robust = Self.robustFit(frequencies, logarithms, mode: settings.mode)
    let flat = frequencies.indices.map { logarithms[$0] - robust.component.logarithm(at: frequencies[$0]) }
    let search = PeakSearch(frequencies: frequencies, resolution: spectrum.resolution, settings: settings)
    let found = search.peaks(in: flat)
    let peaks = found.peaks
    let withoutPeaks = frequencies.indices.map { i in
      peaks.reduce(logarithms[i]) { $0 - PeakSearch.gaussian(frequencies[i], $1.frequency, $1.height, $1.deviation) }
    }
    let last = AperiodicComponent.fitted(to: frequencies, withoutPeaks, mode: settings.mode)
    let fitted = frequencies.indices.map { last.component.logarithm(at: frequencies[$0]) + (logarithms[$0] - withoutPeaks[$0]) }
    aperiodic = last.component
    self.peaks = peaks
    determination = Self.squaredCorrelation(fitted, logarithms)
    converged = robust.converged && found.converged && last.converged
  }

  /// The aperiodic fit that peaks hardly move: the points that lie lowest above a first fit, fitted again.
  private static func robustFit(
    _ frequencies: [Double], _ logarithms: [Double], mode: AperiodicComponent.Mode
  ) -> (component: AperiodicComponent, converged: Bool) {
    let first = AperiodicComponent.fitted(to: frequencies, logarithms, mode: mode)
    let above = frequencies.indices.map { max(0, logarithms[$0] - first.component.logarithm(at: frequencies[$0])) }
    // The published threshold: the percentile 0.025 (of 100), between neighbouring ranks on a straight line.
    let sorted = above.sorted()
    let place = 0.025 / 100 * Double(sorted.count - 1)
    let rank = Int(place)
    let threshold = sorted[rank] + (place - Double(rank)) * (sorted[min(rank + 1, sorted.count - 1)] - sorted[rank])
    let kept = frequencies.indices.filter { above[$0] <= threshold }
    // Fewer points than parameters say nothing: a spectrum that the first fit meets from above everywhere.
    guard kept.count > 3 else { return first }
    let second = AperiodicComponent.fitted(
      to: kept.map { frequencies[$0] }, kept.map { logarithms[$0] }, mode: mode, start: first.component)
    return (second.component, first.converged && second.converged)
  }

  static func squaredCorrelation(_ a: [Double], _ b: [Double]) -> Double {
    let n = Double(a.count)
    let (meanA, meanB) = (a.reduce(0, +) / n, b.reduce(0, +) / n)
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      ab += (x - meanA) * (y - meanB)
      aa += (x - meanA) * (x - meanA)
      bb += (y - meanB) * (y - meanB)
    }
    return ab * ab / (aa * bb)
  }
}
