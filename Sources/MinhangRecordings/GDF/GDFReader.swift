import MinhangCore

/// Reads GDF 1.x and 2.x.
///
/// Channels keep their native rates and may differ in data type. Events come from the event table: codes as decimal labels, times in seconds.
/// Reading holds the bytes of at most a mebibyte of records.
///
/// **Source:** Schlögl, "GDF - A general dataformat for biosignals", arXiv:cs/0608052.
public struct GDFReader: RecordingReader {
  /// What the recording holds.
  public let recording: RecordingInfo

  /// Where a channel's samples come from.
  struct Source: Sendable {
    var signal: Int
    var scale: SampleScale
  }

  private static let capacity = 1 << 20

  let file: RandomAccessFile
  let layout: GDFLayout
  private let sources: [Source]
  private let storedEvents: [Event]
  /// Bytes of the records that were read last.
  private var bytes: [UInt8] = []
  private var records = 0..<0

  /// Opens a file.
  ///
  /// See `Recording.open(path:)`.
  public init(path: String) throws(RecordingError) {
    let file = try RandomAccessFile(path: path)
    let head = try FileHead(file)
    guard head.starts(with: "GDF ") else {
      throw RecordingError(.unsupported, path: path, "file type at byte 0 is \(head.shown); expected the start of a GDF file")
    }
    try self.init(file: file, head: head, options: .none)
  }

  init(file: RandomAccessFile, head: FileHead, options: OpeningOptions) throws(RecordingError) {
    let opening = try GDFOpening(file: file, head: head, options: options)
    self.file = file
    layout = opening.layout
    recording = opening.info
    sources = opening.sources
    storedEvents = opening.events
  }

  /// The events of the event table, sorted by onset; times in seconds from the first sample.
  public func events() throws(RecordingError) -> [Event] { storedEvents }

  /// Reads a stretch of samples.
  ///
  /// See `RecordingReader`.
  public mutating func read(_ samples: Range<Int>, of channels: [Int], into block: inout SignalBlock) throws(RecordingError) {
    try check(samples, of: channels)
    try fill(&block, with: samples, of: channels, segment: 0) { (reader, values, stride) throws(RecordingError) in
      if reader.layout.recordBytes <= Self.capacity {
        try reader.decode(samples, of: channels, into: values, stride: stride)
      } else {
        try reader.decodeHuge(samples, of: channels, into: values, stride: stride)
      }
    }
  }

  /// Records of which many fit into the memory: whole ones are read and kept.
  private mutating func decode(
    _ samples: Range<Int>, of channels: [Int], into values: UnsafeMutablePointer<Double>, stride: Int
  ) throws(RecordingError) {
    let perRecord = layout.samplesPerRecord[sources[channels[0]].signal]
    let atOnce = max(1, Self.capacity / layout.recordBytes)
    var record = samples.lowerBound / perRecord
    let end = (samples.upperBound - 1) / perRecord + 1
    while record < end {
      if !records.contains(record) { try load(record..<min(layout.recordCount, record + atOnce)) }
      let group = record..<min(end, records.upperBound)
      let base = (group.lowerBound - records.lowerBound) * layout.recordBytes
      bytes.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress.map({ $0 + base }) else { return }
        for (row, channel) in channels.enumerated() {
          let source = sources[channel]
          let type = layout.types[source.signal]
          let first = start + layout.offsets[source.signal]
          let target = values + row * stride
          if perRecord == 1 {
            type.decode(
              from: first, stride: layout.recordBytes, count: group.count, scale: source.scale,
              into: target + (group.lowerBound - samples.lowerBound))
            continue
          }
          for r in group {
            let wanted = (r * perRecord..<(r + 1) * perRecord).clamped(to: samples)
            type.decode(
              from: first + (r - group.lowerBound) * layout.recordBytes + (wanted.lowerBound - r * perRecord) * type.byteCount,
              stride: type.byteCount, count: wanted.count, scale: source.scale, into: target + (wanted.lowerBound - samples.lowerBound))
          }
        }
      }
      record = group.upperBound
    }
  }

  private mutating func load(_ wanted: Range<Int>) throws(RecordingError) {
    records = 0..<0
    let count = wanted.count * layout.recordBytes
    if bytes.count < count { bytes = [UInt8](repeating: 0, count: count) }
    try file.read(into: &bytes, count: count, at: layout.byte(ofRecord: wanted.lowerBound))
    records = wanted
  }

  /// Records that do not fit: each channel is read piece by piece.
  private func decodeHuge(
    _ samples: Range<Int>, of channels: [Int], into values: UnsafeMutablePointer<Double>, stride: Int
  ) throws(RecordingError) {
    var piece = [UInt8](repeating: 0, count: Self.capacity)
    for (row, channel) in channels.enumerated() {
      let source = sources[channel]
      let type = layout.types[source.signal]
      let perRecord = layout.samplesPerRecord[source.signal]
      var next = samples.lowerBound
      while next < samples.upperBound {
        let record = next / perRecord
        let count = min(samples.upperBound - next, (record + 1) * perRecord - next, Self.capacity / type.byteCount)
        let byte = layout.byte(ofRecord: record) + layout.offsets[source.signal] + (next - record * perRecord) * type.byteCount
        try file.read(into: &piece, count: count * type.byteCount, at: byte)
        piece.withUnsafeBytes { bytes in
          guard let base = bytes.baseAddress else { return }
          type.decode(
            from: base, stride: type.byteCount, count: count, scale: source.scale,
            into: values + (row * stride + next - samples.lowerBound))
        }
        next += count
      }
    }
  }
}

extension Recording.Entry {
  /// GDF: three letters and a version.
  static let gdf = Self(
    name: "GDF", recognises: { $0.starts(with: "GDF ") },
    open: { file, head, options throws(RecordingError) in try GDFReader(file: file, head: head, options: options) })
}
