import Testing

@testable import MinhangSignal

struct ButterworthTests {
  struct Designs: Decodable {
    struct Design: Decodable {
      let kind: String
      let order: Int
      let rate: Double
      let edges: [Double]
      let sections: [Double]
    }
    let designs: [Design]
  }

  @Test(arguments: ["butterworth-edge.json", "butterworth-band.json"])
  func `random designs have scipy's sections in scipy's order`(file: String) throws {
    let golden: Designs = try Golden.load(file)
    #expect(golden.designs.count >= 100)
    var parity = Parity("Butterworth(\(file.contains("band") ? "bands" : "edges"))", against: "scipy.signal.butter")
    for design in golden.designs {
      let filter = try Butterworth.filter(order: design.order, passBand(design.kind, design.edges), sampleRate: design.rate)
      let got = filter.sections.map { ([$0.b0, $0.b1, $0.b2], [1, $0.a1, $0.a2]) }
      #expect(got.count * 5 == design.sections.count)
      for (i, (numerator, denominator)) in got.enumerated() {
        let expected = Array(design.sections[(5 * i)..<(5 * i + 5)])
        // 1e-12 of the polynomial's largest coefficient: the acceptance figure; a middle coefficient may be near zero by cancellation.
        let label = Comment(rawValue: "\(design.kind) order \(design.order) \(design.edges) at \(design.rate) section \(i)")
        #expect(parity.compare(numerator, expected[0..<3]) <= 1e-12, label)
        #expect(parity.compare(denominator, [1] + expected[3..<5]) <= 1e-12, label)
      }
    }
    parity.report()
  }

  @Test(arguments: 1...12)
  func `the gain is one in the pass band and half the power at each edge`(order: Int) throws {
    // The response is a product of `order` factors, each with a few ulp of rounding; edges of steep filters magnify it by the slope.
    let tolerance = 1e-11
    let low = try Butterworth.filter(order: order, .lowPass(40), sampleRate: 250)
    #expect((low.response(at: 0).magnitude - 1).magnitude < tolerance)
    #expect((low.response(at: 40).squaredMagnitude - 0.5).magnitude < tolerance)
    let high = try Butterworth.filter(order: order, .highPass(1), sampleRate: 250)
    #expect((high.response(at: 125).magnitude - 1).magnitude < tolerance)
    #expect((high.response(at: 1).squaredMagnitude - 0.5).magnitude < tolerance * 10)
    #expect(high.response(at: 0).magnitude == 0)
    let band = try Butterworth.filter(order: order, .bandPass(8...30), sampleRate: 250)
    for edge in [8.0, 30] { #expect((band.response(at: edge).squaredMagnitude - 0.5).magnitude < tolerance) }
    let stop = try Butterworth.filter(order: order, .bandStop(45...55), sampleRate: 250)
    for edge in [45.0, 55] { #expect((stop.response(at: edge).squaredMagnitude - 0.5).magnitude < tolerance * 10) }
    #expect((stop.response(at: 0).magnitude - 1).magnitude < tolerance)
    for filter in [low, high, band, stop] { #expect(filter.isStable) }
  }

  @Test func `low and high pass of one cutoff have powers that add up to one`() throws {
    for order in 1...8 {
      let low = try Butterworth.filter(order: order, .lowPass(20), sampleRate: 200)
      let high = try Butterworth.filter(order: order, .highPass(20), sampleRate: 200)
      for frequency in stride(from: 1.0, through: 99, by: 7) {
        let sum = low.response(at: frequency).squaredMagnitude + high.response(at: frequency).squaredMagnitude
        #expect((sum - 1).magnitude < 1e-12)  // 2·order factors of a few ulp each
      }
    }
  }

  @Test(arguments: [(10.0, 40.0, 100.0), (24, 40, 128), (8, 72, 160), (30, 70, 200)], 1...8)
  func `a band around a quarter of the rate has mirrored responses, whatever order its sections are in`(
    band: (low: Double, high: Double, rate: Double), order: Int
  ) throws {
    let filter = try Butterworth.filter(order: order, .bandPass(band.low...band.high), sampleRate: band.rate)
    #expect(filter.isStable && filter.sections.count == order)
    for frequency in stride(from: 0.7, to: band.rate / 4, by: 3) {
      let (below, above) = (filter.response(at: frequency).magnitude, filter.response(at: band.rate / 2 - frequency).magnitude)
      #expect((below - above).magnitude < 1e-12)  // as many factors as sections, each of a few ulp, magnified by the slope
    }
  }

  @Test func `an impossible design is refused in one line that says what was expected`() {
    let refused: [(Int, PassBand, Double, SignalError.Code)] = [
      (0, .lowPass(10), 100, .invalidOrder), (-3, .lowPass(10), 100, .invalidOrder), (101, .lowPass(10), 100, .invalidOrder),
      (4, .lowPass(0), 100, .invalidFrequency), (4, .lowPass(50), 100, .invalidFrequency), (4, .highPass(.nan), 100, .invalidFrequency),
      (4, .bandPass(-1...5), 100, .invalidFrequency), (4, .bandPass(5...5), 100, .invalidFrequency),
      (4, .bandStop(5...60), 100, .invalidFrequency), (4, .lowPass(10), 0, .invalidFrequency),
      (4, .lowPass(10), .infinity, .invalidFrequency),
    ]
    for (order, band, rate, code) in refused {
      let error = #expect(throws: SignalError.self) { try Butterworth.filter(order: order, band, sampleRate: rate) }
      #expect(error?.code == code)
      #expect(error?.description.contains("expected") == true)
    }
  }
}
