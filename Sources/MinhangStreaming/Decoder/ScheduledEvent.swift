import MinhangCore

/// An event and the sample at which it takes effect.
public struct ScheduledEvent: Sendable, Hashable {
  /// The event.
  public var event: Event
  /// The sample nearest to it; where there is none, the next one that exists.
  public var sample: Int
  /// Whether the event lies on a sample that exists: only then can it begin a trial.
  public var isOnSample: Bool

  /// Makes a scheduled event.
  public init(event: Event, sample: Int, isOnSample: Bool = true) {
    self.event = event
    self.sample = sample
    self.isOnSample = isOnSample
  }

  /// Places an event on a timeline.
  public init(_ event: Event, on timeline: Timeline) {
    if let sample = timeline.sample(atTime: event.onset) {
      self.init(event: event, sample: sample)
    } else {
      let next = timeline.segments.first { $0.start > event.onset }
      self.init(event: event, sample: next?.firstSample ?? timeline.sampleCount, isOnSample: false)
    }
  }
}
