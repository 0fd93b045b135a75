#if canImport(Glibc)
  import Glibc
#endif

/// Memory for samples.
enum SampleStorage {
  /// From this size on memory is asked for in large pages, bytes.
  private static let largeSize = 8 << 20

  /// An array of zeros.
  static func zeros(count: Int) -> [Double] {
    guard count >= largeSize / MemoryLayout<Double>.stride else { return [Double](repeating: 0, count: count) }
    return filled(count: count) { $0.initialize(repeating: 0) }
  }

  /// An array that `fill` initialises wholly.
  ///
  /// A recording of an hour takes hundreds of megabytes, and most of the time that a whole-file read needs is then spent by the system on
  /// handing out pages of 4 kB. Linux gives pages of 2 MB on request, which makes such a read several times faster.
  static func filled(count: Int, _ fill: (UnsafeMutableBufferPointer<Double>) throws -> Void) rethrows -> [Double] {
    try [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      if count >= largeSize / MemoryLayout<Double>.stride { wishForLargePages(buffer, count: count) }
      try fill(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
      initialized = count
    }
  }

  private static func wishForLargePages(_ buffer: UnsafeMutableBufferPointer<Double>, count: Int) {
    #if canImport(Glibc)
      let page = 4096
      guard let base = buffer.baseAddress else { return }
      let start = (Int(bitPattern: base) + page - 1) / page * page
      let end = (Int(bitPattern: base) + count * MemoryLayout<Double>.stride) / page * page
      // A wish: refused on systems without large pages, and nothing is lost then.
      if end > start { _ = madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, Int32(MADV_HUGEPAGE)) }
    #endif
  }
}
