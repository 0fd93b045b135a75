import CMinhangKernels
import MinhangBCI

// Each C kernel beside the fastest Swift we know for the same work, in cache. A kernel must be at least 1.5 times as fast to be worth its C.
extension Workload {
  private static let repetitions = 4000
  private static let samples = 512

  /// C kernels and their Swift twins.
  static let twins: [Workload] = [
    Workload(name: "kernel_sections", summary: "C: four sections over 8 × 512 samples in cache, 4000 times") { _ in
      var block = Shape.block(samples: samples)
      let coefficients = try sections.flatMap { [$0.b0, $0.b1, $0.b2, $0.a1, $0.a2] }
      var state = [Double](repeating: 0, count: 4 * 2 * 8)
      return {
        block.withUnsafeMutableStorage { values, stride in
          for _ in 0..<repetitions { minhang_filter_sections(values, stride, samples, 8, 0, 4, coefficients, &state) }
        }
      }
    },
    Workload(name: "twin_sections", summary: "Swift: the same") { _ in
      var block = Shape.block(samples: samples)
      let sections = try sections
      var state = [SIMD8<Double>](repeating: .zero, count: 8)
      return {
        block.withUnsafeMutableStorage { values, stride in
          for _ in 0..<repetitions { filterBySwift(values, stride, samples, sections, &state) }
        }
      }
    },
    Workload(name: "kernel_window", summary: "C: sum, detrend, taper and power of the windows of the workload welch, in cache") { _ in
      let window = Array(Shape.block(samples: 500).channel(0))
      let taper = Taper.hann.coefficients(count: 500)
      var tapered = [Double](repeating: 0, count: 502)
      var power = [Double](repeating: 0, count: 251)
      return {
        for _ in 0..<windowCount {
          minhang_taper(window, taper, 500, minhang_sum(window, 500) / 500, 0, &tapered)
          minhang_add_power(tapered, 251, &power)
        }
      }
    },
    Workload(name: "twin_window", summary: "Swift: the same") { _ in
      let window = Array(Shape.block(samples: 500).channel(0))
      let taper = Taper.hann.coefficients(count: 500)
      var tapered = [Double](repeating: 0, count: 502)
      var power = [Double](repeating: 0, count: 251)
      return { for _ in 0..<windowCount { addWindowBySwift(window, taper, &tapered, &power) } }
    },
  ]

  private static let windowCount = Shape.channels * ((Shape.samples - 500) / 250 + 1)
  private static var sections: [SecondOrderSection] {
    get throws { try Butterworth.filter(order: 4, .bandPass(8...30), sampleRate: Shape.sampleRate).sections }
  }
}

/// Four sections, eight channels as lanes; the states in registers, samples gathered and scattered.
@inline(never)
private func filterBySwift(
  _ values: UnsafeMutablePointer<Double>, _ stride: Int, _ count: Int, _ s: [SecondOrderSection], _ state: inout [SIMD8<Double>]
) {
  func step(_ x: SIMD8<Double>, _ s: SecondOrderSection, _ z1: inout SIMD8<Double>, _ z2: inout SIMD8<Double>) -> SIMD8<Double> {
    let y = s.b0 * x + z1
    z1 = (s.b1 * x + z2) - s.a1 * y
    z2 = s.b2 * x - s.a2 * y
    return y
  }
  let (s0, s1, s2, s3) = (s[0], s[1], s[2], s[3])
  var (a1, a2, b1, b2) = (state[0], state[1], state[2], state[3])
  var (c1, c2, d1, d2) = (state[4], state[5], state[6], state[7])
  for i in 0..<count {
    let row = values + i
    var x = SIMD8(
      row[0], row[stride], row[2 * stride], row[3 * stride], row[4 * stride], row[5 * stride], row[6 * stride], row[7 * stride])
    x = step(x, s0, &a1, &a2)
    x = step(x, s1, &b1, &b2)
    x = step(x, s2, &c1, &c2)
    x = step(x, s3, &d1, &d2)
    for c in 0..<8 { row[c * stride] = x[c] }
  }
  state = [a1, a2, b1, b2, c1, c2, d1, d2]
}

/// Sum, detrend, taper and power of a window, eight values at a time.
@inline(never)
private func addWindowBySwift(_ window: [Double], _ taper: [Double], _ tapered: inout [Double], _ power: inout [Double]) {
  func eight(_ values: UnsafePointer<Double>, _ i: Int) -> SIMD8<Double> {
    UnsafeRawPointer(values + i).loadUnaligned(as: SIMD8<Double>.self)
  }
  let whole = window.count / 8 * 8
  var sums = SIMD8<Double>.zero
  for i in stride(from: 0, to: whole, by: 8) { sums += eight(window, i) }
  var mean = sums.sum()
  for i in whole..<window.count { mean += window[i] }
  mean /= Double(window.count)
  tapered.withUnsafeMutableBufferPointer { tapered in
    let out = UnsafeMutableRawPointer(tapered.baseAddress!)
    for i in stride(from: 0, to: whole, by: 8) {
      out.storeBytes(of: (eight(window, i) - mean) * eight(taper, i), toByteOffset: 8 * i, as: SIMD8<Double>.self)
    }
    for i in whole..<window.count { tapered[i] = (window[i] - mean) * taper[i] }
    power.withUnsafeMutableBufferPointer { power in
      let sums = UnsafeMutableRawPointer(power.baseAddress!)
      for k in stride(from: 0, to: power.count / 8 * 8, by: 8) {
        let (a, b) = (eight(tapered.baseAddress!, 2 * k), eight(tapered.baseAddress!, 2 * k + 8))
        let real = SIMD8(lowHalf: a.evenHalf, highHalf: b.evenHalf)
        let imaginary = SIMD8(lowHalf: a.oddHalf, highHalf: b.oddHalf)
        let sum = eight(power.baseAddress!, k) + real * real + imaginary * imaginary
        sums.storeBytes(of: sum, toByteOffset: 8 * k, as: SIMD8<Double>.self)
      }
      for k in power.count / 8 * 8..<power.count { power[k] += tapered[2 * k] * tapered[2 * k] + tapered[2 * k + 1] * tapered[2 * k + 1] }
    }
  }
}
