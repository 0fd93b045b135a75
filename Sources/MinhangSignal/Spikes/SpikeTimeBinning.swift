import MinhangCore

/// Counts spike times in bins of equal duration.
///
/// Goals in order: the counts of a histogram whose edges are `k · binDuration`, to the bit (an edge belongs to the bin that it begins); the
/// same counts for any cutting of the bins into ranges; memory of the range asked for alone.
///
/// Equals `numpy.histogram(times, numpy.arange(first, end + 1) * binDuration)` but for numpy's last bin, which takes its upper edge too.
public struct SpikeTimeBinning: Sendable {
  /// Seconds of a bin.
  public let binDuration: Double

  /// Makes bins of a duration.
  ///
  /// - Throws: `SignalError` with `.invalidParameter` for anything but a finite duration above 0.
  public init(binDuration: Double) throws(SignalError) {
    guard binDuration > 0, binDuration.isFinite else {
      throw SignalError(.invalidParameter, "bins of \(binDuration) s; expected more than 0 s")
    }
    self.binDuration = binDuration
  }

  /// The bin that a time falls into; nil where its number is not exact (beyond 2⁵²).
  public func bin(of time: Double) -> Int? {
    let quotient = (time / binDuration).rounded(.down)
    guard quotient.magnitude < 0x1p52 else { return nil }
    var bin = Int(quotient)
    // The quotient is rounded; the edges decide.
    while time < Double(bin) * binDuration { bin -= 1 }
    while time >= Double(bin + 1) * binDuration { bin += 1 }
    return bin
  }

  /// The bins from the one that holds the first spike (but not after time 0) to the one that holds the last.
  ///
  /// Times of a clock that does not begin near 0 (such as Unix time) begin with their first spike: where that lies beyond `farthest` bins.
  ///
  /// - Returns: Nil where a bin's number is not exact.
  public func bins(of trains: SpikeTrains, farthest: Int = 100_000_000) -> Range<Int>? {
    guard let first = trains.times.first, let last = trains.times.last else { return 0..<0 }
    guard let low = bin(of: first), let high = bin(of: last) else { return nil }
    return (low > farthest ? low : min(0, low))..<(high + 1)
  }

  /// Counts the spikes of some bins.
  ///
  /// - Parameters:
  ///   - trains: The spikes.
  ///   - bins: The numbers of the bins wanted; bin `k` begins at `k · binDuration`.
  /// - Returns: `[units × bins]`, whole numbers; `firstSample` is the first bin.
  public func counts(of trains: SpikeTrains, in bins: Range<Int>) -> SignalBlock {
    var block = SignalBlock(channelCount: trains.units.count, sampleCount: bins.count)
    block.firstSample = bins.lowerBound
    guard !bins.isEmpty else { return block }
    let start = Double(bins.lowerBound) * binDuration
    // The first spike of the range.
    var (low, high) = (0, trains.times.count)
    while low < high {
      let middle = (low + high) / 2
      if trains.times[middle] < start { low = middle + 1 } else { high = middle }
    }
    block.withUnsafeMutableStorage { values, stride in
      for c in 0..<trains.units.count { for k in 0..<bins.count { values[c * stride + k] = 0 } }
      for k in low..<trains.times.count {
        guard let bin = bin(of: trains.times[k]), bin < bins.upperBound else { break }
        values[Int(trains.owners[k]) * stride + bin - bins.lowerBound] += 1
      }
    }
    return block
  }
}
