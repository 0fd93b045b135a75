/// Where the frames of a flat file lie: one number of each channel, side by side, for each sampling time.
struct FrameLayout: Sendable {
  /// Frames at equal distances in the file.
  struct Run: Sendable, Hashable {
    /// Index of the first frame, counted over all runs.
    var firstSample: Int
    var sampleCount: Int
    /// Place of the first frame in the file.
    var byte: Int
    /// Bytes from one frame to the next; more than a frame where each has a header of its own.
    var stride: Int

    var end: Int { firstSample + sampleCount }
  }

  /// One channel within a frame.
  struct Source: Sendable, Hashable {
    /// Bytes from the start of the frame.
    var place: Int
    var number: StoredNumber
    /// What the stored number is multiplied by to give µV, or the channel's own unit.
    var gain = 1.0
    /// What is added to the stored number before.
    var offset = 0.0
  }

  /// Bytes of a frame.
  var frameBytes: Int
  /// In order, without holes between their samples.
  var runs: [Run]
  var sources: [Source]

  var sampleCount: Int { runs.last?.end ?? 0 }

  private static let piece = 1 << 20

  /// Reads a stretch of some channels in pieces of a mebibyte, or of one frame where that is larger.
  ///
  /// - Parameters:
  ///   - samples: Within the runs; the bytes exist, as checked on opening.
  ///   - body: Gets the bytes of frames (`frameBytes` from each start), their distance, the first one's place in `samples`, and their number.
  func visit(
    _ samples: Range<Int>, of file: RandomAccessFile, buffer: inout [UInt8],
    _ body: (_ frames: UnsafeRawPointer, _ stride: Int, _ place: Int, _ count: Int) -> Void
  ) throws(RecordingError) {
    guard !samples.isEmpty else { return }
    var next = samples.lowerBound
    var index = runs.partitioningIndex { $0.end > next }
    while next < samples.upperBound {
      let run = runs[index]
      let count = min(samples.upperBound, run.end) - next
      let atOnce = max(1, Self.piece / run.stride)
      var done = 0
      while done < count {
        let some = min(atOnce, count - done)
        let length = (some - 1) * run.stride + frameBytes
        if buffer.count < length { buffer = [UInt8](repeating: 0, count: length) }
        try file.read(into: &buffer, count: length, at: run.byte + (next + done - run.firstSample) * run.stride)
        buffer.withUnsafeBytes { bytes in
          if let base = bytes.baseAddress { body(base, run.stride, next + done - samples.lowerBound, some) }
        }
        done += some
      }
      next += count
      index += 1
    }
  }
}
