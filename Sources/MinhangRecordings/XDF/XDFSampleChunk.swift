import MinhangCore

extension XDFScan {
  /// How far the samples of a chunk could be read.
  struct SamplesEnd {
    /// Behind the last whole sample.
    var next: Int
    /// Whether all samples that the chunk states were there.
    var isComplete: Bool
    /// The first mark of a time stamp that is neither 0 nor 8, with its place.
    var badMark: (value: UInt8, at: Int, sample: Int)?
    /// Samples that the chunk states; nil where the number itself is unreadable.
    var stated: Int?
  }

  /// Reads the samples of a chunk into the index of their stream: `[n][mark, stamp, values]…`.
  ///
  /// - Parameters:
  ///   - s: The stream.
  ///   - start: Behind the stream's number.
  ///   - limit: Where the samples must end at the latest; within the file.
  ///   - most: Samples that are read at most.
  mutating func readSamples(_ s: Int, at start: Int, limit: Int, most: Int = .max) throws(RecordingError) -> SamplesEnd {
    guard let (stated, first) = try window.lengthPrefixed(start, limit: limit) else { return SamplesEnd(next: start, isComplete: false) }
    var end = SamplesEnd(next: first, isComplete: true, stated: stated)
    let header = streams[s].header
    let sampleBytes = header.channelCount * header.format.byteCount
    let isText = header.format == .string
    let keepsTexts = streams[s].keepsTexts
    let needed = isText ? min(limit - first, 10) : min(sampleBytes, 1 << 16)
    var run: (first: Int, offset: Int, firstIsStamped: Bool, others: Bool?, count: Int)?
    var place = first
    let base = streams[s].sampleCount

    for k in 0..<min(stated, most) {
      guard place < limit else {
        end.isComplete = false
        break
      }
      try window.load(place, min(9 + needed, limit - place))
      let mark = window.byte(place)
      let isStamped = mark != 0
      if mark != 0 && mark != 8 && end.badMark == nil { end.badMark = (mark, place, k) }
      let head = isStamped ? 9 : 1
      guard head <= limit - place, isText || sampleBytes <= limit - place - head else {
        end.isComplete = false
        break
      }
      let stamp = isStamped ? window.double(place + 1) : nil
      var next = place + head
      if isText {
        guard let behind = try readTexts(s, channels: header.channelCount, at: next, limit: limit) else {
          end.isComplete = false
          break
        }
        next = behind
      } else {
        if keepsTexts {
          try window.load(next, sampleBytes)
          streams[s].add(text: Array(XDFSampleDecoding.text(header.format, window.slice(next, sampleBytes)).utf8)[...])
        }
        next += sampleBytes
        if let current = run, current.others == nil || current.others == isStamped, current.count == 1 || current.others == isStamped {
          run?.others = isStamped
          run?.count += 1
        } else {
          if let run { streams[s].runs.append(Self.packed(run)) }
          run = (base + k, place, isStamped, nil, 1)
        }
      }
      streams[s].add(stamp: stamp)
      place = next
      end.next = next
    }
    if let run { streams[s].runs.append(Self.packed(run)) }
    return end
  }

  private static func packed(_ run: (first: Int, offset: Int, firstIsStamped: Bool, others: Bool?, count: Int)) -> XDFRun {
    XDFRun(firstSample: run.first, offset: run.offset, firstIsStamped: run.firstIsStamped, othersAreStamped: run.others ?? false)
  }

  /// Reads the texts of one sample, `[length][UTF-8]` for each channel; several are joined by commas.
  ///
  /// - Returns: The place behind them; nil where they do not end before `limit`: then nothing is taken.
  private mutating func readTexts(_ s: Int, channels: Int, at start: Int, limit: Int) throws(RecordingError) -> Int? {
    var place = start
    var joined: [UInt8] = []
    for channel in 0..<channels {
      guard let (length, text) = try window.lengthPrefixed(place, limit: limit), length <= limit - text else {
        vainBytes += place - start
        return nil
      }
      // What is behind the limit of a text is not worth its memory.
      let kept = min(length, 1 << 16)
      try window.load(text, kept)
      if channels == 1 {
        streams[s].add(text: window.slice(text, kept))
      } else {
        if channel > 0 { joined.append(UInt8(ascii: ",")) }
        if joined.count < 1 << 16 { joined += window.slice(text, kept) }
      }
      if kept < length { streams[s].badTextCount += 1 }
      place = text + length
    }
    if channels != 1 { streams[s].add(text: joined[...]) }
    return place
  }
}
