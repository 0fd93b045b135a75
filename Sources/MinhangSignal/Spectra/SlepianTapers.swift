import MinhangAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Discrete prolate spheroidal sequences: the orthogonal tapers that hold the most of their power within a band around frequency 0.
///
/// Periodic form: one period of the symmetric sequence of one more sample, each of unit power as that longer sequence. Equals
/// `scipy.signal.windows.dpss(length, timeHalfBandwidth, count, sym=False, norm=2, return_ratios=True)`: sequences of even order have a positive
/// sum, those of odd order begin with a positive lobe.
///
/// **Source:** Slepian 1978, "Prolate spheroidal wave functions, Fourier analysis, and uncertainty V", Bell Syst. Tech. J. 57:1371, eq. 14; the
/// signs: Percival & Walden 1993, "Spectral analysis for physical applications", p. 379.
public struct SlepianTapers: Sendable, Hashable {
  /// Samples of each taper.
  public let length: Int
  /// Half bandwidth times duration, without unit (`NW`).
  public let timeHalfBandwidth: Double
  /// Part of each taper's power within the band, 0…1, descending.
  public let concentrations: [Double]
  /// `[tapers × samples]`.
  private let values: [Double]

  /// Number of tapers.
  public var count: Int { concentrations.count }

  /// Computes tapers.
  ///
  /// O(length · count²). Allocates.
  ///
  /// - Parameters:
  ///   - length: Samples, at least 2.
  ///   - timeHalfBandwidth: Half bandwidth (Hz) times duration (s), above 0 and below `length / 2`.
  ///   - count: Number of tapers, 1 … `length`; about `2 · timeHalfBandwidth` of them are concentrated.
  /// - Throws: `SignalError` with `.invalidLength` or `.invalidParameter`.
  public init(length: Int, timeHalfBandwidth: Double, count: Int) throws(SignalError) {
    guard (2...(1 << 27)).contains(length) else {
      throw SignalError(.invalidLength, "Slepian tapers of \(length) samples; expected 2…\(1 << 27)")
    }
    guard timeHalfBandwidth > 0, timeHalfBandwidth < Double(length) / 2 else {
      throw SignalError(
        .invalidParameter,
        "the half bandwidth times duration of Slepian tapers is \(timeHalfBandwidth); expected above 0 and below \(Double(length) / 2)")
    }
    guard (1...length).contains(count), count <= (1 << 28) / length else {
      throw SignalError(.invalidParameter, "\(count) Slepian tapers of \(length) samples; expected 1…\(min(length, (1 << 28) / length))")
    }
    let size = length + 1
    let halfWidth = timeHalfBandwidth / Double(size)
    let rows = try Self.sequences(size: size, halfWidth: halfWidth, count: count)
    let concentrations = try Self.concentrations(of: rows, size: size, halfWidth: halfWidth)
    self.init(
      length: length, timeHalfBandwidth: timeHalfBandwidth, concentrations: concentrations,
      values: (0..<count).flatMap { rows[($0 * size)..<($0 * size + length)] })
  }

  private init(length: Int, timeHalfBandwidth: Double, concentrations: [Double], values: [Double]) {
    self.length = length
    self.timeHalfBandwidth = timeHalfBandwidth
    self.concentrations = concentrations
    self.values = values
  }

  /// One taper.
  public func taper(_ index: Int) -> ArraySlice<Double> {
    precondition(index >= 0 && index < count, "taper \(index) of \(count)")
    return values[(index * length)..<((index + 1) * length)]
  }

  /// Only the tapers whose concentration exceeds a limit; the most concentrated one if there is none.
  public func concentrated(above limit: Double) -> SlepianTapers {
    var kept = concentrations.indices.filter { concentrations[$0] > limit }
    if kept.isEmpty, let best = concentrations.indices.max(by: { concentrations[$0] < concentrations[$1] }) { kept = [best] }
    return SlepianTapers(
      length: length, timeHalfBandwidth: timeHalfBandwidth, concentrations: kept.map { concentrations[$0] },
      values: kept.flatMap { taper($0) })
  }

  // MARK: - The eigenvalue problem

  /// The sequences of `size` samples, in rows: eigenvectors of a tridiagonal matrix that commutes with the concentration problem.
  ///
  /// The matrix is its own mirror image, so it falls into one for symmetric and one for antisymmetric vectors, each of half the size: a quarter of
  /// the work. Orders alternate between the two.
  private static func sequences(size: Int, halfWidth: Double, count: Int) throws(SignalError) -> [Double] {
    // Slepian 1978, eq. 14.
    func onDiagonal(_ i: Int) -> Double {
      let fromMiddle = Double(size - 1 - 2 * i) / 2
      return fromMiddle * fromMiddle * cos(2 * Double.pi * halfWidth)
    }
    func beside(_ i: Int) -> Double { Double(i + 1) * Double(size - 1 - i) / 2 }
    let half = size / 2
    let isOdd = size % 2 == 1
    var rows = [Double](repeating: 0, count: count * size)
    for parity in 0..<2 where count > parity {
      let symmetric = parity == 0
      // With a sample in the middle: symmetric vectors keep it, scaled by √2; antisymmetric ones are zero there.
      let order = isOdd && symmetric ? half + 1 : half
      var diagonal = (0..<order).map(onDiagonal)
      var neighbours = (0..<(order - 1)).map(beside)
      if isOdd, symmetric { neighbours[order - 2] *= 2.0.squareRoot() }
      if !isOdd { diagonal[order - 1] += symmetric ? beside(half - 1) : -beside(half - 1) }
      let wanted = (count - parity + 1) / 2
      let largest = Double(size) * Double(size) / 4
      let vectors: Matrix
      do throws(AlgebraError) {
        // Eigenvalues are about 2π·size·halfWidth·size apart at the least; 1e-9 of the largest is far below that.
        vectors = try SymmetricTridiagonalEigen(
          diagonal: diagonal, offDiagonal: neighbours, largest: min(wanted, order), tolerance: 1e-9 * largest
        ).vectors
      } catch {
        throw SignalError(.invalidParameter, "no Slepian tapers of \(size - 1) samples: \(error)")
      }
      for k in 0..<vectors.rows {
        let row = vectors.row(k)
        let start = (2 * k + parity) * size
        for i in 0..<half {
          let value = row[row.startIndex + i] / 2.0.squareRoot()
          rows[start + i] = value
          rows[start + size - 1 - i] = symmetric ? value : -value
        }
        if order > half { rows[start + half] = row[row.startIndex + half] }
        if isNegative(rows[start..<(start + size)], symmetric: symmetric) { for i in 0..<size { rows[start + i].negate() } }
      }
    }
    return rows
  }

  private static func isNegative(_ sequence: ArraySlice<Double>, symmetric: Bool) -> Bool {
    if symmetric { return sequence.reduce(0, +) < 0 }
    // The first value that is clearly not rounding.
    let threshold = max(1e-7, 1 / Double(sequence.count))
    return (sequence.first { $0 * $0 > threshold } ?? 0) < 0
  }

  /// `vᵀ A v` with `A[i, j] = sin(2πW(i − j)) / (π(i − j))`, in the frequency domain, where the Toeplitz matrix within a circulant is a product.
  ///
  /// A quotient of squares, so that a vector's error enters squared.
  private static func concentrations(of rows: [Double], size: Int, halfWidth: Double) throws(SignalError) -> [Double] {
    let length = RealFourierTransform.fastLength(atLeast: 2 * size)
    let transform = try RealFourierTransform(length: length)
    var circulant = [Double](repeating: 0, count: length)
    circulant[0] = 2 * halfWidth
    for n in 1..<size {
      circulant[n] = sin(2 * Double.pi * halfWidth * Double(n)) / (Double.pi * Double(n))
      circulant[length - n] = circulant[n]
    }
    let kernel = transform.forward(circulant).map(\.real)
    var scratch = FourierScratch(length: length)
    return (0..<(rows.count / size)).map { k in
      scratch.withBuffers { samples, bins in
        // The rest of `samples` stays zero.
        for i in 0..<size { samples[i] = rows[k * size + i] }
        transform.forward(samples, into: bins)
        var sum = 0.0
        for f in 0..<transform.binCount {
          let power = bins[2 * f] * bins[2 * f] + bins[2 * f + 1] * bins[2 * f + 1]
          sum += (f == 0 || 2 * f == length ? 1 : 2) * power * kernel[f]
        }
        return sum / Double(length)
      }
    }
  }
}
