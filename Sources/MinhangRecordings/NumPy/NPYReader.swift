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
    let count = recording.channels.first?.sampleCount ?? 0
    precondition(samples.lowerBound >= 0 && samples.upperBound <= count, "samples \(samples) of \(count)")
    for channel in channels { precondition(sources.indices.contains(channel), "channel \(channel) of \(sources.count)") }
    block.resize(channelCount: channels.count, sampleCount: samples.count)
    block.firstSample = samples.lowerBound
    block.segment = timeline?.segmentIndex(ofSample: samples.lowerBound) ?? 0
    var failure: RecordingError?
    var buffer = self.buffer
    self.buffer = []
    block.withUnsafeMutableStorage { values, stride in
      do throws(RecordingError) {
        // Neighbours of one matrix together.
        var row = 0
        while row < channels.count {
          let matrix = sources[channels[row]].matrix
          var end = row + 1
          while end < channels.count, sources[channels[end]].matrix == matrix { end += 1 }
          try matrices[matrix].read(
            samples, of: channels[row..<end].map { sources[$0].channel }, factors: channels[row..<end].map { factors[$0] },
            into: values + row * stride, stride: stride, buffer: &buffer)
          row = end
        }
      } catch {
        failure = error
      }
    }
    self.buffer = buffer
    if let failure { throw failure }
  }
}
