/// A window function: what a stretch of signal is multiplied by before its spectrum is computed.
///
/// All are periodic ("DFT-even"): one period of the symmetric window of one more sample, as spectra want it, and as
/// `scipy.signal.get_window(name, count, fftbins=True)` gives; filters are designed with `symmetricCoefficients(count:)`.
///
/// **Source:** Harris 1978, "On the use of windows for harmonic analysis with the discrete Fourier transform", Proc. IEEE 66:51; Heinzel et al.
/// 2002, "Spectrum and spectral density estimation by the DFT", appendix C.
public enum Taper: Sendable, Hashable {
  /// All ones.
  case boxcar
  /// A triangle that does not touch zero.
  case triangular
  /// A triangle from zero to zero.
  case bartlett
  /// Raised cosine, zero at the ends: the default of the field.
  case hann
  /// Raised cosine on a pedestal of 0.08.
  case hamming
  /// Raised cosine with the constant `alpha` (0.5 is Hann, 0.54 Hamming).
  case generalHamming(Double)
  /// Three cosine terms.
  case blackman
  /// Four cosine terms, side lobes below −92 dB.
  case blackmanHarris
  /// Four cosine terms, Nuttall's minimum side lobes.
  case nuttall
  /// Five cosine terms: reads the amplitude of a sine between bins to 0.01 dB.
  case flatTop
  /// Half a period of a sine.
  case cosine
  /// Bartlett–Hann.
  case bartlettHann
  /// Parzen's piecewise cubic.
  case parzen
  /// Bohman: convolution of two half cosines.
  case bohman
  /// Central lobe of a sinc.
  case lanczos
  /// Flat in the middle, cosine flanks over the fraction `alpha` (0…1) of the length.
  case tukey(Double)
  /// Kaiser with shape `beta` ≥ 0.
  case kaiser(Double)
  /// Gaussian with a standard deviation in samples.
  case gaussian(Double)
  /// Two-sided exponential with a time constant in samples.
  case exponential(Double)

  /// One of each, with usual parameters, for tables and tests.
  public static let standard: [Taper] = [
    .boxcar, .triangular, .bartlett, .hann, .hamming, .generalHamming(0.6), .blackman, .blackmanHarris, .nuttall, .flatTop, .cosine,
    .bartlettHann, .parzen, .bohman, .lanczos, .tukey(0.5), .kaiser(14), .gaussian(30), .exponential(40),
  ]
}

extension Taper: CustomStringConvertible {
  private static let plain: [(name: String, taper: Taper)] = [
    ("boxcar", .boxcar), ("triang", .triangular), ("bartlett", .bartlett), ("hann", .hann), ("hamming", .hamming), ("blackman", .blackman),
    ("blackmanharris", .blackmanHarris), ("nuttall", .nuttall), ("flattop", .flatTop), ("cosine", .cosine), ("barthann", .bartlettHann),
    ("parzen", .parzen), ("bohman", .bohman), ("lanczos", .lanczos),
  ]

  /// Reads a taper's name: `hann`, `kaiser:14`, `tukey` (0.5) or `tukey:0.25`, `gaussian:30`, `exponential:40`, `general_hamming:0.6`.
  ///
  /// Case, hyphens and underscores do not count. Nil for an unknown name or a parameter out of range.
  public init?(name: String) {
    let parts = name.lowercased().split(separator: ":", omittingEmptySubsequences: false)
    guard let first = parts.first, parts.count <= 2 else { return nil }
    let key = String(first.filter { $0 != "-" && $0 != "_" })
    if parts.count == 1 {
      if key == "tukey" {
        self = .tukey(0.5)
        return
      }
      let aliases = ["triangular": "triang", "bartletthann": "barthann", "rectangular": "boxcar", "hanning": "hann"]
      guard let match = Self.plain.first(where: { $0.name == aliases[key] ?? key }) else { return nil }
      self = match.taper
      return
    }
    guard let parameter = Double(String(parts[1])), parameter.isFinite else { return nil }
    switch key {
    case "kaiser" where (0...700).contains(parameter): self = .kaiser(parameter)
    case "tukey" where (0...1).contains(parameter): self = .tukey(parameter)
    case "gaussian" where parameter > 0: self = .gaussian(parameter)
    case "exponential" where parameter > 0: self = .exponential(parameter)
    case "generalhamming" where (0...1).contains(parameter): self = .generalHamming(parameter)
    default: return nil
    }
  }

  /// The name that `init(name:)` reads.
  public var description: String {
    switch self {
    case .tukey(let alpha): "tukey:\(alpha)"
    case .kaiser(let beta): "kaiser:\(beta)"
    case .gaussian(let deviation): "gaussian:\(deviation)"
    case .exponential(let constant): "exponential:\(constant)"
    case .generalHamming(let alpha): "general_hamming:\(alpha)"
    default: Self.plain.first { $0.taper == self }?.name ?? ""
    }
  }
}
