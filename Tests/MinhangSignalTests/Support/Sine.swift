#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sample `index` of a sine of amplitude 1.
func sine(_ index: Int, frequency: Double, rate: Double, phase: Double = 0) -> Double {
  sin(2 * Double.pi * frequency * Double(index) / rate + phase)
}

/// The discrete Fourier transform by its definition; the angle is reduced in whole numbers first, so that it is exact.
func naiveTransform(_ samples: [Double]) -> [ComplexNumberPair] {
  let n = samples.count
  let table = (0..<n).map { (cos(2 * Double.pi * Double($0) / Double(n)), -sin(2 * Double.pi * Double($0) / Double(n))) }
  return (0...(n / 2)).map { k in
    var sum = ComplexNumberPair(real: 0, imaginary: 0)
    for (i, x) in samples.enumerated() {
      let (c, s) = table[i * k % n]
      sum.real += x * c
      sum.imaginary += x * s
    }
    return sum
  }
}

struct ComplexNumberPair {
  var real: Double
  var imaginary: Double
}
