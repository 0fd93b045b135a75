import MinhangCore
import Testing

@testable import MinhangDecoding

struct TrialPlanTests {
  /// 100 Hz; 0–2 s, then a gap to 12.5 s, then 1 s.
  let timeline = Timeline(
    sampleRate: 100,
    segments: [Segment(firstSample: 0, sampleCount: 200, start: 0), Segment(firstSample: 200, sampleCount: 100, start: 12.5)])

  func plan(_ onsets: [Double], window: TrialWindow) throws -> TrialPlan {
    try TrialPlan(
      events: onsets.map { Event(onset: $0, label: "T1") } + [Event(onset: 0.1, label: "T0")], timeline: timeline,
      classes: ClassMap(text: "a=T1,b=T2"), window: window)
  }

  @Test func `windows are half-open and end with the segment at the latest`() throws {
    let plan = try plan([1.5, 1.51, 12.5, 13.0, 13.01], window: TrialWindow(start: 0, stop: 0.5))
    #expect(plan.trials.map(\.samples) == [150..<200, 200..<250, 250..<300])
    #expect(plan.trials.map(\.segment) == [0, 1, 1])
    #expect(plan.rejected.map(\.reason) == [.crossesGap, .beyondEnd])
    #expect(plan.ignored.map(\.label) == ["T0"] && plan.ignored.map(\.count) == [1])
  }

  @Test func `each reason is told apart`() throws {
    let plan = try plan([0.1, 5, 12.6, 99, -0.3], window: TrialWindow(start: -0.2, stop: 0.1))
    #expect(plan.trials.isEmpty)
    // 0.1 s begins before the start; 5 s lies in the gap; 12.6 s begins in the gap; 99 s is past the end; −0.3 s begins before the start.
    #expect(plan.rejected.map(\.reason) == [.beforeStart, .crossesGap, .crossesGap, .beyondEnd, .beforeStart])
  }

  @Test func `a cue before the first sample may have its window inside`() throws {
    #expect(try plan([-0.5], window: TrialWindow(start: 0.5, stop: 1)).trials.map(\.samples) == [0..<50])
  }

  @Test func `hostile onsets are rejected, never a trap`() throws {
    let onsets = [Double.nan, .infinity, -.infinity, 1e300, -1e300, -1e15]
    let plan = try plan(onsets, window: .standard)
    #expect(plan.trials.isEmpty && plan.rejected.count == onsets.count)
  }

  @Test func `an empty recording has no trials`() throws {
    let plan = try TrialPlan(
      events: [Event(onset: 0, label: "T1")], timeline: Timeline(sampleRate: 100, sampleCount: 0), classes: ClassMap(text: "a=T1,b=T2"),
      window: .standard)
    #expect(plan.rejected.map(\.reason) == [.beyondEnd])
  }

  @Test func `a window shorter than a sample is refused`() {
    #expect {
      try plan([0], window: TrialWindow(start: 0, stop: 0.004))
    } throws: { ($0 as? DecodingError)?.code == .invalidWindow }
  }
}
