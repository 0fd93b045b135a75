#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// The stream of results.
enum StandardOutput {
  /// Brings what was printed to its reader; false where some of it, now or before, did not arrive.
  static func isWritten() -> Bool { fflush(stdout) == 0 && ferror(stdout) == 0 }
}
