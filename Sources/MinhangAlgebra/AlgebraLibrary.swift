import CLAPACKE

/// The BLAS and LAPACK that is linked, for people who ask what they run on.
public enum AlgebraLibrary {
  /// What the library says of itself: version, build options, kernel in use.
  public static var configuration: String { String(cString: openblas_get_config()).trimmed }

  /// Whether several threads may be inside the library at a time.
  ///
  /// A serial OpenBLAS without locks takes one caller at a time: results are the same, work that is all linear algebra gains nothing from
  /// threads. The build with POSIX threads takes many.
  public static var takesManyCallers: Bool { LAPACK.isReentrant }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
