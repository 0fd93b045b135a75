import Testing

@testable import MinhangSignal

struct NotchFilterTests {
  struct Goldens: Decodable {
    struct Notch: Decodable {
      let frequency: Double
      let quality: Double
      let rate: Double
      let section: [Double]
    }
    let notches: [Notch]
  }

  @Test func `sections equal scipy's iirnotch`() throws {
    let golden: Goldens = try Golden.load("filtering.json")
    var parity = Parity("NotchFilter", against: "scipy.signal.iirnotch")
    for notch in golden.notches {
      let filter = try NotchFilter.filter(frequency: notch.frequency, quality: notch.quality, sampleRate: notch.rate)
      let s = filter.sections[0]
      #expect(parity.compare([s.b0, s.b1, s.b2, s.a1, s.a2], notch.section) < 1e-14)  // the same few operations in another order
    }
    parity.report()
  }

  @Test func `the notch removes its frequency, keeps the ends, and halves the power at its width`() throws {
    let filter = try NotchFilter.filter(frequency: 50, quality: 25, sampleRate: 500)
    #expect(filter.response(at: 50).magnitude < 1e-12)  // 0 but for the rounding of cos and the division by a small distance
    #expect((filter.response(at: 0).magnitude - 1).magnitude < 1e-13)
    #expect((filter.response(at: 250).magnitude - 1).magnitude < 1e-13)
  }

  @Test func `impossible notches are refused`() {
    #expect(throws: SignalError.self) { try NotchFilter.filter(frequency: 250, sampleRate: 500) }
    #expect(throws: SignalError.self) { try NotchFilter.filter(frequency: 50, quality: 0, sampleRate: 500) }
    #expect(throws: SignalError.self) { try NotchFilter.filter(frequency: 50, quality: .nan, sampleRate: 500) }
    #expect(throws: SignalError.self) { try NotchFilter.filter(frequency: 200, quality: 0.1, sampleRate: 500) }
  }
}
