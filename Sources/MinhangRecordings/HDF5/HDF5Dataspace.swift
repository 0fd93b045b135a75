import MinhangCore

/// The sizes of a data set: slowest dimension first.
///
/// **Source:** HDF5 File Format Specification, section IV.A.2.b.
struct HDF5Dataspace: Sendable {
  private static let mostDimensions = 32

  /// Number of dimensions; 0 for a single element.
  private(set) var rank = 0
  /// All elements: the product, without overflow.
  private(set) var count = 1
  /// The first two sizes, which are all that most data sets have: these need no array.
  private var (slowest, second) = (1, 1)
  private var others: [Int] = []

  /// Empty for a single element.
  var sizes: [Int] { Array([slowest, second].prefix(rank)) + others }

  /// The size of the fastest dimension; 1 for a single element.
  var fastest: Int { others.last ?? (rank == 1 ? slowest : second) }

  init(_ data: Range<Int>, _ bytes: HDF5Bytes) throws(RecordingError) {
    let (start, what) = (data.lowerBound, "dataspace")
    let version = try bytes.u8(at: start, of: what)
    guard (1...2).contains(version) else { throw bytes.damage(what, at: start, "version is \(version); expected 1 or 2") }
    let stated = try bytes.u8(at: start + 1, of: what)
    let first = version == 1 ? 8 : 4
    guard stated <= Self.mostDimensions, first + stated * bytes.lengthSize <= data.count else {
      throw bytes.damage(what, at: start, "\(stated) dimensions in \(data.count) bytes; expected at most \(Self.mostDimensions) that fit")
    }
    if version == 2, try bytes.u8(at: start + 3, of: what) == 2 {
      count = 0
      return
    }
    rank = stated
    for k in 0..<rank {
      let size = try bytes.length(at: start + first + k * bytes.lengthSize, of: what)
      let product = count.multipliedReportingOverflow(by: size)
      // Half the bits are left for the size of an element and sums.
      guard size < 1 << 48, !product.overflow, product.partialValue < 1 << 48 else {
        throw bytes.damage(what, at: start, "size of dimension \(k + 1) is \(size); expected a product that can be")
      }
      count = product.partialValue
      switch k {
      case 0: slowest = size
      case 1: second = size
      default: others.append(size)
      }
    }
  }
}
