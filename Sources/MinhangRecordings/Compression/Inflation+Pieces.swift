// Streams whose output is handed on piece by piece.

extension Inflation {
  /// How a stream ended.
  enum Outcome: Sendable, Hashable {
    /// By its own mark.
    case ended
    /// The bytes are no such stream.
    case damaged
    /// The input ended first.
    case cut
    /// Whoever takes the output wanted no more.
    case refused
  }

  /// Takes inflated bytes; false ends the work.
  typealias Sink = (ArraySlice<UInt8>) throws(RecordingError) -> Bool

  /// Bytes that are handed on at once, or a little more.
  private static let pieceBytes = 1 << 18

  /// Begins anywhere in a source, with what is not part of a stream.
  init(_ source: ArraySource) {
    self.init(source, from: Checkpoint(bit: 0, outputCount: 0, window: []), size: .max)
  }

  /// Inflates one stream, to its end mark; what was inflated before damage is handed on as well.
  mutating func stream(to sink: Sink) throws(RecordingError) -> Outcome {
    beginStream()
    while true {
      let before = outputCount
      let progress = run(until: before + Self.pieceBytes)
      if let failure { throw failure }
      if outputCount > before, try !sink(output.suffix(outputCount - before)) { return .refused }
      drop(keeping: 0)
      switch progress {
      case .paused: continue
      case .ended: return .ended
      case .broken: return isCut ? .cut : .damaged
      }
    }
  }
}
