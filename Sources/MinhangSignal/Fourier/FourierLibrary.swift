import CFFTW3

/// The FFTW that this process runs.
public enum FourierLibrary {
  /// FFTW's own words: its version and the instruction sets that it was built for.
  public static var version: String { String(cString: minhang_fftw_version()) }
}
