#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the power of a band is stated.
public enum BandPowerScale: String, Sendable, Hashable, CaseIterable {
  /// µV².
  case absolute
  /// Fraction of the power from 0 Hz to half the sampling rate; 0…1.
  case relative
  /// `10 · log10(power / 1 µV²)`; no power is −∞.
  case decibel = "db"

  /// The unit as tables write it.
  public var unit: String {
    switch self {
    case .absolute: "\u{B5}V\u{B2}"
    case .relative: "1"
    case .decibel: "dB"
    }
  }

  /// An absolute power, µV², on this scale; `total` is asked for where the scale needs it.
  func value(_ power: Double, total: () -> Double) -> Double {
    switch self {
    case .absolute: power
    case .relative: power / total()
    case .decibel: 10 * log10(power)
    }
  }
}

/// The integral of a density between the edges of a band, by the rule of `PowerSpectrum.bandPower`.
enum BandIntegral {
  /// - Parameters:
  ///   - density: µV²/Hz, one value a bin.
  ///   - frequencies: Centre of each bin, Hz, from 0.
  ///   - resolution: Distance between bins, Hz.
  ///   - band: Edges, Hz.
  static func power(
    of density: UnsafeBufferPointer<Double>, frequencies: [Double], resolution: Double, _ band: ClosedRange<Double>
  ) -> Double {
    guard let top = frequencies.last, !band.lowerBound.isNaN, !band.upperBound.isNaN else { return .nan }
    let low = max(band.lowerBound, 0)
    let high = min(band.upperBound, top)
    guard low < high else { return 0 }
    var power = 0.0
    var k = min(Int(low / resolution), frequencies.count - 2)
    while k + 1 < frequencies.count, frequencies[k] < high {
      let (left, right) = (frequencies[k], frequencies[k + 1])
      let from = max(low, left)
      let to = min(high, right)
      if from < to {
        // The mean of the line between `from` and `to` is its value half way.
        let place = ((from + to) / 2 - left) / (right - left)
        power += (density[k] + (density[k + 1] - density[k]) * place) * (to - from)
      }
      k += 1
    }
    return power
  }
}

extension PowerSpectrum {
  /// The absolute power of a band, µV²: the integral of the density between the band's edges.
  ///
  /// The rule, exactly: the density is taken as straight lines between neighbouring bins, and this curve is integrated from edge to edge, part of
  /// a bin at each edge included. It follows that adjacent bands add up to the band that covers both, that a flat density `D` gives `D · width`
  /// for any edges, that a band inside one bin has its share, and that on bins' centres it is the trapezoid rule. Parts of the band below 0 Hz or
  /// above half the sampling rate hold no power. An empty spectrum gives NaN.
  ///
  /// - Parameters:
  ///   - band: Edges, Hz.
  ///   - channel: Index of the channel.
  public func bandPower(_ band: ClosedRange<Double>, channel: Int) -> Double {
    let density = self.channel(channel)
    return density.withUnsafeBufferPointer { BandIntegral.power(of: $0, frequencies: frequencies, resolution: resolution, band) }
  }

  /// The power of a band on a scale.
  ///
  /// - Parameters:
  ///   - band: Edges, Hz.
  ///   - channel: Index of the channel.
  ///   - scale: Absolute (µV²), relative to the power of the whole spectrum (0 … half the sampling rate; NaN where that is zero), or in decibels.
  public func bandPower(_ band: ClosedRange<Double>, channel: Int, scale: BandPowerScale) -> Double {
    scale.value(bandPower(band, channel: channel)) { totalPower(channel: channel) }
  }

  /// The power from 0 Hz to half the sampling rate, µV², by the rule of `bandPower`.
  public func totalPower(channel: Int) -> Double { bandPower(0...(frequencies.last ?? 0), channel: channel) }
}
