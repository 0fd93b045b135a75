/// The library's own version.
public enum Minhang {
  /// Semantic version of the library and of its command line.
  public static let version = "0.1.0"
}
