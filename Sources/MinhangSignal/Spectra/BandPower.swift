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
    guard let top = frequencies.last, !band.lowerBound.isNaN, !band.upperBound.isNaN else { return .nan }
    let low = max(band.lowerBound, 0)
    let high = min(band.upperBound, top)
    guard low < high else { return 0 }
    let offset = density.startIndex
    var power = 0.0
    var k = min(Int(low / resolution), frequencies.count - 2)
    while k + 1 < frequencies.count, frequencies[k] < high {
      let (left, right) = (frequencies[k], frequencies[k + 1])
      let from = max(low, left)
      let to = min(high, right)
      if from < to {
        // The mean of the line between `from` and `to` is its value half way.
        let place = ((from + to) / 2 - left) / (right - left)
        power += (density[offset + k] + (density[offset + k + 1] - density[offset + k]) * place) * (to - from)
      }
      k += 1
    }
    return power
  }

  /// The power of a band on a scale.
  ///
  /// - Parameters:
  ///   - band: Edges, Hz.
  ///   - channel: Index of the channel.
  ///   - scale: Absolute (µV²), relative to the power of the whole spectrum (0 … half the sampling rate; NaN where that is zero), or in decibels.
  public func bandPower(_ band: ClosedRange<Double>, channel: Int, scale: BandPowerScale) -> Double {
    let power = bandPower(band, channel: channel)
    switch scale {
    case .absolute: return power
    case .relative: return power / totalPower(channel: channel)
    case .decibel: return 10 * log10(power)
    }
  }

  /// The power from 0 Hz to half the sampling rate, µV², by the rule of `bandPower`.
  public func totalPower(channel: Int) -> Double { bandPower(0...(frequencies.last ?? 0), channel: channel) }
}
