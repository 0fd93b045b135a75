import MinhangCore

extension XDFScan {
  /// Reads a stream's header; where the length is wrong, the end of the XML says where to go on.
  mutating func readHeader(_ id: UInt32, at body: Int, end: Int?) throws(RecordingError) -> Int? {
    var next = end.flatMap { $0 <= fileEnd ? $0 : nil }
    var document: XMLDocument
    if let known = next {
      document = try xml(at: body, length: known - body)
    } else {
      document = XMLDocument(defect: "its length goes beyond the file")
    }
    if document.byteCount == nil && retries > 0 {
      retries -= 1
      let other = try xml(at: body, length: min(fileEnd - body, XMLParser.byteLimit))
      if let count = other.byteCount, try isPlausible(body + count) {
        log.add(.chunk, "header of stream \(id) at byte \(body) has a wrong length; its text ends after \(count) bytes")
        document = other
        next = body + count
      }
    }
    // Text that is a header in no way is damage, not a stream that cannot be read.
    guard document.root != nil || next != nil else { return nil }
    goodChunks += 1
    guard places[id] == nil else {
      log.add(.streamHeader, "header of stream \(id) at byte \(body) is its second; ignored")
      return next
    }
    if let header = XDFStreamHeader(id: id, document, at: body, log: &log) {
      places[id] = streams.count
      leftOut.remove(id)
      streams.append(XDFStreamScan(header))
      let early = pending.removeValue(forKey: id) ?? []
      if !early.isEmpty { log.add(.chunk, "\(header.shown): \(early.count) chunks of samples lie before its header") }
      for chunk in early { _ = try readSampleChunk(id, chunk: chunk.start, at: chunk.start, end: chunk.end) }
    } else {
      leftOut.insert(id)
    }
    return next
  }

  /// Reads a chunk of samples; what of it is sound is kept.
  mutating func readSampleChunk(_ id: UInt32, chunk: Int, at body: Int, end: Int?) throws(RecordingError) -> Int? {
    guard let s = places[id] else { return skipOrphan(id, at: body, end: end) }
    let header = streams[s].header
    let before = streams[s].mark
    var limit = min(end ?? fileEnd, fileEnd)
    if vainBytes > Self.mostVainBytes, let mark = try boundary(from: body) { limit = min(limit, mark - 4) }
    limit = max(limit, body)
    var result = try readSamples(s, at: body, limit: limit)
    if !(result.isComplete && result.next == end) { vainBytes += result.next - body }
    goodChunks += 1
    if let mark = result.badMark, !(result.isComplete && result.next == end) {
      // A mark that is none: what came before it is sound.
      streams[s].restore(before)
      let stated = result.stated
      result = try readSamples(s, at: body, limit: limit, most: mark.sample)
      result.isComplete = false
      result.stated = stated
      result.badMark = mark
    }
    if let mark = result.badMark {
      log.add(
        .chunk,
        "\(header.shown): sample \(mark.sample + 1) of the chunk at byte \(chunk) has a time stamp of \(mark.value) bytes; expected 0 or 8")
    }
    if result.isComplete && result.next == end { return end }
    return try settle(s, before: before, result, chunk: chunk, body: body, end: end)
  }

  /// Decides where a chunk ends whose samples do not fill it.
  private mutating func settle(
    _ s: Int, before: XDFStreamScan.Mark, _ result: SamplesEnd, chunk: Int, body: Int, end: Int?
  ) throws(RecordingError) -> Int? {
    let shown = streams[s].header.shown
    let stated = result.stated.map { "\($0)" } ?? "an unreadable number of"
    let follows = if let end, end <= fileEnd { try isPlausible(end) } else { false }
    if result.isComplete {
      if !follows, try isPlausible(result.next) {
        log.add(.chunk, "\(shown): chunk at byte \(chunk) has a wrong length; its \(stated) samples end at byte \(result.next)")
        return result.next
      }
      let rest = (end ?? fileEnd) - result.next
      log.add(.chunk, "\(shown): chunk at byte \(chunk) states \(stated) samples, which leave \(rest) of its bytes unread")
      return follows ? end : nil
    }
    // The length may be too small.
    if !follows, retries > 0, vainBytes <= Self.mostVainBytes, result.badMark == nil, let count = result.stated, count <= fileEnd - body {
      retries -= 1
      streams[s].restore(before)
      let again = try readSamples(s, at: body, limit: fileEnd)
      vainBytes += again.next - body
      if again.isComplete, again.badMark == nil, try isPlausible(again.next) {
        log.add(.chunk, "\(shown): chunk at byte \(chunk) has a wrong length; its \(stated) samples end at byte \(again.next)")
        return again.next
      }
    }
    // What lies behind a boundary chunk is not of this chunk: 4 bytes of its beginning and the mark.
    var limit = min(end ?? fileEnd, fileEnd)
    if !follows, let mark = try boundary(from: body) { limit = min(limit, max(body, mark - 4)) }
    streams[s].restore(before)
    let kept = try readSamples(s, at: body, limit: max(body, limit), most: result.badMark?.sample ?? .max)
    let count = streams[s].sampleCount - before.sampleCount
    log.add(.chunk, "\(shown): chunk at byte \(chunk) states \(stated) samples, of which \(count) are there; kept")
    _ = kept
    return follows ? end : nil
  }

  private mutating func skipOrphan(_ id: UInt32, at body: Int, end: Int?) -> Int? {
    guard let end, end <= fileEnd else { return nil }
    if !leftOut.contains(id) {
      if pendingCount < 100_000 {
        pending[id, default: []].append((body, end))
        pendingCount += 1
      } else {
        orphanChunks[id, default: 0] += 1
      }
    }
    return end
  }

  /// Reads a measurement of a stream's clock: when, and what to add to its time stamps.
  mutating func readClockOffset(_ id: UInt32, at body: Int, end: Int) throws(RecordingError) -> Int? {
    guard end - body == 16 else {
      log.add(.clockOffset, "clock offset of stream \(id) at byte \(body) has \(end - body) bytes; expected 16")
      return try isPlausible(end) ? end : nil
    }
    try window.load(body, 16)
    let (time, value) = (window.double(body), window.double(body + 8))
    guard let s = places[id] else {
      if !leftOut.contains(id) { log.add(.chunk, "clock offset at byte \(body) belongs to stream \(id), which has no header; ignored") }
      return end
    }
    goodChunks += 1
    if abs(time) <= XDFTimes.largest && abs(value) <= XDFTimes.largest {
      streams[s].clockTimes.append(time)
      streams[s].clockValues.append(value)
    } else {
      streams[s].badClockOffsetCount += 1
    }
    return end
  }

  /// Reads the end of a stream; of it only the number of samples matters.
  mutating func readFooter(_ id: UInt32, at body: Int, end: Int) throws(RecordingError) -> Int? {
    guard let s = places[id] else {
      if !leftOut.contains(id) { log.add(.chunk, "footer at byte \(body) belongs to stream \(id), which has no header; ignored") }
      return end
    }
    goodChunks += 1
    let document = try xml(at: body, length: end - body)
    if let defect = document.defect { log.add(.streamHeader, "\(streams[s].header.shown): footer at byte \(body): \(defect)") }
    if let text = document.root?.text(of: "sample_count") {
      let count = HeaderNumber.decimal(text).flatMap { Int(exactly: $0.value) }
      if let count, count >= 0 {
        streams[s].footerSampleCount = count
      } else {
        log.add(
          .recordCount, "\(streams[s].header.shown): footer field \"sample_count\" is \(text.quotedForDisplay()); expected a whole number")
      }
    }
    return end
  }
}
