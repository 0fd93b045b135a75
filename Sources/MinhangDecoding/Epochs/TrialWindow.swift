import MinhangCore

/// The stretch of time around a cue that a decoder sees, in seconds from the cue; half-open.
///
/// `0.5:3.5` at 160 Hz holds the samples `80 ..< 560` after the cue's own sample.
public struct TrialWindow: Sendable, Hashable, CustomStringConvertible {
  /// First instant, seconds from the cue; negative before it.
  public let start: Double
  /// End, seconds from the cue; not part of the window.
  public let stop: Double

  /// The longest time from a cue that a window may reach, seconds.
  public static let limit = 86_400.0

  /// Makes a window.
  ///
  /// - Parameters:
  ///   - start: Seconds from the cue.
  ///   - stop: Seconds from the cue, later than `start`.
  /// - Throws: `DecodingError` `.invalidWindow`.
  public init(start: Double, stop: Double) throws(DecodingError) {
    guard start < stop, start.magnitude <= Self.limit, stop.magnitude <= Self.limit else {
      throw DecodingError(
        .invalidWindow, "window \(start):\(stop) s; expected START:STOP with START before STOP, both within a day of the cue")
    }
    self.start = start
    self.stop = stop
  }

  private init(uncheckedStart start: Double, stop: Double) {
    self.start = start
    self.stop = stop
  }

  /// The window that motor imagery is decoded in unless told otherwise: 0.5 s to 3.5 s after the cue.
  public static let standard = TrialWindow(uncheckedStart: 0.5, stop: 3.5)

  /// Reads `START:STOP`, seconds.
  ///
  /// - Throws: `DecodingError` `.invalidWindow`.
  public init(text: String) throws(DecodingError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Double(String($0).trimmingSpaces) }
    guard parts.count == 2, let start = parts[0], let stop = parts[1] else {
      throw DecodingError(.invalidWindow, "window \(text.quotedForDisplay()); expected START:STOP in seconds, such as 0.5:3.5")
    }
    try self.init(start: start, stop: stop)
  }

  /// The samples of the window, counted from the cue's sample: `round(start · rate) ..< round(stop · rate)`.
  ///
  /// Halves round to even, as the reference implementations do. Empty where the window is shorter than a sample.
  ///
  /// - Parameter rate: Samples a second, Hz.
  public func samples(at rate: Double) -> Range<Int> {
    func rounded(_ seconds: Double) -> Int {
      // The clamp (not reached by any real rate) keeps a hostile rate from trapping.
      let product = (seconds * rate).rounded(.toNearestOrEven)
      return product.isNaN ? 0 : Int(min(max(product, -0x1p52), 0x1p52))
    }
    let first = rounded(start)
    return first..<max(first, rounded(stop))
  }

  /// Seconds from first sample to end.
  public var duration: Double { stop - start }

  /// `START:STOP`.
  public var description: String { "\(start.shortText):\(stop.shortText)" }
}

extension Double {
  /// The shortest decimal that reads back as this number, without `.0`.
  var shortText: String {
    let text = "\(self)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
