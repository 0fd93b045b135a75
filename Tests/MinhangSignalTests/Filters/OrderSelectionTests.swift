import Testing

@testable import MinhangSignal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct OrderSelectionTests {
  struct Goldens: Decodable {
    struct Case: Decodable {
      let kind: String
      let rate: Double
      let passEdges: [Double]
      let stopEdges: [Double]
      let loss: Double
      let attenuation: Double
      let buttord: [Double]
      let cheb1ord: [Double]
      let cheb2ord: [Double]
      let ellipord: [Double]

      func requirement() throws -> FilterRequirement {
        try FilterRequirement(
          passBand: passBand(kind, passEdges), stopBand: passBand(kind, stopEdges), passbandLoss: loss, stopbandAttenuation: attenuation,
          sampleRate: rate)
      }
    }
    let cases: [Case]
  }

  @Test func `orders and natural frequencies are scipy's`() throws {
    let golden: Goldens = try Golden.load("orders.json")
    var worst: [String: Double] = [:]
    for item in golden.cases {
      let requirement = try item.requirement()
      let selected: [(name: String, got: SelectedOrder, expected: [Double])] = [
        ("buttord", try Butterworth.order(for: requirement), item.buttord),
        ("cheb1ord", try ChebyshevI.order(for: requirement), item.cheb1ord),
        ("cheb2ord", try ChebyshevII.order(for: requirement), item.cheb2ord),
        ("ellipord", try Elliptic.order(for: requirement), item.ellipord),
      ]
      for (name, got, expected) in selected {
        let label = Comment(rawValue: "\(name) \(item.kind) \(item.passEdges) \(item.stopEdges)")
        #expect(Double(got.order) == expected[0], label)
        let isBandStop = item.kind == "bandstop"
        let error =
          zip(got.band.edges, expected.dropFirst()).map { got, expected in
            isBandStop ? (warped(got, item.rate) - warped(expected, item.rate)).magnitude : (got / expected - 1).magnitude
          }.max() ?? .infinity
        // The edges of a band-stop come from a search for a minimum with a kink, which stops within 1e-5 of it, in the search's units; the last
        // ulp of a logarithm decides where.
        #expect(error <= (isBandStop ? 1e-5 : 1e-12), label)
        let key = name + (item.kind == "bandstop" ? " band-stop" : "")
        worst[key] = max(worst[key] ?? 0, error)
      }
    }
    for (name, error) in worst.sorted(by: { $0.key < $1.key }) {
      print("parity \(name) scipy.signal \(error) (\(golden.cases.count) sets, of all kinds)")
    }
  }

  /// The frequency as the search for the edges of a band-stop counts it.
  private func warped(_ frequency: Double, _ rate: Double) -> Double { tan(Double.pi * frequency / rate) }

  @Test func `the selected filter meets the requirement and the next lower order does not`() throws {
    let requirement = try FilterRequirement(
      passBand: .bandPass(8...30), stopBand: .bandPass(5...36), passbandLoss: 1, stopbandAttenuation: 40, sampleRate: 250)
    let (b, c1, c2, e) = (
      try Butterworth.order(for: requirement), try ChebyshevI.order(for: requirement), try ChebyshevII.order(for: requirement),
      try Elliptic.order(for: requirement)
    )
    #expect(e.order <= c1.order && c1.order == c2.order && c1.order < b.order)
    let filters = [
      try Butterworth.filter(order: b.order, b.band, sampleRate: 250),
      try ChebyshevI.filter(order: c1.order, passbandRipple: 1, c1.band, sampleRate: 250),
      try ChebyshevII.filter(order: c2.order, stopbandAttenuation: 40, c2.band, sampleRate: 250),
      try Elliptic.filter(order: e.order, passbandRipple: 1, stopbandAttenuation: 40, e.band, sampleRate: 250),
    ]
    for filter in filters {
      // The edges are met exactly; a product of sections rounds, magnified by the slope.
      for level in filter.response(at: [8, 30]).decibels { #expect(level >= -1 - 1e-9) }
      for level in filter.response(at: [5, 36]).decibels { #expect(level <= -40 + 1e-9) }
    }
    let lower = try ChebyshevI.filter(order: c1.order - 1, passbandRipple: 1, c1.band, sampleRate: 250)
    #expect(lower.response(at: [5, 36]).decibels.contains { $0 > -40 })
  }

  @Test func `requirements that contradict themselves are refused`() {
    let refused: [(PassBand, PassBand, Double, Double)] = [
      (.lowPass(40), .lowPass(40), 1, 40), (.lowPass(40), .highPass(50), 1, 40), (.highPass(40), .highPass(50), 1, 40),
      (.bandPass(8...30), .bandPass(9...35), 1, 40), (.bandStop(48...52), .bandStop(45...55), 1, 40), (.lowPass(40), .lowPass(130), 1, 40),
      (.lowPass(40), .lowPass(50), 40, 1), (.lowPass(40), .lowPass(50), 0, 40),
    ]
    for (pass, stop, loss, attenuation) in refused {
      let error = #expect(throws: SignalError.self) {
        try FilterRequirement(passBand: pass, stopBand: stop, passbandLoss: loss, stopbandAttenuation: attenuation, sampleRate: 250)
      }
      #expect(error?.description.contains("expected") == true)
    }
  }
}
