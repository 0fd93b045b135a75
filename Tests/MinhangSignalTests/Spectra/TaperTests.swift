import Testing

@testable import MinhangSignal

struct TaperTests {
  struct Goldens: Decodable {
    struct Item: Decodable {
      let name: String
      let count: Int
      let values: [Double]
    }
    let tapers: [Item]
  }

  @Test func `coefficients equal scipy's get_window for every name and length`() throws {
    let golden: Goldens = try Golden.load("tapers.json")
    var parity = Parity("Taper", against: "scipy.signal.get_window")
    for item in golden.tapers {
      let taper = try #require(Taper(name: item.name), "\(item.name)")
      let got = taper.coefficients(count: item.count)
      // Cosines, exponentials and a Bessel series of values up to 1, each good to a few ulp; relative for the Kaiser's tiny ends.
      for (a, b) in zip(got, item.values) { #expect((a - b).magnitude <= 1e-15 + 1e-13 * b.magnitude, "\(item.name) of \(item.count)") }
      #expect(got.count == item.count)
      parity.compare(got, item.values)
    }
    parity.report()
  }

  @Test(arguments: Taper.standard)
  func `a taper is symmetric around its middle and has one period`(taper: Taper) {
    for count in [5, 8, 250] {
      let values = taper.coefficients(count: count)
      // Index 0 is the period's start, so the mirror image of i is count − i. A few ulp: the two sides take different cosines.
      for i in 1..<count { #expect((values[i] - values[count - i]).magnitude < 1e-14) }
      #expect(values.max().map { $0 <= 1 + 1e-8 } == true)  // flat-top's published constants add up to 1.000000003
    }
  }

  @Test(arguments: Taper.standard)
  func `a name reads back as its taper`(taper: Taper) { #expect(Taper(name: taper.description) == taper) }

  @Test func `names are lenient about case and marks and strict about parameters`() {
    #expect(Taper(name: "Hann") == .hann)
    #expect(Taper(name: "blackman-harris") == .blackmanHarris)
    #expect(Taper(name: "tukey") == .tukey(0.5))
    for name in [
      "", "hanns", "kaiser", "kaiser:", "kaiser:x", "kaiser:-1", "kaiser:1e9", "kaiser:nan", "tukey:2", "gaussian:0", "hann:3", "a:b:c",
    ] {
      #expect(Taper(name: name) == nil, "\(name)")
    }
    #expect(Taper.hann.coefficients(count: 0).isEmpty)
    #expect(Taper.hann.coefficients(count: 1) == [1])
  }
}
