import MinhangCore

/// Writes XDF 1.0: one stream of 64-bit floats for each clock and rate, the events as a stream of texts.
///
/// Every sample carries its time stamp, counted from the recording's first sample; voltages are in µV. Chunks of at most ten seconds are laid
/// out when the file is begun, so that blocks may come in any order; a boundary follows each. The file appears under its name only when
/// `finish()` has succeeded.
///
/// **Source:** Kothe et al., "XDF 1.0 specification".
public final class XDFWriter: RecordingWriter {
  private let file: AtomicFile
  private var plans: [XDFStreamPlan]
  private let content: RecordingContent
  /// For each channel its stream and its row there.
  private var places: [(plan: Int, row: Int)]

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - target: The file.
  ///   - content: Channels of any rates and clocks.
  /// - Throws: `wouldOverwrite`, `cannotCreate`, `inputOutput`.
  public init(_ target: WritingTarget, content: RecordingContent) throws(RecordingError) {
    self.content = content
    plans = XDFStreamPlan.streams(of: content)
    places = [(plan: Int, row: Int)](repeating: (0, 0), count: content.channels.count)
    for (place, plan) in plans.enumerated() { for (row, channel) in plan.channels.enumerated() { places[channel] = (place, row) } }
    file = try AtomicFile(path: target.path, replacing: target.isReplacing, inputs: target.inputs)
    var head = Array("XDF:".utf8)
    let date = content.start.map { XDFChunkBytes.element("datetime", $0.iso8601) } ?? ""
    head += XDFChunkBytes.chunk(1, Array("<?xml version=\"1.0\"?><info><version>1.0</version>\(date)</info>".utf8))
    for plan in plans { head += plan.header(content.channels) }
    if !content.events.isEmpty { head += Self.markerHeader(id: UInt32(plans.count + 1)) }
    head += XDFChunkBytes.boundary
    try file.append(head)
    var position = head.count
    for place in plans.indices { try layOut(place, from: &position) }
    for event in try eventChunks() { try file.append(event) }
  }

  private static func markerHeader(id: UInt32) -> [UInt8] {
    XDFStreamPlan.header(id: id, name: "Events", type: "Markers", count: 1, rate: 0, format: .string, description: "")
  }

  /// Writes the chunks of a stream with the time stamps and without values.
  private func layOut(_ place: Int, from position: inout Int) throws(RecordingError) {
    plans[place].offset = position
    let plan = plans[place]
    var first = 0
    let (id, values) = (plan.id, plan.sampleBytes - XDFStreamPlan.stampBytes)
    var lowest = Double.infinity
    var highest = -Double.infinity
    while first < plan.sampleCount {
      let end = min(plan.sampleCount, first + plan.chunkSamples)
      var bytes = XDFChunkBytes.little(id) + [4] + XDFChunkBytes.little(UInt32(end - first))
      bytes.reserveCapacity((end - first) * plan.sampleBytes + 64)
      for sample in first..<end {
        let time = plan.timeline.time(ofSample: sample)
        (lowest, highest) = (min(lowest, time), max(highest, time))
        bytes.append(8)
        withUnsafeBytes(of: time.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: repeatElement(0, count: values))
      }
      let chunk = XDFChunkBytes.chunk(3, bytes) + XDFChunkBytes.boundary
      try file.append(chunk)
      position += chunk.count
      first = end
    }
    var tail: [UInt8] = []
    if plan.sampleCount > 0 {
      tail += XDFChunkBytes.clockOffset(stream: id, time: lowest)
      if highest > lowest { tail += XDFChunkBytes.clockOffset(stream: id, time: highest) }
    }
    tail += XDFStreamPlan.footer(
      id: id, first: plan.timeline.segments.first?.start ?? 0,
      last: plan.sampleCount > 0 ? plan.timeline.time(ofSample: plan.sampleCount - 1) : 0,
      count: plan.sampleCount)
    try file.append(tail)
    position += tail.count
  }

  /// The events as chunks of a stream of texts, and its end.
  private func eventChunks() throws(RecordingError) -> [[UInt8]] {
    let events = content.events
    guard let first = events.first, let last = events.last else { return [] }
    let id = UInt32(plans.count + 1)
    var chunks: [[UInt8]] = []
    for start in stride(from: 0, to: events.count, by: 1000) {
      let part = events[start..<min(events.count, start + 1000)]
      var bytes: [UInt8] = [4] + XDFChunkBytes.little(UInt32(part.count))
      for event in part {
        let text = Array(event.label.utf8.prefix(Int(UInt16.max)))
        bytes += [8] + XDFChunkBytes.little(event.onset) + [4] + XDFChunkBytes.little(UInt32(text.count)) + text
      }
      chunks.append(XDFChunkBytes.chunk(3, stream: id, bytes) + XDFChunkBytes.boundary)
    }
    return chunks + [XDFStreamPlan.footer(id: id, first: first.onset, last: last.onset, count: events.count)]
  }

  /// Writes a block.
  ///
  /// See `RecordingWriter`. All channels of a stream together are fastest.
  public func write(_ block: SignalBlock, to channels: [Int]) throws(RecordingError) {
    precondition(channels.count == block.channelCount, "\(block.channelCount) channels for \(channels.count) places")
    guard let first = channels.first, block.sampleCount > 0 else { return }
    let place = places[first].plan
    let plan = plans[place]
    precondition(channels.allSatisfy { places[$0].plan == place }, "channels of several streams in one block")
    precondition(
      block.firstSample >= 0 && block.sampleRange.upperBound <= plan.sampleCount, "samples \(block.sampleRange) of \(plan.sampleCount)")
    let rows = channels.map { places[$0].row }
    var next = block.firstSample
    while next < block.sampleRange.upperBound {
      let end = min(block.sampleRange.upperBound, (next / plan.chunkSamples + 1) * plan.chunkSamples)
      let offset = plan.place(ofSample: next)
      // The stamps are there already, and the values of other channels may be.
      var bytes = try file.read(at: offset, count: (end - next) * plan.sampleBytes)
      bytes.withUnsafeMutableBytes { bytes in
        for (channel, row) in rows.enumerated() {
          var at = XDFStreamPlan.stampBytes + 8 * row
          for value in block.channel(channel).dropFirst(next - block.firstSample).prefix(end - next) {
            bytes.storeBytes(of: value.bitPattern.littleEndian, toByteOffset: at, as: UInt64.self)
            at += plan.sampleBytes
          }
        }
      }
      try file.write(bytes, at: offset)
      next = end
    }
    plans[place].written += channels.count * block.sampleCount
  }

  /// Completes the file and gives it its name.
  ///
  /// - Throws: `badRequest` if samples are missing, `inputOutput`, `wouldOverwrite`.
  @discardableResult public func finish() throws(RecordingError) -> WritingReport {
    let (got, wanted) = plans.reduce(into: (0, 0)) { $0 = ($0.0 + $1.written, $0.1 + $1.channels.count * $1.sampleCount) }
    guard got == wanted else {
      throw RecordingError(.badRequest, path: file.path, "the file got \(got) of \(wanted) values; expected all of them once")
    }
    try file.commit()
    var report = WritingReport(format: "XDF")
    report.losses = content.losses(of: [.eventDurations, .eventChannels, .words, .positions(but: .metre), .qualities, .identity])
    let long = content.events.count { $0.label.utf8.count > UInt16.max }
    if long > 0 { report.losses.append("the texts of \(long) events beyond \(UInt16.max) bytes") }
    return report
  }
}
