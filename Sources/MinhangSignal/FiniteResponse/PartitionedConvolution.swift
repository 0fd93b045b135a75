import CMinhangKernels
import MinhangCore

/// A finite filter that runs live through Fourier transforms: for long ones, at the price of a latency of one partition.
///
/// Taps and signal are cut into partitions of one length, counted from the first sample of a segment and not by the blocks that come in, so that
/// the output has the same bits for any cutting into blocks. Each full partition of the signal is transformed once, together with the one before
/// it (overlap-save), multiplied with all partitions of the taps and transformed back. The output is that of `CausalConvolution`, `latency` samples
/// later, to rounding; before the first partition is full it is the steady state.
///
/// A NaN or an infinity spoils the partitions of its own channel that it reaches, and no other channel. Work comes in bursts, once a partition.
/// Allocates once, on the first block.
///
/// **Source:** Stockham 1966, "High-speed convolution and correlation", AFIPS 28:229; uniform partitions: Kulp 1988, AES 85th Convention.
public struct PartitionedConvolution: CausalStage {
  /// The design that runs.
  public let filter: FiniteImpulseResponse
  /// Samples in a partition.
  public let partition: Int
  /// Whether the first sample counts as the level that has always been.
  public let startsAtSteadyState: Bool

  private let forward: RealFourierTransform
  private let inverse: InverseRealFourierTransform
  /// Spectra of the partitions of the taps, `[partition][bin]` as real and imaginary part, divided by the length of the transform.
  private let factors: [Double]
  private let partitionCount: Int

  /// The last two partitions of each channel's input, `[channel][2 · partition]`; the second one is being filled.
  private var input: [Double] = []
  /// The partition of each channel's output that is being handed out.
  private var output: [Double] = []
  /// Spectra of the last inputs of each channel, `[channel][slot][bin]`, in a ring.
  private var spectra: [Double] = []
  private var scratch: FourierScratch
  /// Samples of the present partition that have come in.
  private var filled = 0
  /// Slot of the ring for the next spectrum.
  private var slot = 0
  private var channelCount = 0
  private var segment: Int?

  /// Makes a running filter.
  ///
  /// - Parameters:
  ///   - filter: The design.
  ///   - partition: Samples in a partition, 1…2²⁰; this is the latency. Products of small primes are fast.
  ///   - startsAtSteadyState: Whether the first sample counts as the level that has always been; false starts from zero.
  /// - Throws: `SignalError` with `.invalidLength`.
  public init(_ filter: FiniteImpulseResponse, partition: Int = 256, startsAtSteadyState: Bool = true) throws(SignalError) {
    guard (1...(1 << 20)).contains(partition) else {
      throw SignalError(.invalidLength, "a partition of \(partition) samples; expected 1…\(1 << 20)")
    }
    self.filter = filter
    self.partition = partition
    self.startsAtSteadyState = startsAtSteadyState
    forward = try RealFourierTransform(length: 2 * partition)
    inverse = try InverseRealFourierTransform(length: 2 * partition)
    scratch = FourierScratch(length: 2 * partition)
    partitionCount = (filter.taps.count + partition - 1) / partition
    var factors: [Double] = []
    for p in 0..<partitionCount {
      let part = filter.taps[(p * partition)..<min(filter.taps.count, (p + 1) * partition)]
      let spectrum = forward.forward(part.map { $0 / Double(2 * partition) } + [Double](repeating: 0, count: 2 * partition - part.count))
      factors += spectrum.flatMap { [$0.real, $0.imaginary] }
    }
    self.factors = factors
  }

  /// One partition: a sample's output is known when its partition is full.
  ///
  /// The delay of a symmetric filter, `filter.centre`, comes on top and is not counted.
  public var latency: Int { partition }

  /// Filters a block in place.
  ///
  /// - Precondition: the channel count stays the same until `reset()`.
  public mutating func process(_ block: inout SignalBlock) {
    guard !block.isEmpty else { return }
    precondition(
      segment == nil || block.channelCount == channelCount,
      "a block of \(block.channelCount) channels for a filter that runs on \(channelCount); reset it first")
    if segment != block.segment { start(with: block) }
    let (count, channels, partition) = (block.sampleCount, block.channelCount, partition)
    block.withUnsafeMutableStorage { samples, stride in
      var done = 0
      while done < count {
        let length = min(partition - filled, count - done)
        input.withUnsafeMutableBufferPointer { input in
          output.withUnsafeMutableBufferPointer { output in
            for c in 0..<channels {
              let row = samples + c * stride + done
              (input.baseAddress! + (2 * c + 1) * partition + filled).update(from: row, count: length)
              row.update(from: output.baseAddress! + c * partition + filled, count: length)
            }
          }
        }
        filled += length
        done += length
        if filled == partition { turn() }
      }
    }
  }

  /// Forgets the past, as at a gap: the next sample starts anew.
  public mutating func reset() { segment = nil }

  private var valuesInSpectrum: Int { 2 * (partition + 1) }

  /// A partition is full: computes the next one of the output.
  private mutating func turn() {
    let (partition, values, ring, present, channels) = (partition, valuesInSpectrum, partitionCount, slot, channelCount)
    let (forward, inverse) = (forward, inverse)
    scratch.withBuffers { time, bins in
      factors.withUnsafeBufferPointer { factors in
        spectra.withUnsafeMutableBufferPointer { spectra in
          input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
              for c in 0..<channels {
                let history = spectra.baseAddress! + c * ring * values
                let recent = input.baseAddress! + 2 * c * partition
                time.update(from: recent, count: 2 * partition)
                forward.forward(time, into: bins)
                (history + present * values).update(from: bins, count: values)
                bins.update(repeating: 0, count: values)
                for p in 0..<ring {
                  // The partition of the input that is p partitions old.
                  let old = (present - p + ring) % ring
                  minhang_add_product(bins, history + old * values, factors.baseAddress! + p * values, partition + 1)
                }
                inverse.backward(bins, into: time)
                (output.baseAddress! + c * partition).update(from: time + partition, count: partition)
                recent.update(from: recent + partition, count: partition)
              }
            }
          }
        }
      }
    }
    slot = (slot + 1) % partitionCount
    filled = 0
  }

  private mutating func start(with block: SignalBlock) {
    segment = block.segment
    if channelCount != block.channelCount {
      channelCount = block.channelCount
      input = [Double](repeating: 0, count: 2 * channelCount * partition)
      output = [Double](repeating: 0, count: channelCount * partition)
      spectra = [Double](repeating: 0, count: channelCount * partitionCount * valuesInSpectrum)
    }
    filled = 0
    slot = 0
    let gain = filter.taps.reduce(0, +)
    for c in 0..<channelCount {
      let level = startsAtSteadyState ? block[channel: c, sample: 0] : 0
      for i in 0..<partition {
        input[2 * c * partition + i] = level
        output[c * partition + i] = gain * level
      }
      // A constant has all its spectrum at 0 Hz.
      let first = c * partitionCount * valuesInSpectrum
      for i in first..<(first + partitionCount * valuesInSpectrum) { spectra[i] = 0 }
      for p in 0..<partitionCount { spectra[first + p * valuesInSpectrum] = level * Double(2 * partition) }
    }
  }
}
