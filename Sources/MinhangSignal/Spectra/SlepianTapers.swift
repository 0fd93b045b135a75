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
/// sum, those of odd order begin with a positive lobe
/// (far beyond `2 · timeHalfBandwidth` sums of even orders are rounding, and so is their sign).
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
  /// `[tapers × (length + 1)]`: the symmetric sequences, whose last sample the tapers lack.
  private let sequences: [Double]

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
    self.init(length: length, timeHalfBandwidth: timeHalfBandwidth, concentrations: concentrations, sequences: rows)
  }

  private init(length: Int, timeHalfBandwidth: Double, concentrations: [Double], sequences: [Double]) {
    self.length = length
    self.timeHalfBandwidth = timeHalfBandwidth
    self.concentrations = concentrations
    self.sequences = sequences
  }

  /// One taper.
  public func taper(_ index: Int) -> ArraySlice<Double> {
    precondition(index >= 0 && index < count, "taper \(index) of \(count)")
    return sequences[(index * (length + 1))..<(index * (length + 1) + length)]
  }

  /// Only the tapers whose concentration exceeds a limit; the most concentrated one if there is none.
  public func concentrated(above limit: Double) -> SlepianTapers {
    // Concentrations fall with the order, up to rounding, so the tapers that are kept are the first ones.
    let kept = max(1, concentrations.firstIndex { !($0 > limit) } ?? count)
    return SlepianTapers(
      length: length, timeHalfBandwidth: timeHalfBandwidth, concentrations: Array(concentrations.prefix(kept)),
      sequences: kept == count ? sequences : Array(sequences.prefix(kept * (length + 1))))
  }

  /// Copies the tapers, each times a factor, to `[tapers × samples]`.
  func scaled(by factors: [Double]) -> [Double] {
    precondition(factors.count == count, "\(factors.count) factors for \(count) tapers")
    return [Double](unsafeUninitializedCapacity: count * length) { result, initialized in
      sequences.withUnsafeBufferPointer { sequences in
        for k in 0..<count {
          let factor = factors[k]
          for i in 0..<length { result[k * length + i] = sequences[k * (length + 1) + i] * factor }
        }
      }
      initialized = count * length
    }
  }

  // MARK: - The eigenvalue problem

  /// The sequences of `size` samples, in rows: eigenvectors of a tridiagonal matrix that commutes with the concentration problem.
  ///
  /// The matrix is its own mirror image, so it falls into one for symmetric and one for antisymmetric vectors, each of half the size: a quarter of
  /// the work. Orders alternate between the two.
  private static func sequences(size: Int, halfWidth: Double, count: Int) throws(SignalError) -> [Double] {
    // Slepian 1978, eq. 14.
    let cosine = cos(2 * Double.pi * halfWidth)
    func onDiagonal(_ i: Int) -> Double {
      let fromMiddle = Double(size - 1 - 2 * i) / 2
      return fromMiddle * fromMiddle * cosine
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
      let wanted = min((count - parity + 1) / 2, order)
      let vectors: Matrix
      do throws(AlgebraError) {
        let values = try eigenvalues(size: size, halfWidth: halfWidth, parity: parity, count: wanted)
        vectors = try SymmetricTridiagonalEigen.vectors(diagonal: diagonal, offDiagonal: neighbours, values: values)
      } catch {
        throw SignalError(.invalidParameter, "no Slepian tapers of \(size - 1) samples: \(error)")
      }
      rows.withUnsafeMutableBufferPointer { rows in
        vectors.withUnsafeValues { vectors in
          for k in 0..<wanted {
            let vector = vectors.baseAddress! + (wanted - 1 - k) * order
            let row = UnsafeMutableBufferPointer(rebasing: rows[((2 * k + parity) * size)..<((2 * k + parity + 1) * size)])
            let scale = 1 / 2.0.squareRoot()
            for i in 0..<half {
              row[i] = vector[i] * scale
              row[size - 1 - i] = symmetric ? row[i] : -row[i]
            }
            if order > half { row[half] = vector[half] }
            if isNegative(row, symmetric: symmetric) { for i in 0..<size { row[i].negate() } }
          }
        }
      }
    }
    return rows
  }

  /// The largest eigenvalues of the tridiagonal matrix that belong to vectors of one parity, ascending.
  ///
  /// In the basis of the discrete Legendre polynomials of degree n over the samples, the matrix is
  /// `(size² − 1)/4 − n(n + 1)/2 − (1 − cos 2πW) x²`, and `x`, the distance from the middle, couples neighbouring degrees: again tridiagonal for
  /// each parity. The sequences of highest concentration need few degrees (their parts fall faster than exponentially beyond `π · NW`), so a matrix
  /// of a few hundred rows gives the eigenvalues of one of thousands.
  ///
  /// **Source:** the basis: Szegő 1939, "Orthogonal polynomials", section 2.8; the expansion is the discrete form of Bouwkamp 1947, J. Math. Phys.
  /// 26:79.
  private static func eigenvalues(size: Int, halfWidth: Double, parity: Int, count: Int) throws(AlgebraError) -> [Double] {
    let bend = 2 * sin(Double.pi * halfWidth) * sin(Double.pi * halfWidth)  // 1 − cos 2πW, without cancellation
    // Beyond π · NW and the order each second degree holds at most a quarter of the one before: the sixty and more that follow end below 1e-18.
    let product = halfWidth * Double(size)
    let needed = 1.3 * Double.pi * product + 2 * Double(count) + 60
    let degrees = min(size, Int(needed))
    // How x couples the degrees n − 1 and n; there is none below 0, and none above size − 1, where the formula is 0.
    func coupling(_ n: Int) -> Double {
      if n == 0 { return 0 }
      let (n, size) = (Double(n), Double(size))
      return n / 2 * ((size * size - n * n) / (4 * n * n - 1)).squareRoot()
    }
    let chosen = Array(stride(from: parity, to: degrees, by: 2))
    let diagonal = chosen.map { n in
      let (below, above) = (coupling(n), coupling(n + 1))
      return -Double(n) * Double(n + 1) / 2 - bend * (below * below + above * above)
    }
    let neighbours = chosen.dropLast().map { n in -bend * coupling(n + 1) * coupling(n + 2) }
    let constant = (Double(size) * Double(size) - 1) / 4
    // Eigenvalues are NW and more apart, so inverse iteration makes vectors exact from values that are good to 1e-5 of that.
    let found = try SymmetricTridiagonalEigen(
      diagonal: diagonal, offDiagonal: neighbours, largest: count, tolerance: 1e-5 * product)
    return found.values.reversed().map { $0 + constant }
  }

  private static func isNegative(_ sequence: UnsafeMutableBufferPointer<Double>, symmetric: Bool) -> Bool {
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
    let weights = kernel.indices.map { ($0 == 0 || 2 * $0 == length ? 1 : 2) * kernel[$0] / Double(length) }
    return (0..<(rows.count / size)).map { k in
      scratch.withBuffers { samples, bins in
        // The rest of `samples` stays zero.
        rows.withUnsafeBufferPointer { samples.update(from: $0.baseAddress! + k * size, count: size) }
        transform.forward(samples, into: bins)
        return weights.withUnsafeBufferPointer { weights in
          var sum = 0.0
          for f in 0..<weights.count { sum += (bins[2 * f] * bins[2 * f] + bins[2 * f + 1] * bins[2 * f + 1]) * weights[f] }
          return sum
        }
      }
    }
  }
}
