import MinhangBCI
import Testing

@testable import MinhangCommands

struct FilterOrderTests {
  @Test func `steps interleave as the words do`() {
    let steps = OptionOrder.sorted(
      ["filter", "a.edf", "b.edf", "--notch", "50", "--bandpass=1-40", "--notch", "100", "--reference", "average", "--order", "2"],
      ["--notch": [FilterStep.notch(50), .notch(100)], "--bandpass": [.band(.bandPass(1...40))], "--reference": [.average]])
    #expect(steps == [.notch(50), .band(.bandPass(1...40)), .notch(100), .average])
  }

  @Test func `a family's name chooses the family, with its own numbers`() throws {
    var plan = FilterPlan(steps: [.band(.bandPass(8...30))], order: 3, ripple: 0.5, attenuation: 50)
    var designs: [SectionedFilter] = []
    for family in FilterFamilyName.allCases where family != .fir {
      plan.family = family
      designs.append(try #require(try plan.filter(plan.steps[0], sampleRate: 250)))
    }
    #expect(
      designs == [
        try Butterworth.filter(order: 3, .bandPass(8...30), sampleRate: 250),
        try ChebyshevI.filter(order: 3, passbandRipple: 0.5, .bandPass(8...30), sampleRate: 250),
        try ChebyshevII.filter(order: 3, stopbandAttenuation: 50, .bandPass(8...30), sampleRate: 250),
        try Elliptic.filter(order: 3, passbandRipple: 0.5, stopbandAttenuation: 50, .bandPass(8...30), sampleRate: 250),
        try Bessel.filter(order: 3, .bandPass(8...30), sampleRate: 250),
      ])
    #expect(plan.description == "HP:8Hz LP:30Hz")
  }

  @Test func `a stretch of time reads with open sides`() {
    #expect(TimeRange(argument: "1:2.5").map { [$0.start, $0.end] } == [1, 2.5])
    #expect(TimeRange(argument: ":2").map { [$0.start, $0.end] } == [nil, 2])
    #expect(TimeRange(argument: "3:").map { [$0.start, $0.end] } == [3, nil])
    for text in ["", "1", "2:1", "a:b", "1:nan", "1:2:3"] { #expect(TimeRange(argument: text) == nil, "\(text)") }
    for text in ["8", "30-8", "8-", "-8", "a-b", "8-inf"] { #expect(BandArgument(argument: text) == nil, "\(text)") }
    #expect(BandArgument(argument: "0.5-4")?.range == 0.5...4)
  }
}
