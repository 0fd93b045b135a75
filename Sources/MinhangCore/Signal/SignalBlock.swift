/// A stretch of multichannel signal: `[channels × samples]`, each channel contiguous, in microvolts unless its channel says otherwise.
///
/// A block is the unit in which samples travel from a reader or a source through the causal stages. It knows where it lies: the index of its
/// first sample counted from the start of the recording, and the segment (unbroken stretch) it belongs to. A block never spans a gap.
///
/// The storage is one array with a fixed distance between channels, so that a block can be refilled without allocating: `resize` within the
/// capacity keeps the memory. Copying a block is cheap until one of the copies is changed.
public struct SignalBlock: Sendable, Hashable {
  /// Number of channels.
  public private(set) var channelCount: Int
  /// Number of samples of each channel.
  public private(set) var sampleCount: Int
  /// Distance in the storage, in values, from one channel's first sample to the next channel's.
  public private(set) var channelStride: Int
  /// Index of the first sample, counted in stored samples from the start of the recording.
  public var firstSample: Int
  /// Index of the unbroken segment that the samples belong to.
  public var segment: Int

  private var storage: [Double]

  /// Makes a block of zeros.
  ///
  /// - Parameters:
  ///   - channelCount: Number of channels, not negative.
  ///   - sampleCount: Samples of each channel, not negative.
  ///   - capacity: Samples of each channel that `resize` can reach without allocating; at least `sampleCount`.
  ///   - firstSample: Index of the first sample from the start of the recording.
  ///   - segment: Index of the segment the samples belong to.
  public init(channelCount: Int, sampleCount: Int, capacity: Int = 0, firstSample: Int = 0, segment: Int = 0) {
    precondition(channelCount >= 0 && sampleCount >= 0, "a block of \(channelCount) channels × \(sampleCount) samples")
    self.channelCount = channelCount
    self.sampleCount = sampleCount
    self.channelStride = max(capacity, sampleCount)
    self.firstSample = firstSample
    self.segment = segment
    self.storage = SampleStorage.zeros(count: channelCount * max(capacity, sampleCount))
  }

  /// Makes a block from samples laid out channel after channel.
  ///
  /// - Parameters:
  ///   - samples: `channelCount × (samples.count / channelCount)` values, each channel contiguous.
  ///   - channelCount: Number of channels; must divide the number of values.
  public init(contiguous samples: [Double], channelCount: Int, firstSample: Int = 0, segment: Int = 0) {
    precondition(channelCount > 0 && samples.count % channelCount == 0, "\(samples.count) values do not make \(channelCount) channels")
    self.channelCount = channelCount
    self.sampleCount = samples.count / channelCount
    self.channelStride = samples.count / channelCount
    self.firstSample = firstSample
    self.segment = segment
    self.storage = samples
  }

  /// Makes a block whose values `fill` writes, all of them: saves a reader the first pass over the memory.
  ///
  /// - Parameters:
  ///   - channelCount: Number of channels, not negative.
  ///   - sampleCount: Samples of each channel, not negative.
  ///   - fill: Gets the storage and the distance between channels, and must initialise every one of the `channelCount × sampleCount` values.
  /// - Throws: What `fill` throws.
  public init(
    channelCount: Int, sampleCount: Int, firstSample: Int = 0, segment: Int = 0,
    unsafeFilling fill: (UnsafeMutablePointer<Double>, _ stride: Int) throws -> Void
  ) rethrows {
    precondition(channelCount >= 0 && sampleCount >= 0, "a block of \(channelCount) channels × \(sampleCount) samples")
    self.channelCount = channelCount
    self.sampleCount = sampleCount
    self.channelStride = sampleCount
    self.firstSample = firstSample
    self.segment = segment
    self.storage = try SampleStorage.filled(count: channelCount * sampleCount) { buffer in
      if let base = buffer.baseAddress { try fill(base, sampleCount) }
    }
  }

  /// The sample indices that the block covers, counted from the start of the recording.
  public var sampleRange: Range<Int> { firstSample..<(firstSample + sampleCount) }

  /// Whether the block holds no value.
  public var isEmpty: Bool { channelCount == 0 || sampleCount == 0 }

  /// One value, in the channel's unit.
  public subscript(channel channel: Int, sample sample: Int) -> Double {
    get {
      precondition(sample >= 0 && sample < sampleCount, "sample \(sample) of \(sampleCount)")
      return storage[channel * channelStride + sample]
    }
    set {
      precondition(sample >= 0 && sample < sampleCount, "sample \(sample) of \(sampleCount)")
      storage[channel * channelStride + sample] = newValue
    }
  }

  /// One channel's samples, as a view of the storage.
  ///
  /// O(1), no allocation.
  public func channel(_ channel: Int) -> ArraySlice<Double> {
    precondition(channel >= 0 && channel < channelCount, "channel \(channel) of \(channelCount)")
    return storage[(channel * channelStride)..<(channel * channelStride + sampleCount)]
  }

  /// Changes the shape.
  ///
  /// Values are unspecified afterwards; no memory is allocated while the new shape fits the old storage.
  public mutating func resize(channelCount: Int, sampleCount: Int) {
    precondition(channelCount >= 0 && sampleCount >= 0, "a block of \(channelCount) channels × \(sampleCount) samples")
    if sampleCount > channelStride || channelCount * channelStride > storage.count {
      channelStride = max(sampleCount, channelStride)
      storage = SampleStorage.zeros(count: channelCount * channelStride)
    }
    self.channelCount = channelCount
    self.sampleCount = sampleCount
  }

  /// Removes samples from the end: keeps the first `count` samples of each channel.
  public mutating func keepFirst(_ count: Int) {
    precondition(count >= 0 && count <= sampleCount, "\(count) of \(sampleCount) samples")
    sampleCount = count
  }
}

extension SignalBlock {
  /// Calls `body` with the storage and the distance between channels, for kernels.
  ///
  /// Channel `c` starts at `c * stride`.
  @inlinable
  public func withUnsafeStorage<Result>(_ body: (UnsafePointer<Double>, _ stride: Int) throws -> Result) rethrows -> Result {
    try withStorage { try body($0.baseAddress ?? UnsafePointer(bitPattern: 8)!, channelStride) }
  }

  /// Calls `body` with the mutable storage and the distance between channels, for kernels.
  ///
  /// Channel `c` starts at `c * stride`.
  @inlinable
  public mutating func withUnsafeMutableStorage<Result>(
    _ body: (UnsafeMutablePointer<Double>, _ stride: Int) throws -> Result
  ) rethrows -> Result {
    let stride = channelStride
    return try withMutableStorage { try body($0.baseAddress ?? UnsafeMutablePointer(bitPattern: 8)!, stride) }
  }

  @usableFromInline
  func withStorage<Result>(_ body: (UnsafeBufferPointer<Double>) throws -> Result) rethrows -> Result {
    try storage.withUnsafeBufferPointer(body)
  }

  @usableFromInline
  mutating func withMutableStorage<Result>(_ body: (UnsafeMutableBufferPointer<Double>) throws -> Result) rethrows -> Result {
    try storage.withUnsafeMutableBufferPointer { try body($0) }
  }

  /// Equal shapes, places and values; the unused capacity does not count.
  public static func == (a: SignalBlock, b: SignalBlock) -> Bool {
    a.channelCount == b.channelCount && a.sampleCount == b.sampleCount && a.firstSample == b.firstSample && a.segment == b.segment
      && (0..<a.channelCount).allSatisfy { a.channel($0).elementsEqual(b.channel($0)) }
  }

  /// Feeds the shape, the place and the values.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(channelCount)
    hasher.combine(sampleCount)
    hasher.combine(firstSample)
    for c in 0..<channelCount { for value in channel(c) { hasher.combine(value) } }
  }
}
