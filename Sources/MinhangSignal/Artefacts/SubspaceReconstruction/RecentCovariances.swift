import MinhangAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The covariances of the last stretches of a signal, and their weighted geometric median, in memory that is taken once.
///
/// A ring: the newest takes the place of the oldest. The weights fall to 1/20 over the memory.
struct RecentCovariances: Sendable {
  /// Samples of a stretch.
  let interval: Int
  /// Samples over which the weights fall to 1/20.
  let memory: Int

  /// Values of all covariances together that fit in memory on any machine that we expect: 1 GB.
  private static let limit = 1 << 27

  /// One covariance a row, `[stretches × channels²]`.
  private var ring: Matrix
  private var count = 0
  private var oldest = 0
  private var covariance: Matrix
  private var search: GeometricMedian
  /// Weights of the covariances, oldest first.
  private var weights: [Double] = []

  /// Takes the memory.
  ///
  /// - Throws: `SignalError` with `.invalidLength` where it would be more than any machine has.
  init(channelCount: Int, interval: Int, memory: Int) throws(SignalError) {
    let stretches = max(1, memory / interval)
    let size = channelCount * channelCount
    guard stretches <= Self.limit / max(1, size) else {
      throw SignalError(
        .invalidLength,
        "the memory of ASR is \(stretches) covariances of \(channelCount) channels; expected at most \(Self.limit / size)")
    }
    self.interval = interval
    self.memory = memory
    ring = Matrix(rows: stretches, columns: size)
    covariance = Matrix(rows: channelCount, columns: channelCount)
    search = GeometricMedian(dimension: size)
    weights.reserveCapacity(stretches)
  }

  /// Forgets all covariances; the memory stays.
  mutating func clear() { (count, oldest) = (0, 0) }

  /// Takes the covariance of a stretch.
  ///
  /// - Parameter samples: `[channels × interval]`, channel after channel.
  mutating func add(samples: UnsafePointer<Double>) {
    covariance.setGram(ofRows: samples, length: interval, stride: interval, scale: 1 / Double(interval))
    var place = count
    if count == ring.rows {
      place = oldest
      oldest = (oldest + 1) % count
    } else {
      count += 1
    }
    let size = ring.columns
    ring.withUnsafeMutableValues { ring in
      covariance.withUnsafeValues { ring.baseAddress!.advanced(by: place * size).update(from: $0.baseAddress!, count: size) }
    }
  }

  /// The median of the covariances, symmetric to the last bit; the only one there is as it is.
  ///
  /// - Precondition: at least one covariance was added.
  mutating func median() -> Matrix {
    guard count > 1 else { return covariance }
    if weights.count != count {
      weights.removeAll(keepingCapacity: true)
      for i in 0..<count { weights.append(pow(20, -Double(min((count - 1 - i) * interval, memory)) / Double(memory))) }
    }
    search.find(amongRows: ring, first: oldest, weights: weights)
    covariance.withUnsafeMutableValues { target in search.point.withUnsafeBufferPointer { _ = target.update(fromContentsOf: $0) } }
    covariance.symmetrize()
    return covariance
  }
}
