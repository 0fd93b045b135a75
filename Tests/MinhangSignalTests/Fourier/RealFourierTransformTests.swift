import MinhangCore
import Testing

@testable import MinhangSignal

struct RealFourierTransformTests {
  /// Every length to 130, then every 17th, the primes near 1000 and some powers.
  static let lengths = Array(1...130) + stride(from: 131, through: 1000, by: 17) + [256, 512, 983, 991, 997, 999, 1000]

  @Test func `every length equals the transform by its definition`() throws {
    var generator = SeededGenerator(seed: 3)
    for length in Self.lengths {
      let samples = (0..<length).map { _ in generator.nextNormal() }
      let got = try RealFourierTransform(length: length).forward(samples)
      let expected = naiveTransform(samples)
      #expect(got.count == length / 2 + 1)
      let scale = samples.reduce(0) { $0 + $1 * $1 }.squareRoot() * Double(length).squareRoot()
      // The naive sum errs by up to n·eps of √n·‖x‖ in the worst case, √n·eps in practice; 4 leaves room.
      let tolerance = 4 * Double(length).squareRoot() * Double.ulpOfOne * scale + 1e-300
      for (a, b) in zip(got, expected) {
        #expect((a.real - b.real).magnitude <= tolerance && (a.imaginary - b.imaginary).magnitude <= tolerance, "length \(length)")
      }
    }
  }

  @Test func `a plan made again gives the same bits, and so does one shared by tasks`() async throws {
    let samples = TestSignals.drifting(channels: 1, samples: 500).channel(0).map { $0 }
    let plan = try RealFourierTransform(length: 500)
    let first = plan.forward(samples)
    let again = try RealFourierTransform(length: 500).forward(samples)
    #expect(again == first)
    let results = await withTaskGroup(of: [ComplexNumber].self) { group in
      for length in 1...8 {
        group.addTask {
          _ = try? RealFourierTransform(length: 97 * length)  // planning meanwhile must not disturb
          return plan.forward(samples)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.allSatisfy { $0 == first })
  }

  @Test(arguments: [0, -1, Int.min, Int.max])
  func `impossible lengths are refused`(length: Int) {
    #expect(throws: SignalError.self) { try RealFourierTransform(length: length) }
  }
}
