/// The product of topographies and time courses for one tile: `signal[c, t] = Σ_r topography[r, c] · row[r, t]`, summed in the order of
/// the rows.
struct TileMixer: Sendable {
  let channelCount: Int
  let rowCount: Int
  /// The weights by pairs of channels.
  ///
  /// For pair `p` and row `r` the two values lie at `(p * rowCount + r) * 2`. An odd last channel has a partner of
  /// zeros.
  private let weights: [Double]

  /// Makes a mixer.
  ///
  /// - Parameter topographies: `[rows]` of `[channels]`.
  init(topographies: [[Double]], channelCount: Int) {
    self.channelCount = channelCount
    rowCount = topographies.count
    let pairs = (channelCount + 1) / 2
    var weights = [Double](repeating: 0, count: pairs * topographies.count * 2)
    for (r, topography) in topographies.enumerated() {
      for c in 0..<channelCount { weights[(c / 2 * topographies.count + r) * 2 + c % 2] = topography[c] }
    }
    self.weights = weights
  }

  /// Number of channels that the output must have room for: even.
  var paddedChannelCount: Int { (channelCount + 1) / 2 * 2 }

  /// Mixes a tile.
  ///
  /// The outer loop runs over eight samples, whose values of all rows (one cache line a row) then stay in the first-level
  /// cache for every pair of channels.
  func mix(_ rows: UnsafePointer<Double>, into signal: UnsafeMutablePointer<Double>) {
    weights.withUnsafeBufferPointer { weights in
      for t in stride(from: 0, to: Tile.length, by: 8) {
        for pair in 0..<(paddedChannelCount / 2) {
          var first = SIMD8<Double>.zero
          var second = SIMD8<Double>.zero
          var weight = pair * rowCount * 2
          for r in 0..<rowCount {
            let row = UnsafeRawPointer(rows + r * Tile.length + t).loadUnaligned(as: SIMD8<Double>.self)
            first += row * weights[weight]
            second += row * weights[weight + 1]
            weight += 2
          }
          let out = UnsafeMutableRawPointer(signal + pair * 2 * Tile.length + t)
          out.storeBytes(of: first, as: SIMD8<Double>.self)
          out.storeBytes(of: second, toByteOffset: Tile.length * 8, as: SIMD8<Double>.self)
        }
      }
    }
  }
}
