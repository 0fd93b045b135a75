import MinhangCore

/// An array of one or two dimensions as channels and samples, read in pieces.
struct ArrayMatrix: Sendable {
  private static let piece = 1 << 20

  let source: ArraySource
  let header: NPYHeader
  let channelCount: Int
  let sampleCount: Int
  /// Bytes from one channel's sample to the next channel's.
  private let channelStep: Int
  /// Bytes from one sample of a channel to the next.
  private let sampleStep: Int

  /// Makes a view of an array.
  ///
  /// - Parameters:
  ///   - areRowsChannels: Whether the first dimension counts channels; an array of one dimension is one channel.
  init(_ source: ArraySource, header: NPYHeader, areRowsChannels: Bool) {
    precondition((1...2).contains(header.shape.count), "an array of \(header.shape.count) dimensions")
    self.source = source
    self.header = header
    let size = header.type.byteCount
    guard header.shape.count == 2 else {
      (channelCount, sampleCount) = (1, header.shape[0])
      (channelStep, sampleStep) = (0, size)
      return
    }
    let (rows, columns) = (header.shape[0], header.shape[1])
    let (rowStep, columnStep) = header.isFortranOrder ? (size, rows * size) : (columns * size, size)
    (channelCount, sampleCount) = areRowsChannels ? (rows, columns) : (columns, rows)
    (channelStep, sampleStep) = areRowsChannels ? (rowStep, columnStep) : (columnStep, rowStep)
  }

  /// Whole samples of all channels whose bytes exist; fewer than `sampleCount` where the file is cut.
  var availableSamples: Int {
    let there = max(0, source.byteCount - header.byteCount)
    guard channelCount > 0, sampleCount > 0 else { return 0 }
    // The last channel's samples end last where a channel lies together.
    if sampleStep == header.type.byteCount, channelCount > 1 {
      return min(sampleCount, max(0, there - (channelCount - 1) * channelStep) / sampleStep)
    }
    return min(sampleCount, there / max(1, sampleStep))
  }

  /// Reads a stretch of some channels, one after the other.
  ///
  /// - Parameters:
  ///   - factors: What each channel's numbers are multiplied by.
  ///   - targets: For each channel the distance of its first number from `values`.
  func read(
    _ samples: Range<Int>, of channels: [Int], factors: [Double], into values: UnsafeMutablePointer<Double>, stride: Int,
    buffer: inout [UInt8]
  ) throws(RecordingError) {
    guard !samples.isEmpty, !channels.isEmpty else { return }
    let size = header.type.byteCount
    if sampleStep == size || channels.count * 8 < channelCount, sampleStep > Self.piece || sampleStep == size {
      // A channel lies together, or its samples lie so far apart that each is read by itself.
      for (row, channel) in channels.enumerated() {
        let atOnce = sampleStep == size ? Self.piece / size : 1
        var next = samples.lowerBound
        while next < samples.upperBound {
          let count = min(atOnce, samples.upperBound - next)
          let offset = header.byteCount + channel * channelStep + next * sampleStep
          let target = values + (row * stride + next - samples.lowerBound)
          try decode(at: offset, byteCount: count * size, step: size, count: count, factor: factors[row], into: target, buffer: &buffer)
          next += count
        }
      }
      return
    }
    // Samples lie together: whole frames, from the first wanted channel to the last.
    guard let low = channels.min(), let high = channels.max() else { return }
    let atOnce = max(1, Self.piece / sampleStep)
    var next = samples.lowerBound
    while next < samples.upperBound {
      let count = min(atOnce, samples.upperBound - next)
      let offset = header.byteCount + low * channelStep + next * sampleStep
      let length = (count - 1) * sampleStep + (high - low) * channelStep + size
      if buffer.count < length { buffer = [UInt8](repeating: 0, count: length) }
      try source.read(into: &buffer, count: length, at: offset)
      buffer.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        for (row, channel) in channels.enumerated() {
          header.type.decode(
            base + (channel - low) * channelStep, stride: sampleStep, count: count, factor: factors[row],
            into: values + (row * stride + next - samples.lowerBound))
        }
      }
      next += count
    }
  }

  private func decode(
    at offset: Int, byteCount: Int, step: Int, count: Int, factor: Double, into target: UnsafeMutablePointer<Double>, buffer: inout [UInt8]
  ) throws(RecordingError) {
    if buffer.count < byteCount { buffer = [UInt8](repeating: 0, count: byteCount) }
    try source.read(into: &buffer, count: byteCount, at: offset)
    buffer.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { header.type.decode(base, stride: step, count: count, factor: factor, into: target) }
    }
  }

  /// Some numbers of an array of one channel.
  func numbers(in range: Range<Int>) throws(RecordingError) -> [Double] {
    precondition(channelCount == 1, "numbers of \(channelCount) channels")
    return try numbers(of: range)
  }

  /// All numbers of a small array, in its own order.
  func numbers() throws(RecordingError) -> [Double] { try numbers(of: 0..<sampleCount) }

  private func numbers(of samples: Range<Int>) throws(RecordingError) -> [Double] {
    var values = [Double](repeating: 0, count: samples.count * channelCount)
    var buffer: [UInt8] = []
    var failure: RecordingError?
    values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      do throws(RecordingError) {
        try read(
          samples, of: Array(0..<channelCount), factors: [Double](repeating: 1, count: channelCount), into: base, stride: samples.count,
          buffer: &buffer)
      } catch { failure = error }
    }
    if let failure { throw failure }
    return values
  }
}
