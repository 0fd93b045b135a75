import MinhangCore
import MinhangSignal
import Testing

@testable import MinhangSimulation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct ElectrodeLayoutTests {
  static func degrees(_ a: String, _ b: String) -> Double {
    guard let p = ElectrodeLayout.position(of: a), let q = ElectrodeLayout.position(of: b) else { return .nan }
    return acos(max(-1, min(1, p.dot(q)))) * 180 / .pi
  }

  @Test func `the sixty-four positions are different and lie on the scalp`() {
    #expect(ElectrodeLayout.names.count == 64)
    #expect(Set(ElectrodeLayout.names).count == 64)
    // A dozen operations and three sines: a few units in the last place.
    #expect(ElectrodeLayout.positions.allSatisfy { abs($0.length - 1) < 1e-14 })
  }

  @Test func `left and right are mirror images`() {
    for (name, place) in zip(ElectrodeLayout.names, ElectrodeLayout.positions) {
      guard let number = Int(name.filter(\.isNumber)) else {
        #expect(abs(place.x) < 1e-15, "\(name) is on the midline")
        continue
      }
      let partner = name.filter { !$0.isNumber } + String(number % 2 == 1 ? number + 1 : number - 1)
      let image = ElectrodeLayout.position(of: partner)
      #expect((place.x < 0) == (number % 2 == 1))
      #expect(image.map { ($0 - HeadPoint(x: -place.x, y: place.y, z: place.z)).length < 1e-14 } == true, "\(name) and \(partner)")
    }
  }

  @Test(arguments: [
    ("Cz", "C1", 22.5), ("Cz", "C3", 45), ("Cz", "T7", 90), ("Cz", "T9", 112.5), ("Cz", "Fz", 45), ("Cz", "Fpz", 90), ("Fpz", "Fp1", 18),
    ("Fpz", "F7", 54), ("T7", "TP7", 18), ("Oz", "O2", 18), ("Oz", "Iz", 22.5), ("F3", "F1", 0), ("P4", "P6", 0),
  ])
  func `neighbours are apart as the ten-ten system says`(a: String, b: String, expected: Double) {
    if expected > 0 {
      // acos loses half the digits near 0; at 18° and above its error is below 1e-14 / sin 18°.
      #expect(abs(Self.degrees(a, b) - expected) < 1e-11)
    } else {
      // Along a row the steps are equal: from the midline to the ring in four.
      let row = a.filter { !$0.isNumber }
      let side = a.hasSuffix("3") ? ["z", "1", "3", "5", "7"] : ["z", "2", "4", "6", "8"]
      let steps = zip(side, side.dropFirst()).map { Self.degrees(row + $0, row + $1) }
      #expect(steps.allSatisfy { abs($0 - steps[0]) < 1e-11 })
    }
  }

  @Test(arguments: 1...64) func `a cap of any size has so many different standard electrodes`(count: Int) {
    let cap = ElectrodeLayout.cap(channelCount: count) ?? []
    #expect(cap.count == count)
    #expect(Set(cap).count == count)
    #expect(cap.allSatisfy { ElectrodeLayout.index(of: $0) != nil })
    if count >= 2 { #expect(cap.contains("C3") && cap.contains("C4")) }
  }

  @Test func `there is no cap of no or too many electrodes`() {
    #expect(ElectrodeLayout.cap(channelCount: 0) == nil)
    #expect(ElectrodeLayout.cap(channelCount: 65) == nil)
    #expect(ElectrodeLayout.cap(channelCount: -3) == nil)
  }

  @Test func `names are found whatever their case and padding`() {
    #expect(ElectrodeLayout.index(of: "Fc5.") == 0)
    #expect(ElectrodeLayout.index(of: "EEG Cz") == 10)
    #expect(ElectrodeLayout.index(of: "X1") == nil)
  }
}
