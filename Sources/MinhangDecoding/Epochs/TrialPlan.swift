import MinhangCore

/// Why an event made no trial.
public struct TrialRejection: Sendable, Hashable {
  /// The reason.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    /// The window, or the cue itself, lies across a gap.
    case crossesGap = "crosses a gap"
    /// The window begins before the recording.
    case beforeStart = "before the start"
    /// The window ends after the recording.
    case beyondEnd = "beyond the end"
    /// The filtered window holds NaN or infinities.
    case notFinite = "not finite"
  }

  /// Name of the file.
  public let file: String
  /// Time of the cue, seconds.
  public let onset: Double
  /// The event's label.
  public let label: String
  /// Why it made no trial.
  public let reason: Reason
}

/// Which stretches of a recording are trials: events of a class, each with the samples of its window.
public struct TrialPlan: Sendable, Hashable {
  /// One window to be cut out.
  public struct Trial: Sendable, Hashable {
    /// The event.
    public let event: Event
    /// Index of its class.
    public let classIndex: Int
    /// The samples of the window, stored-sample indices from the start of the recording, within one segment.
    public let samples: Range<Int>
    /// Index of the segment.
    public let segment: Int
  }

  /// The windows, in the order of their first samples.
  public let trials: [Trial]
  /// Events of a class whose windows are not whole, in the order of the events.
  public let rejected: [(event: Event, reason: TrialRejection.Reason)]
  /// How many events belong to no class, by label, sorted.
  public let ignored: [(label: String, count: Int)]

  /// Plans the trials of a recording.
  ///
  /// The cue's sample is the nearest to its onset, in its own segment; the window is half-open (`TrialWindow`) and must lie in that segment.
  ///
  /// - Parameters:
  ///   - events: The events, any order.
  ///   - timeline: How sample indices hang on time.
  ///   - classes: Which labels make which class.
  ///   - window: The window around the cue.
  /// - Throws: `DecodingError` `.invalidWindow` where the window holds no sample at this rate.
  public init(events: [Event], timeline: Timeline, classes: ClassMap, window: TrialWindow) throws(DecodingError) {
    let offsets = window.samples(at: timeline.sampleRate)
    guard !offsets.isEmpty else {
      throw DecodingError(
        .invalidWindow, "window \(window) holds no sample at \(timeline.sampleRate) Hz; expected at least one")
    }
    var trials: [Trial] = []
    var rejected: [(Event, TrialRejection.Reason)] = []
    var ignored: [String: Int] = [:]
    for event in events {
      guard let index = classes.classIndex(ofLabel: event.label) else {
        ignored[event.label, default: 0] += 1
        continue
      }
      switch Self.place(event.onset, offsets, timeline) {
      case .success(let (samples, segment)):
        trials.append(Trial(event: event, classIndex: index, samples: samples, segment: segment))
      case .failure(let failure): rejected.append((event, failure.reason))
      }
    }
    // Stable: equal first samples stay in the order of the events.
    self.trials = trials.enumerated().sorted { ($0.element.samples.lowerBound, $0.offset) < ($1.element.samples.lowerBound, $1.offset) }
      .map(\.element)
    self.rejected = rejected
    self.ignored = ignored.keys.sorted().map { ($0, ignored[$0] ?? 0) }
  }

  private struct Misplaced: Error { let reason: TrialRejection.Reason }

  private static func place(_ onset: Double, _ offsets: Range<Int>, _ timeline: Timeline) -> Result<(Range<Int>, Int), Misplaced> {
    guard let first = timeline.segments.first, let last = timeline.segments.last else { return .failure(Misplaced(reason: .beyondEnd)) }
    let cue: Int
    let segment: Int
    if let sample = timeline.sample(atTime: onset), let index = timeline.segmentIndex(ofSample: sample) {
      (cue, segment) = (sample, index)
    } else if onset < first.start, let back = Int(exactly: ((onset - first.start) * timeline.sampleRate).rounded(.toNearestOrEven)) {
      // A cue before the first sample may still have a window inside.
      (cue, segment) = (first.firstSample + max(back, -(1 << 52)), 0)
    } else if onset > last.start {
      return .failure(Misplaced(reason: .beyondEnd))
    } else {
      return .failure(Misplaced(reason: .crossesGap))
    }
    let range = timeline.segments[segment].sampleRange
    let samples = (cue + offsets.lowerBound)..<(cue + offsets.upperBound)
    if samples.lowerBound < range.lowerBound { return .failure(Misplaced(reason: segment == 0 ? .beforeStart : .crossesGap)) }
    if samples.upperBound > range.upperBound {
      return .failure(Misplaced(reason: segment == timeline.segments.count - 1 ? .beyondEnd : .crossesGap))
    }
    return .success((samples, segment))
  }

  /// Equal trials, rejections and ignored labels.
  public static func == (a: TrialPlan, b: TrialPlan) -> Bool {
    a.trials == b.trials && a.rejected.elementsEqual(b.rejected, by: ==) && a.ignored.elementsEqual(b.ignored, by: ==)
  }

  /// Feeds the trials.
  public func hash(into hasher: inout Hasher) { hasher.combine(trials) }
}
