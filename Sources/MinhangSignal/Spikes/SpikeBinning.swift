import MinhangCore

/// Adds up samples in bins of equal length: counts of spikes from a signal of zeros and ones, or means.
///
/// Bin `m` holds the samples from `m · binLength` on, counted from the start of the recording, in every segment; a bin that a segment does not
/// fill is left out. The samples of a bin are added in their order, so the output has the same bits for any cutting into blocks and any number
/// of channels beside. A block of another segment, or one that does not follow on the last, begins anew.
public struct SpikeBinning: RateChangingStage {
  /// What a bin gives.
  public enum Value: Sendable, Hashable {
    /// The sum: the number of crossings.
    case sum
    /// The sum divided by the number of samples.
    case mean
  }

  /// What a bin gives.
  public let value: Value
  /// The factor by which the sampling rate changes, `1 / binLength`.
  public let ratio: ResamplingRatio

  private var sums: [Double] = []
  private var nextSample: Int?
  private var segment = 0
  /// Whether the present bin's samples have all come so far.
  private var isWhole = false

  /// Samples in a bin.
  public var binLength: Int { ratio.down }

  /// Makes bins of a number of samples.
  ///
  /// - Parameter binLength: 1…65536 samples.
  /// - Throws: `SignalError` with `.invalidParameter`.
  public init(binLength: Int, value: Value = .sum) throws(SignalError) {
    ratio = try ResamplingRatio(up: 1, down: binLength)
    self.value = value
  }

  /// Makes bins of a duration, to the nearest whole number of samples.
  ///
  /// - Parameters:
  ///   - binDuration: Seconds: 0.02 is usual.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidParameter` where that is no number from 1 to 65536.
  public init(binDuration: Double, sampleRate: Double, value: Value = .sum) throws(SignalError) {
    guard let length = Int(exactly: (binDuration * sampleRate).rounded()), length >= 1 else {
      throw SignalError(.invalidParameter, "bins of \(binDuration) s at \(sampleRate) Hz; expected at least one sample in a bin")
    }
    try self.init(binLength: length, value: value)
  }

  /// `binLength − 1`: a bin comes out with its last sample.
  public var latency: Int { binLength - 1 }

  /// Takes a block and hands out the bins that it completes; often none.
  public mutating func process(_ block: SignalBlock, into output: inout SignalBlock) {
    let channels = block.channelCount
    if nextSample != block.firstSample || segment != block.segment || sums.count != channels { begin(block) }
    let count = block.sampleCount
    nextSample = block.firstSample + count
    let capacity = count / binLength + 1
    if output.channelStride < capacity || output.channelCount < channels {
      output = SignalBlock(channelCount: channels, sampleCount: 0, capacity: max(capacity, output.channelStride))
    }
    let phase = Self.remainder(block.firstSample, binLength)
    // The first bin that ends in this block, and how many do.
    let ends = (phase + count) / binLength
    let skipped = ends > 0 && !isWhole ? 1 : 0
    output.resize(channelCount: channels, sampleCount: max(0, ends - skipped))
    output.firstSample = (block.firstSample - phase) / binLength + skipped
    output.segment = block.segment
    let (length, value) = (binLength, value)
    output.withUnsafeMutableStorage { bins, binStride in
      block.withUnsafeStorage { samples, stride in
        for c in 0..<channels {
          var (sum, left, bin) = (sums[c], length - phase, -skipped)
          for i in 0..<count {
            sum += samples[c * stride + i]
            left -= 1
            guard left == 0 else { continue }
            if bin >= 0 { bins[c * binStride + bin] = value == .sum ? sum : sum / Double(length) }
            (sum, left, bin) = (0, length, bin + 1)
          }
          sums[c] = sum
        }
      }
    }
    if ends > 0 { isWhole = true }
  }

  /// Hands out nothing, since a bin that is not full is left out; then begins anew.
  public mutating func finish(into output: inout SignalBlock) {
    output.resize(channelCount: output.channelCount, sampleCount: 0)
    reset()
  }

  /// Forgets the bin that has begun, as at a gap.
  public mutating func reset() { nextSample = nil }

  private mutating func begin(_ block: SignalBlock) {
    segment = block.segment
    if sums.count != block.channelCount { sums = [Double](repeating: 0, count: block.channelCount) }
    for c in sums.indices { sums[c] = 0 }
    isWhole = Self.remainder(block.firstSample, binLength) == 0
  }

  private static func remainder(_ a: Int, _ b: Int) -> Int {
    let rest = a % b
    return rest < 0 ? rest + b : rest
  }
}
