import MinhangCore
import Testing

@testable import MinhangRecordings

struct EDFAnnotationPlanTests {
  private func plan(_ events: [Event], records: Int = 10, origin: Int = 0) throws -> (EDFAnnotationPlan, [Int]) {
    let starts = (0..<records).map { $0 * 1_000_000_000 + origin }
    let plan = try EDFAnnotationPlan(
      events: events, origin: origin, starts: starts, recordNanoseconds: 1_000_000_000, bytesPerSample: 2, path: "out.edf")
    return (plan, starts)
  }

  private func text(_ plan: EDFAnnotationPlan, _ record: Int, _ start: Int) -> String {
    String(decoding: plan.bytes(ofRecord: record, start: start).reversed().drop { $0 == 0 }.reversed(), as: UTF8.self)
  }

  @Test func `each record begins with its time, and an event stands in the record where it begins`() throws {
    let (plan, starts) = try plan([Event(onset: 2.5, duration: 0.25, label: "ev")], origin: 250_000_000)
    #expect(text(plan, 0, starts[0]) == "+0.25\u{14}\u{14}")
    #expect(text(plan, 2, starts[2]) == "+2.25\u{14}\u{14}\0+2.75\u{15}0.25\u{14}ev\u{14}")
    #expect(plan.byteCount.isMultiple(of: 2))
  }

  @Test func `a burst of events is spread over later records`() throws {
    let events = (0..<100).map { Event(onset: 0.5 + Double($0) / 1e4, label: "burst \($0)") }
    let (plan, starts) = try plan(events)
    #expect(plan.byteCount < 100 * 20 / 3)
    let all = starts.indices.map { text(plan, $0, starts[$0]) }.joined()
    #expect(events.allSatisfy { all.contains("\u{14}\($0.label)\u{14}") })
  }

  @Test func `labels: marks of the grammar become spaces, an empty one is counted and left out`() throws {
    let (plan, starts) = try plan([Event(onset: 0, label: "a\u{14}b\u{15}c\0d\te"), Event(onset: 1, label: "")])
    #expect(text(plan, 0, starts[0]) == "+0\u{14}\u{14}\0+0\u{14}a b c d\te\u{14}")
    #expect(plan.droppedEvents == 1)
  }

  @Test func `times: decimals without exponents, before the start too`() throws {
    let (plan, starts) = try plan([Event(onset: -0.5, label: "x"), Event(onset: 0.000012, label: "y"), Event(onset: 8.1, label: "z")])
    #expect(text(plan, 0, starts[0]) == "+0\u{14}\u{14}\0-0.5\u{14}x\u{14}")
    // The first record has no room for it.
    #expect(text(plan, 1, starts[1]) == "+1\u{14}\u{14}\0+0.000012\u{14}y\u{14}")
    #expect(text(plan, 8, starts[8]).hasSuffix("+8.1\u{14}z\u{14}"))
  }

  @Test func `an event that is no time is refused`() {
    for onset in [Double.nan, .infinity, 1e300] {
      #expect(throws: RecordingError.self) { try plan([Event(onset: onset, label: "x")]) }
    }
  }
}
