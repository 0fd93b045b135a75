/// The product of topographies and time courses for one tile: `signal[c, t] = Σ_r topography[r, c] · row[r, t]`, summed in the order of
/// the rows.
struct TileMixer: Sendable {
  /// Number of channels.
  let channelCount: Int
  /// Number of time courses.
  let rowCount: Int
  /// `[channels × rows]`.
  private let weights: [Double]

  /// Makes a mixer.
  ///
  /// - Parameter topographies: `[rows]` of `[channels]`.
  init(topographies: [[Double]], channelCount: Int) {
    self.channelCount = channelCount
    rowCount = topographies.count
    weights = (0..<channelCount).flatMap { c in topographies.map { $0[c] } }
  }

  /// Mixes a tile.
  ///
  /// Four rows are added in one pass over a channel's samples, which reads and writes the sums a quarter as often. Plain pointers in
  /// plain loops: the compiler makes vectors of them in a release build, and a debug build stays usable in tests.
  ///
  /// - Parameters:
  ///   - rows: `[rows × Tile.length]`.
  ///   - signal: Gets `[channels × Tile.length]`.
  func mix(_ rows: UnsafePointer<Double>, into signal: UnsafeMutablePointer<Double>) {
    weights.withUnsafeBufferPointer { buffer in
      guard let weights = buffer.baseAddress else { return }
      for c in 0..<channelCount {
        let sum = signal + c * Tile.length
        let weight = weights + c * rowCount
        sum.update(repeating: 0, count: Tile.length)
        var r = 0
        while r + 4 <= rowCount {
          let (w0, w1, w2, w3) = (weight[r], weight[r + 1], weight[r + 2], weight[r + 3])
          let x0 = rows + r * Tile.length
          let (x1, x2, x3) = (x0 + Tile.length, x0 + 2 * Tile.length, x0 + 3 * Tile.length)
          var t = 0
          while t < Tile.length {
            sum[t] = sum[t] + w0 * x0[t] + w1 * x1[t] + w2 * x2[t] + w3 * x3[t]
            t += 1
          }
          r += 4
        }
        while r < rowCount {
          let w = weight[r]
          let x = rows + r * Tile.length
          var t = 0
          while t < Tile.length {
            sum[t] = sum[t] + w * x[t]
            t += 1
          }
          r += 1
        }
      }
    }
  }
}
