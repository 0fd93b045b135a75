import MinhangCore

/// Reads files whose samples lie frame by frame, one number of each channel side by side: SpikeGLX, Blackrock NSx, and flat binaries with a
/// description beside them.
///
/// Holds a mebibyte of frames, or one frame where that is larger, and a few bytes for each stretch of frames.
public struct FlatReader: SpikeRecording {
  /// What the recording holds.
  public let recording: RecordingInfo

  /// Spikes that were found while recording and lie in a file beside it (Blackrock NEV); else none.
  public let spikes: SpikeTrains

  private let file: RandomAccessFile
  private let layout: FrameLayout
  /// Channels that hold digital words whose lines are events.
  private let words: [Int]
  /// Other events of the file beside it.
  private let others: [Event]
  private let timeline: Timeline?
  private var buffer: [UInt8] = []

  init(
    _ recording: RecordingInfo, file: RandomAccessFile, layout: FrameLayout, words: [Int] = [], spikes: SpikeTrains? = nil,
    events: [Event] = []
  ) {
    self.recording = recording
    self.file = file
    self.layout = layout
    self.words = words
    self.spikes = spikes ?? SpikeTrains(units: [], times: [], owners: [])
    others = events
    timeline = recording.channels.isEmpty ? nil : recording.timeline(of: 0)
  }

  /// All bytes of the file where it has digital words, else 0.
  public var bytesReadForEvents: Int { words.isEmpty ? 0 : recording.byteCount }

  /// The lines of the digital channels as events: `SY.6` for bit 6 of channel `SY`, from the sample at which it goes up, as long as it is up.
  ///
  /// The digital words lie between the samples: this reads the whole file, each time it is called. At most a million events of a channel are
  /// given, and then one that says so. With them come the spikes and events of the file beside it.
  public func events() throws(RecordingError) -> [Event] {
    let stored = spikes.events + others
    guard let timeline, !words.isEmpty else { return Event.sortedByOnset(stored) }
    var lines = words.map { TriggerLines(name: recording.channels[$0].name, channel: $0) }
    var buffer: [UInt8] = []
    for segment in timeline.segments {
      for k in lines.indices { lines[k].gap() }
      let first = segment.firstSample
      try layout.visit(segment.sampleRange, of: file, buffer: &buffer) { frames, stride, place, count in
        for (k, word) in words.enumerated() {
          let bytes = frames + layout.sources[word].place
          for i in 0..<count {
            let now = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: i * stride, as: UInt16.self))
            lines[k].feed(now) { timeline.time(ofSample: first + place + i) }
          }
        }
      }
    }
    return Event.sortedByOnset(lines.flatMap(\.events) + stored)
  }

  /// Reads a stretch of samples.
  ///
  /// See `RecordingReader`.
  public mutating func read(_ samples: Range<Int>, of channels: [Int], into block: inout SignalBlock) throws(RecordingError) {
    try check(samples, of: channels)
    let segment = timeline?.segmentIndex(ofSample: samples.lowerBound) ?? 0
    try fill(&block, with: samples, of: channels, segment: segment) { (reader, values, step) throws(RecordingError) in
      let layout = reader.layout
      try layout.visit(samples, of: reader.file, buffer: &reader.buffer) { frames, stride, place, count in
        for (row, channel) in channels.enumerated() {
          let source = layout.sources[channel]
          source.number.decode(
            frames + source.place, stride: stride, count: count, gain: source.gain, offset: source.offset,
            into: values + (row * step + place))
        }
      }
    }
  }
}
