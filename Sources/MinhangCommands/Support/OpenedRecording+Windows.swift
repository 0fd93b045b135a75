import MinhangBCI

/// Seconds that options state, as samples of the recording.
extension OpenedRecording {
  /// Samples of the longest window that is worked on.
  static let longestWindow = 100_000_000

  /// A duration as a number of samples, to the nearest.
  ///
  /// - Parameter option: What states it, for the message: `--window`.
  /// - Throws: `CommandFailure` (usage) outside of the range.
  func sampleCount(of seconds: Double, _ option: String, in range: ClosedRange<Int> = 1...longestWindow) throws -> Int {
    let count = (seconds * sampleRate).rounded()
    guard count >= Double(range.lowerBound), count <= Double(range.upperBound) else {
      throw CommandFailure(
        .usage, "\(option) is \(seconds) s, \(count) samples at \(sampleRate) Hz; expected \(range.lowerBound)…\(range.upperBound) samples")
    }
    return Int(count)
  }

  /// Samples of a window that an unbroken stretch holds.
  ///
  /// - Parameter seconds: nil for the longest unbroken stretch.
  /// - Throws: `CommandFailure` (usage) for a window of no or too many samples, (badData) where no unbroken stretch is as long.
  func windowLength(_ seconds: Double?) throws -> Int {
    let longest = timeline.segments.map { $0.sampleRange.clamped(to: samples).count }.max() ?? 0
    let length = try sampleCount(of: seconds ?? Double(longest) / sampleRate, "the window", in: 2...Self.longestWindow)
    guard longest >= length else {
      throw CommandFailure(
        .badData, "\(path): no unbroken stretch is as long as a window of \(length) samples; the longest has \(longest)",
        hint: "choose a shorter --window")
    }
    return length
  }
}
