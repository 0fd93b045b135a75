import CLAPACKE

/// The BLAS that this process runs.
public enum LinearAlgebraLibrary {
  /// OpenBLAS's own words: its version, build and the kernels it chose for this processor.
  public static var description: String {
    "\(String(cString: openblas_get_config()).withoutTrailingSpaces), kernels \(String(cString: openblas_get_corename()))"
  }
}

extension String {
  fileprivate var withoutTrailingSpaces: String {
    var text = self[...]
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
