import MinhangAlgebra
import MinhangCore
import Testing

@testable import MinhangSignal

struct ComponentAnalysisTests {
  private struct Goldens: Decodable {
    struct Case: Decodable {
      let `case`: Int
      let count: Int
      let mixing: [Double]
      let unmixing: [Double]
    }
    let cases: [Case]
  }

  /// Five sources of different distributions, mixed by `mixing`.
  private static func mixed(case number: Int, count: Int, mixing: Matrix) -> SignalBlock {
    let sources = (0..<5).map { k -> [Double] in
      let e = SharedSignals.noise(700 + 10 * number + k, count)
      switch k {
      case 0: return e.map { $0 * $0 * $0 }
      case 1: return SharedSignals.uniform(740 + 10 * number + k, count).map { $0 * 6 }
      case 2: return e.map { $0 * $0.magnitude }
      case 3: return SharedSignals.smoothed(e.map { $0 * $0 * $0 }, 0.3)
      default: return e.map { $0 * $0 }
      }
    }
    return SharedSignals.block(
      (0..<5).map { r in
        var row = [Double](repeating: 0, count: count)
        for c in 0..<5 { for i in 0..<count { row[i] += mixing[r, c] * 10 * sources[c][i] } }
        return row
      })
  }

  private static func cases() throws -> [(signal: SignalBlock, mixing: Matrix, reference: Matrix)] {
    let goldens: Goldens = try artefactGolden("artefact-ica.json")
    return goldens.cases.map { item in
      let mixing = Matrix(rows: 5, columns: 5, item.mixing)
      return (mixed(case: item.case, count: item.count, mixing: mixing), mixing, Matrix(rows: 5, columns: 5, item.unmixing))
    }
  }

  /// Amari's distance of `product` from a scaled permutation, 0…1.
  ///
  /// **Source:** Amari, Cichocki & Yang 1996, "A new learning algorithm for blind signal separation", NIPS 8, equation 15.
  private static func amariDistance(_ product: Matrix) -> Double {
    let n = product.rows
    func sum(_ lines: [[Double]]) -> Double {
      lines.reduce(0) { total, line in
        let magnitudes = line.map(\.magnitude)
        return total + magnitudes.reduce(0, +) / magnitudes.reduce(0, max) - 1
      }
    }
    return (sum((0..<n).map { Array(product.row($0)) }) + sum((0..<n).map { product.column($0) })) / Double(2 * n * (n - 1))
  }

  @Test func `unmixing equals scikit-learn's up to order and sign, and unmixes`() throws {
    for (signal, mixing, reference) in try Self.cases() {
      let fitted = try IndependentComponentAnalysis().fit(signal)
      #expect(fitted.converged)
      let distance = Self.amariDistance(fitted.unmixing * (try reference.inverse()))
      reportArtefactParity("IndependentComponentAnalysis", "sklearn.decomposition.FastICA", distance)
      // Both stop at the same fixed point: ours when no row turns by 1e-9 in its cosine, and the last step was quadratic.
      #expect(distance < 1e-5)
      // The estimate from a few thousand samples: errors of a contrast's stationary point are of order 1 / √samples ≈ 0.02.
      #expect(Self.amariDistance(fitted.unmixing * mixing) < 0.03)
    }
  }

  @Test func `another seed finds the same components in the same order with the same signs`() throws {
    let (signal, _, _) = try Self.cases()[0]
    var analysis = IndependentComponentAnalysis()
    let first = try analysis.fit(signal)
    #expect(try analysis.fit(signal) == first)
    for seed in [2, 3] as [UInt64] {
      analysis.seed = seed
      let other = try analysis.fit(signal)
      let difference = (other.mixing - first.mixing).largestMagnitude / first.mixing.largestMagnitude
      // As near as the tolerance lets the iteration stop.
      #expect(difference < 1e-4)
    }
    #expect(zip(first.explainedVariance, first.explainedVariance.dropFirst()).allSatisfy { $0 >= $1 })
    for k in 0..<5 {
      let column = first.mixing.column(k)
      #expect(column.max() == column.map(\.magnitude).max())
    }
  }

  @Test func `components have variance 1, and mixing undoes unmixing`() throws {
    let (signal, _, _) = try Self.cases()[0]
    let fitted = try IndependentComponentAnalysis().fit(signal)
    // Products of matrices of condition 10.
    #expect((fitted.mixing * fitted.unmixing - .identity(5)).largestMagnitude < 1e-11)
    #expect((fitted.explainedVariance.reduce(0, +) - 1).magnitude < 1e-12)
    let components = fitted.components(of: signal)
    let covariance = components.withUnsafeStorage { rows, stride in
      Matrix(gramOfRows: rows, count: 5, length: signal.sampleCount, stride: stride, scale: 1 / Double(signal.sampleCount))
    }
    #expect((covariance - .identity(5)).largestMagnitude < 1e-11)
  }

  @Test func `removal takes a component away and leaves the others`() throws {
    let (signal, _, _) = try Self.cases()[1]
    let fitted = try IndependentComponentAnalysis().fit(signal)
    var cleaned = signal
    var stage = fitted.stage(removing: [1, 3])
    stage.process(&cleaned)
    let (before, after) = (fitted.components(of: signal), fitted.components(of: cleaned))
    for k in 0..<5 {
      for i in 0..<signal.sampleCount {
        let expected = [1, 3].contains(k) ? 0 : before[channel: k, sample: i]
        // Rounding of values up to 1e3 times the condition.
        guard (after[channel: k, sample: i] - expected).magnitude < 1e-10 else {
          Issue.record("component \(k) at \(i): \(after[channel: k, sample: i]), expected \(expected)")
          return
        }
      }
    }
    // Removing everything leaves the means; removing nothing leaves everything.
    #expect((fitted.removal(of: [0, 1, 2, 3, 4]) - .identity(5)).largestMagnitude < 1e-11)
    #expect(fitted.removal(of: []).largestMagnitude == 0)
  }

  @Test func `a common average reference takes a dimension away, and no component is made of it`() throws {
    var (signal, _, _) = try Self.cases()[0]
    var reference = CommonAverageReference()
    reference.process(&signal)
    let fitted = try IndependentComponentAnalysis().fit(signal)
    #expect(fitted.componentCount == 4 && fitted.converged)
    var analysis = IndependentComponentAnalysis()
    analysis.componentCount = 2
    #expect(try analysis.fit(signal).componentCount == 2)
  }

  @Test func `the table tells a blink and the line from the rest`() throws {
    let (rate, count) = (200.0, 4000)
    var rows = SharedSignals.brain(40, 4, count)
    var eye = [Double](repeating: 0, count: count)
    for start in stride(from: 150, to: count - 100, by: 550) {
      for i in 0..<60 { eye[start + i] = 400 * sine(i, frequency: 1, rate: 120) }
    }
    for c in 0..<4 {
      for i in 0..<count {
        rows[c][i] += [0.9, 0.5, 0.2, 0.05][c] * eye[i] + [15, 27, 90, 42][c] * sine(i, frequency: 50, rate: rate)
      }
    }
    let signal = SharedSignals.block(rows)
    let fitted = try IndependentComponentAnalysis().fit(signal)
    let table = try fitted.table(of: signal, artefactChannels: SharedSignals.block([eye]), lineFrequency: 50, sampleRate: rate)
    let blink = try #require(table.max { $0.largestCorrelation < $1.largestCorrelation })
    // Blinks are 7 % of the time and 20 times the rest.
    #expect(blink.largestCorrelation > 0.95 && blink.kurtosis > 5)
    let line = try #require(table.max { $0.lineShare < $1.lineShare })
    // A sine has an excess kurtosis of −1.5.
    #expect(line.lineShare > 0.8 && line.kurtosis < -0.8 && line.component != blink.component)
    #expect(table.map(\.component) == [0, 1, 2, 3] && table.map(\.explainedVariance) == fitted.explainedVariance)
    let plain = try fitted.table(of: signal, sampleRate: rate)
    #expect(plain.allSatisfy { $0.lineShare.isNaN && $0.correlations.isEmpty && $0.largestCorrelation == 0 })
  }

  @Test func `samples that are not finite take no part in the fit`() throws {
    var (signal, _, _) = try Self.cases()[0]
    let expected = try IndependentComponentAnalysis().fit(TestSignals.cut(signal, 0..<2900))
    for i in 2900..<3000 { signal[channel: i % 5, sample: i] = .nan }
    #expect(try IndependentComponentAnalysis().fit(signal) == expected)
  }

  @Test func `non-convergence is a result, bad settings and signals are errors`() throws {
    let (signal, _, _) = try Self.cases()[0]
    var analysis = IndependentComponentAnalysis()
    analysis.iterationLimit = 1
    let fitted = try analysis.fit(signal)
    #expect(!fitted.converged && fitted.iterations == 1)
    analysis.componentCount = 6
    #expect(throws: SignalError.self) { try analysis.fit(signal) }
    #expect(throws: SignalError.self) { try IndependentComponentAnalysis().fit(TestSignals.cut(signal, 0..<99)) }
    #expect(throws: SignalError.self) { try IndependentComponentAnalysis().fit(SignalBlock(channelCount: 3, sampleCount: 500)) }
    #expect(throws: SignalError.self) { try fitted.table(of: signal, lineFrequency: 100, sampleRate: 200) }
  }
}
