import MinhangCore
import MinhangSignal
import Testing

@testable import MinhangSimulation

@Suite struct SimulatedSubjectTests {
  @Test(arguments: 1...60) func `a person's numbers lie in the ranges of the literature`(number: Int) {
    let subject = SimulatedSubject(number: number)
    #expect((0.35...0.7).contains(subject.desynchronisation))
    #expect((0.1...0.25).contains(subject.ipsilateralShare))
    #expect((1...1.4).contains(subject.backgroundExponent))
    #expect((9...15).contains(subject.backgroundAmplitude))
    for rhythm in subject.rhythms(muAmplitude: 6) {
      let range: ClosedRange<Double>
      switch rhythm.band {
      case .mu, .alpha: range = 8...13
      case .beta: range = 16...24
      case .theta: range = 5...7
      }
      #expect(range.contains(rhythm.frequency))
      #expect(rhythm.dipole.position.length < SphericalHead.brainRadius)
      // The hand areas stay below the electrodes they are named after: within 0.06 rad of jitter in each direction, taken four times.
      if rhythm.band == .mu, let electrode = ElectrodeLayout.position(of: rhythm.side == .left ? "C3" : "C4") {
        #expect((rhythm.dipole.position.normalized - electrode).length < 0.4)
      }
    }
  }

  @Test func `a person stays the same and people differ`() {
    #expect(SimulatedSubject(number: 4) == SimulatedSubject(number: 4))
    #expect(SimulatedSubject(number: 4).rhythms(muAmplitude: 6) == SimulatedSubject(number: 4).rhythms(muAmplitude: 6))
    #expect(Set((1...200).map { SimulatedSubject(number: $0).desynchronisation }).count == 200)
    #expect(Set((1...200).map { SimulatedSubject(number: $0).rhythms(muAmplitude: 6)[0].dipole }).count == 200)
  }
}
