/// How pairs of channels go together at each frequency, over the windows of a `ConnectivityEstimator`.
///
/// Each measure is an array over `frequencies` for one pair, by its index in `pairs`. `S` is the cross-spectrum `X_first · conj(X_second)` of a
/// window, `⟨ ⟩` the mean over windows. With one window coherence and phase locking are 1 by construction. The imaginary part is positive where the
/// first channel leads. Where a channel has no power, coherence is NaN and the phase measures are 0.
///
/// **Source:** Nolte et al. 2004, Clin. Neurophysiol. 115:2292 (imaginary coherence); Lachaux et al. 1999, Hum. Brain Mapp. 8:194 (phase locking);
/// Stam et al. 2007, Hum. Brain Mapp. 28:1178 (phase lag); Vinck et al. 2011, NeuroImage 55:1548, eq. 8 (its weighted form). The same names and
/// values as in `mne_connectivity.spectral_connectivity_epochs`.
public struct Connectivity: Sendable, Hashable {
  /// Centre of each bin, Hz, from 0.
  public let frequencies: [Double]
  /// The pairs of channels.
  public let pairs: [ChannelPair]
  /// Number of windows averaged.
  public let windowCount: Int

  private let transformLength: Int
  private let sums: ConnectivitySums

  init(frequencies: [Double], pairs: [ChannelPair], windowCount: Int, transformLength: Int, sums: ConnectivitySums) {
    self.frequencies = frequencies
    self.pairs = pairs
    self.windowCount = windowCount
    self.transformLength = transformLength
    self.sums = sums
  }

  /// One-sided cross-spectral density, `2 ⟨conj(X_first) · X_second⟩`, µV²/Hz (bins at 0 and half the rate not doubled).
  ///
  /// Equals `scipy.signal.csd(first, second, …)`: the phase is that of the second channel against the first, so its imaginary part has the opposite
  /// sign of the measures below.
  public func crossDensity(pair: Int) -> [ComplexNumber] {
    let (real, imaginary) = (row(.real, pair), row(.imaginary, pair))
    return frequencies.indices.map { k in
      let sides = k == 0 || 2 * k == transformLength ? 1.0 : 2.0
      return ComplexNumber(sides * (real[k] / windows), -sides * (imaginary[k] / windows))
    }
  }

  /// Coherence, `|⟨S⟩| / √(⟨|X_first|²⟩ ⟨|X_second|²⟩)`, 0…1: the magnitude, whose square is `scipy.signal.coherence`.
  public func coherence(pair: Int) -> [Double] {
    let (real, imaginary, scale) = (row(.real, pair), row(.imaginary, pair), scale(pair))
    return frequencies.indices.map { ComplexNumber(real[$0], imaginary[$0]).magnitude / scale[$0] }
  }

  /// Imaginary coherence, `Im⟨S⟩ / √(⟨|X_first|²⟩ ⟨|X_second|²⟩)`, −1…1: what volume conduction cannot make.
  public func imaginaryCoherence(pair: Int) -> [Double] {
    let (imaginary, scale) = (row(.imaginary, pair), scale(pair))
    return frequencies.indices.map { imaginary[$0] / scale[$0] }
  }

  /// Phase locking value, `|⟨S / |S|⟩|`, 0…1.
  public func phaseLockingValue(pair: Int) -> [Double] {
    let (real, imaginary) = (row(.directionReal, pair), row(.directionImaginary, pair))
    return frequencies.indices.map { ComplexNumber(real[$0], imaginary[$0]).magnitude / windows }
  }

  /// Phase lag index, `|⟨sign Im S⟩|`, 0…1.
  public func phaseLagIndex(pair: Int) -> [Double] { row(.sign, pair).map { ($0 / windows).magnitude } }

  /// Weighted phase lag index, `|⟨Im S⟩| / ⟨|Im S|⟩`, 0…1; 0 where the imaginary part is always 0.
  public func weightedPhaseLagIndex(pair: Int) -> [Double] {
    let (imaginary, magnitude) = (row(.imaginary, pair), row(.magnitude, pair))
    return frequencies.indices.map { windowCount == 0 ? .nan : magnitude[$0] == 0 ? 0 : imaginary[$0].magnitude / magnitude[$0] }
  }

  private var windows: Double { Double(windowCount) }

  private func row(_ row: ConnectivitySums.Row, _ pair: Int) -> [Double] {
    precondition(pairs.indices.contains(pair), "pair \(pair) of \(pairs.count)")
    return Array(sums.row(row, pair: pair))
  }

  private func scale(_ pair: Int) -> [Double] {
    zip(sums.power(channel: pairs[pair].first), sums.power(channel: pairs[pair].second)).map { $0.squareRoot() * $1.squareRoot() }
  }
}
