import MinhangCore

extension EDFWriter {
  /// Whether data records can be laid over channels and their gaps.
  static func holdsTime(of content: RecordingContent, family: EDFFamily) -> Bool {
    let spans = content.streams[content.channels.first?.stream ?? 0].spans
    guard content.channels.allSatisfy({ content.streams[$0.stream].spans == spans }) else { return false }
    let counts = content.channels.map {
      Timeline.ranges(sampleRate: $0.sampleRate, sampleCount: $0.sampleCount, spans: spans).map(\.count)
    }
    let plan = try? EDFRecordPlan(
      rates: content.channels.map(\.sampleRate), counts: counts, spans: spans, bytesPerSample: family.bytesPerSample,
      wish: content.recordDuration, path: "")
    return plan != nil
  }

  /// Begins a file.
  ///
  /// - Throws: `notRepresentable` also for channels of streams with different gaps; else as the other initialiser.
  public convenience init(_ target: WritingTarget, family: EDFFamily, content: RecordingContent) throws(RecordingError) {
    let streams = Set(content.channels.map(\.stream)).sorted()
    let spans = streams.first.map { content.streams[$0].spans } ?? content.streams[0].spans
    guard streams.allSatisfy({ content.streams[$0].spans == spans }) else {
      throw RecordingError(
        .notRepresentable, path: target.path,
        "the channels belong to \(streams.count) streams with different beginnings, lengths or gaps; expected channels of one stream")
    }
    try self.init(
      path: target.path, replacing: target.isReplacing, inputs: target.inputs, family: family, channels: content.channels, spans: spans,
      events: content.events, start: content.start, identity: content.identity, recordDuration: content.recordDuration)
  }
}
