import MinhangCore
import Testing

@testable import MinhangSignal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct HyperbolicTangentTests {
  @Test func `values equal the system's tanh`() {
    var generator = SeededGenerator(seed: 4)
    let special = [0, -0.0, 1e-300, 1e-17, -1e-9, 0.17, 0.3465, 0.3466, 18, 19.9, 20, 21, 500, -1e300]
    let inputs = special + (0..<20_000).map { _ in 5 * generator.nextNormal() }
    var values = inputs
    let squares = values.withUnsafeMutableBufferPointer { HyperbolicTangent.replace($0.baseAddress!, count: $0.count) }
    var (worst, sum) = (0.0, 0.0)
    for (x, got) in zip(inputs, values) {
      worst = max(worst, (got - tanh(x)).magnitude)
      sum += got * got
    }
    reportArtefactParity("HyperbolicTangent", "tanh", worst)
    // Two roundings of numbers up to 1, and the system's own.
    #expect(worst <= 4.5e-16)
    // Four sums against one, of 20 000 terms.
    #expect((squares - sum).magnitude < 1e-9)
    #expect(values[1].sign == .minus && values[12] == 1 && values[13] == -1)
  }
}
