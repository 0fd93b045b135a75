import MinhangAlgebra
import MinhangCore
import Testing

@testable import MinhangSignal

struct SeparationGoldens: Decodable {
  struct Line: Decodable {
    let frequency: Int
    let rate: Int
    let removed: Int
    let kept: Int
    let every: Int
    let cleaned: [Double]
  }
  let unmixing: [Double]
  let mixing: [Double]
  let baselinePower: [Double]
  let biasedPower: [Double]
  let lines: [Line]
}

struct SourceSeparationTests {
  private static func covariance(_ seed: Int, _ count: Int) -> Matrix {
    SharedSignals.block(SharedSignals.brain(seed, 5, count)).withUnsafeStorage {
      Matrix(gramOfRows: $0, count: 5, length: count, stride: $1, scale: 1 / Double(count))
    }
  }

  @Test func `components equal meegkit's up to sign`() throws {
    let golden: SeparationGoldens = try artefactGolden("artefact-separation.json")
    let fitted = try DenoisingSourceSeparation().fit(baseline: Self.covariance(800, 2000), biased: Self.covariance(850, 300))
    let unmixing = Matrix(rows: 5, columns: 5, golden.unmixing).transposed()
    let mixing = Matrix(rows: 5, columns: 5, golden.mixing).transposed()
    var worst = max(scaledDifference(fitted.baselinePower, golden.baselinePower), scaledDifference(fitted.biasedPower, golden.biasedPower))
    for k in 0..<5 {
      let sign = zip(fitted.unmixing.row(k), unmixing.row(k)).reduce(0.0) { $0 + $1.0 * $1.1 } < 0 ? -1.0 : 1.0
      worst = max(worst, scaledDifference(fitted.unmixing.row(k), unmixing.row(k).map { sign * $0 }))
      worst = max(worst, scaledDifference(fitted.mixing.column(k), mixing.column(k).map { sign * $0 }))
    }
    reportArtefactParity("DenoisingSourceSeparation", "meegkit.dss.dss0", worst)
    // Eigenvectors whose values lie apart by some per cent: rounding times a hundred, times the whitening's condition.
    #expect(worst < 1e-11)
  }

  @Test func `a known source is found, and removal leaves nothing of its component`() throws {
    let source = SharedSignals.noise(5, 2000)
    var rows = SharedSignals.brain(60, 4, 2000)
    for c in 0..<4 { for i in 0..<2000 { rows[c][i] += Double(100 - 20 * c) * source[i] } }
    let signal = SharedSignals.block(rows)
    let pattern = Matrix(rows: 4, columns: 1, [100, 80, 60, 40])
    let baseline = signal.withUnsafeStorage { Matrix(gramOfRows: $0, count: 4, length: 2000, stride: $1, scale: 1 / 2000) }
    let fitted = try DenoisingSourceSeparation().fit(baseline: baseline, biased: pattern.congruence(of: .identity(1)))
    // A bias of one dimension has one component.
    #expect(fitted.componentCount == 1)
    let values = (0..<2000).map { i in (0..<4).reduce(0.0) { $0 + fitted.unmixing[0, $1] * signal[channel: $1, sample: i] } }
    let product = zip(values, source).reduce(0.0) { $0 + $1.0 * $1.1 }
    let norms = values.reduce(0.0) { $0 + $1 * $1 } * source.reduce(0.0) { $0 + $1 * $1 }
    // The source is ten times the rest in every channel.
    #expect(product.magnitude / norms.squareRoot() > 0.98)
    let removal = fitted.stage(removing: [0]).removal
    #expect((fitted.unmixing - fitted.unmixing * removal).largestMagnitude < 1e-12 * fitted.unmixing.largestMagnitude)
    #expect((removal * removal - removal).largestMagnitude < 1e-12)
    #expect(fitted.mixing.column(0).max() == fitted.mixing.column(0).map(\.magnitude).max())
  }

  @Test func `directions without power are left out, and every column has its largest element positive`() throws {
    for seed in 0..<8 {
      // A common average takes one dimension; rounding leaves it a trace of power.
      let average = Matrix.identity(5) - Matrix(rows: 5, columns: 5, repeating: 0.2)
      let fitted = try DenoisingSourceSeparation().fit(
        baseline: average.congruence(of: Self.covariance(800 + 10 * seed, 2000)),
        biased: average.congruence(of: Self.covariance(850 + 10 * seed, 300)))
      #expect(fitted.componentCount == 4)
      for k in 0..<fitted.componentCount {
        let column = fitted.mixing.column(k)
        #expect(column.max() == column.map(\.magnitude).max())
      }
    }
  }

  @Test func `covariances without power are refused`() {
    #expect(throws: SignalError.self) { try DenoisingSourceSeparation().fit(baseline: Matrix(rows: 3, columns: 3), biased: .identity(3)) }
    #expect(throws: SignalError.self) {
      try DenoisingSourceSeparation().fit(baseline: Matrix(rows: 2, columns: 2, repeating: .nan), biased: .identity(2))
    }
  }
}
