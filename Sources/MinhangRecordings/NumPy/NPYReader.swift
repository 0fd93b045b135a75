import MinhangCore

/// Reads arrays of NumPy: one array in a file (`.npy`), or several in an archive (`.npz`).
///
/// With a sidecar `FILE.npy.json` rate, channels, units, segments and events come from it. Without one the smaller dimension counts the
/// channels, which is noted, and the sampling rate must be stated. Numbers of any size, order of bytes and order of dimensions are read in pieces.
public struct NPYReader: RecordingReader {
  /// What the recording holds.
  public let recording: RecordingInfo

  private let storedEvents: [Event]
  /// For each channel the matrix that holds it, and its place in it.
  private let sources: [(matrix: Int, channel: Int)]
  private let matrices: [ArrayMatrix]
  private let factors: [Double]
  private let timeline: Timeline?
  private var buffer: [UInt8] = []

  init(recording: RecordingInfo, events: [Event], matrices: [ArrayMatrix], sources: [(matrix: Int, channel: Int)]) {
    self.recording = recording
    storedEvents = events
    self.matrices = matrices
    self.sources = sources
    factors = recording.channels.map { $0.unit.microvoltsPerUnit ?? 1 }
    timeline = recording.channels.isEmpty ? nil : recording.timeline(of: 0)
  }

  /// The events of the sidecar or the archive, sorted by onset; times in seconds from the first sample.
  public func events() throws(RecordingError) -> [Event] { storedEvents }

  /// Reads a stretch of samples.
  ///
  /// See `RecordingReader`.
  public mutating func read(_ samples: Range<Int>, of channels: [Int], into block: inout SignalBlock) throws(RecordingError) {
    try check(samples, of: channels)
    let segment = timeline?.segmentIndex(ofSample: samples.lowerBound) ?? 0
    try fill(&block, with: samples, of: channels, segment: segment) { (reader, values, stride) throws(RecordingError) in
      // Neighbours of one matrix together.
      var row = 0
      while row < channels.count {
        let matrix = reader.sources[channels[row]].matrix
        let end = channels[row...].firstIndex { reader.sources[$0].matrix != matrix } ?? channels.count
        let some = channels[row..<end]
        try reader.matrices[matrix].read(
          samples, of: some.map { reader.sources[$0].channel }, factors: some.map { reader.factors[$0] }, into: values + row * stride,
          stride: stride, buffer: &reader.buffer)
        row = end
      }
    }
  }
}
