import MinhangCore

// What every reader does around its own decoding: the request is checked, the block shaped, and a failure carried out of the closure that the
// standard library does not let throw a typed error.
extension RecordingReader {
  /// Decodes a stretch of samples: `[channels × samples]`, channel `k` from `values + k · stride` on.
  typealias Decoding = (inout Self, _ values: UnsafeMutablePointer<Double>, _ stride: Int) throws(RecordingError) -> Void

  /// Refuses channels that cannot be read together.
  ///
  /// - Throws: `badRequest` for channels of several streams or sampling rates.
  /// - Precondition: channels and samples are those of the recording.
  func check(_ samples: Range<Int>, of channels: [Int]) throws(RecordingError) {
    guard let first = channels.first else { return }
    let all = recording.channels
    for channel in channels { precondition(all.indices.contains(channel), "channel \(channel) of \(all.count)") }
    precondition(
      samples.lowerBound >= 0 && samples.upperBound <= all[first].sampleCount, "samples \(samples) of \(all[first].sampleCount)")
    guard let other = channels.first(where: { all[$0].sampleRate != all[first].sampleRate || all[$0].stream != all[first].stream }) else {
      return
    }
    let (a, b) = (all[first], all[other])
    let what = "channels \(a.name.quotedForDisplay()) at \(a.sampleRate) Hz and \(b.name.quotedForDisplay()) at \(b.sampleRate) Hz"
    throw RecordingError(
      .badRequest, path: recording.path,
      a.stream != b.stream
        ? "\(what) belong to different streams; expected channels of one stream and one sampling rate"
        : "\(what) have different sampling rates; expected channels of one rate")
  }

  /// Fills a block; its memory is reused where it suffices.
  mutating func fill(
    _ block: inout SignalBlock, with samples: Range<Int>, of channels: [Int], segment: Int, _ decode: Decoding
  ) throws(RecordingError) {
    block.resize(channelCount: channels.count, sampleCount: samples.count)
    block.firstSample = samples.lowerBound
    block.segment = segment
    guard !samples.isEmpty, !channels.isEmpty else { return }
    var failure: RecordingError?
    block.withUnsafeMutableStorage { values, stride in
      do throws(RecordingError) { try decode(&self, values, stride) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Makes a block in new memory, which is written once.
  mutating func block(
    of samples: Range<Int>, of channels: [Int], segment: Int, _ decode: Decoding
  ) throws(RecordingError) -> SignalBlock {
    do {
      return try SignalBlock(
        channelCount: channels.count, sampleCount: samples.count, firstSample: samples.lowerBound, segment: segment
      ) { values, stride in
        if !samples.isEmpty { try decode(&self, values, stride) }
      }
    } catch let error as RecordingError {
      throw error
    } catch {
      throw RecordingError(.inputOutput, path: recording.path, "cannot be read: \(error)")
    }
  }
}
