import Foundation
import MinhangCore
import Testing

struct TimelineTests {
  let timeline = Timeline(
    sampleRate: 100,
    segments: [Segment(firstSample: 0, sampleCount: 200, start: 0), Segment(firstSample: 200, sampleCount: 100, start: 12.5)])

  @Test func `time and sample are inverse on every stored sample`() {
    for sample in 0..<timeline.sampleCount { #expect(timeline.sample(atTime: timeline.time(ofSample: sample)) == sample) }
  }

  @Test func `a time is found among many segments, and where the clock went back`() {
    var generator = SeededGenerator(seed: 8)
    var (segments, first, start): ([Segment], Int, Double) = ([], 0, 0)
    for _ in 0..<200 {
      let count = 1 + generator.nextInteger(below: 30)
      segments.append(Segment(firstSample: first, sampleCount: count, start: start))
      first += count
      start += Double(count) / 100 + 0.05 + generator.nextUniform()
    }
    let many = Timeline(sampleRate: 100, segments: segments)
    for sample in 0..<many.sampleCount { #expect(many.sample(atTime: many.time(ofSample: sample)) == sample) }
    for gap in many.gaps { #expect(many.sample(atTime: gap.time - 0.02) == nil) }
    let back = Timeline(
      sampleRate: 100,
      segments: [Segment(firstSample: 0, sampleCount: 100, start: 5), Segment(firstSample: 100, sampleCount: 100, start: 0)])
    #expect(back.sample(atTime: 5.5) == 50)
    #expect(back.sample(atTime: 0.5) == 150)
  }

  @Test func `where segments overlap or go back, the first that holds a time has it`() {
    var generator = SeededGenerator(seed: 17)
    for round in 0..<40 {
      var (segments, first): ([Segment], Int) = ([], 0)
      for _ in 0..<(1 + generator.nextInteger(below: 40)) {
        let count = 1 + generator.nextInteger(below: round % 4 == 0 ? 3 : 200)
        let rate = generator.nextInteger(below: 3) == 0 ? 90 + 20 * generator.nextUniform() : nil
        // Starts on a grid, so that borders coincide.
        let start = Double(generator.nextInteger(below: 400)) / 100
        segments.append(Segment(firstSample: first, sampleCount: count, start: start, measuredRate: rate))
        first += count
      }
      let timeline = Timeline(sampleRate: 100, segments: segments)
      let alone = segments.map { Timeline(sampleRate: 100, segments: [$0]) }
      for _ in 0..<300 {
        let time = generator.nextUniform() * 7 - 0.5
        let expected = alone.lazy.compactMap { $0.sample(atTime: time) }.first
        #expect(timeline.sample(atTime: time) == expected, "\(time) s")
      }
      for sample in 0..<timeline.sampleCount {
        let time = timeline.time(ofSample: sample)
        #expect(timeline.sample(atTime: time) == alone.lazy.compactMap { $0.sample(atTime: time) }.first)
      }
    }
  }

  @Test func `a time is found as fast where segments go back as where they do not`() {
    func seconds(_ timeline: Timeline) -> Double {
      func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
      }
      let start = now()
      for k in 0..<4000 { #expect(timeline.sample(atTime: Double(k)) != nil) }
      return now() - start
    }
    let segments = (0..<4000).map { Segment(firstSample: $0, sampleCount: 1, start: Double($0)) }
    let back = (0..<4000).map { Segment(firstSample: $0, sampleCount: 1, start: Double(3999 - $0)) }
    let times = [segments, back].map { seconds(Timeline(sampleRate: 10, segments: $0)) }
    #expect(times[1] < 10 * times[0], "\(times) s")
  }

  @Test func `a gap is a gap`() {
    #expect(timeline.gaps == [Gap(sample: 200, time: 12.5, missing: 10.5)])
    #expect(timeline.sample(atTime: 5) == nil)
    #expect(timeline.sample(atTime: -1) == nil)
    #expect(timeline.sample(atTime: .nan) == nil)
    #expect(timeline.sample(atTime: 1e300) == nil)
    #expect(timeline.segmentIndex(ofSample: 199) == 0)
    #expect(timeline.segmentIndex(ofSample: 200) == 1)
    #expect(timeline.segmentIndex(ofSample: 300) == nil)
  }

  @Test func `a stretch of time holds the samples in it, gaps left out`() {
    #expect(timeline.samples(from: nil, to: nil) == 0..<300)
    #expect(timeline.samples(from: 0.015, to: 1) == 2..<100)
    #expect(timeline.samples(from: 1.5, to: 12.6) == 150..<210)
    #expect(timeline.samples(from: 5, to: 6) == 200..<200)
    #expect(timeline.samples(from: -3, to: 1e300) == 0..<300)
    #expect(timeline.samples(from: 99, to: nil) == 300..<300)
    #expect(timeline.samples(from: -1e300, to: nil) == 0..<300)
    let late = Timeline(sampleRate: 1e9, segments: [Segment(firstSample: 0, sampleCount: 5, start: 1e300)])
    #expect(late.samples(from: 0, to: nil) == 0..<5)
    #expect(Timeline(sampleRate: 160, sampleCount: 1000).samples(from: 2.3, to: 4.1) == 368..<656)
  }

  @Test func `halves round to even, as numpy's round does`() {
    let plain = Timeline(sampleRate: 1, sampleCount: 10)
    #expect(plain.sample(atTime: 0.5) == 0)
    #expect(plain.sample(atTime: 1.5) == 2)
    #expect(plain.sample(atTime: 2.5) == 2)
  }

  @Test func `dates that do not exist are refused`() {
    #expect(RecordingDate(year: 2024, month: 2, day: 29, hour: 0, minute: 0, second: 0) != nil)
    #expect(RecordingDate(year: 2023, month: 2, day: 29, hour: 0, minute: 0, second: 0) == nil)
    #expect(RecordingDate(year: 2023, month: 13, day: 1, hour: 0, minute: 0, second: 0) == nil)
    let start = RecordingDate(year: 2009, month: 8, day: 12, hour: 16, minute: 5, second: 9, fraction: 0.25)
    #expect(start?.iso8601 == "2009-08-12T16:05:09.25")
  }

  @Test func `a date moves over the ends of days, months and leap years, and back`() {
    let eve = RecordingDate(year: 2024, month: 2, day: 28, hour: 23, minute: 59, second: 59, fraction: 0.5)
    #expect(eve?.advanced(by: 0.75)?.iso8601 == "2024-02-29T00:00:00.25")
    #expect(eve?.advanced(by: 86_400.5)?.iso8601 == "2024-03-01T00:00:00")
    #expect(eve?.advanced(by: .nan) == nil)
    #expect(RecordingDate(year: 9999, month: 12, day: 31, hour: 0, minute: 0, second: 0)?.advanced(by: 86_400) == nil)
    #expect(RecordingDate(year: 1, month: 1, day: 1, hour: 0, minute: 0, second: 0)?.advanced(by: -1) == nil)
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<2000 {
      // A fraction of all 53 digits: a shift of centuries must not round it.
      let start = RecordingDate(year: 2000, month: 1, day: 1, hour: 12, minute: 0, second: 0, fraction: generator.nextUniform())
      let days = Double(generator.nextInteger(below: 200_000))
      #expect(start?.advanced(by: days * 86_400)?.advanced(by: -days * 86_400) == start)
    }
  }
}
