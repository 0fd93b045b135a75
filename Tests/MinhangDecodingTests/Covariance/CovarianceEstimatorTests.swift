import MinhangAlgebra
import MinhangCore
import Testing

@testable import MinhangDecoding

struct CovarianceEstimatorTests {
  struct Case: Decodable {
    let name: String
    let channels: Int
    let samples: Int
    let x: [Double]
    let empirical: [Double]
    let ledoitWolf: [Double]
    let oas: [Double]

    enum CodingKeys: String, CodingKey {
      case name, channels, samples, x, empirical, oas
      case ledoitWolf = "ledoit-wolf"
    }
  }

  func covariance(_ block: SignalBlock, _ estimator: CovarianceEstimator) -> Matrix {
    var workspace = DecoderWorkspace()
    return estimator.covariance(of: block, using: &workspace)
  }

  func block(_ channels: Int, _ samples: Int, seed: UInt64 = 1) -> SignalBlock {
    var generator = SeededGenerator(seed: seed)
    return SignalBlock(contiguous: (0..<(channels * samples)).map { _ in generator.nextNormal() * 10 + 3 }, channelCount: channels)
  }

  @Test func `every estimator agrees with the reference`() throws {
    var largest: [CovarianceEstimator: Double] = [:]
    for golden in try Golden.read("covariance.json", as: [Case].self) {
      let block = SignalBlock(contiguous: golden.x, channelCount: golden.channels)
      // n roundings of products, and the mean of an offset of 1000 loses three digits.
      for (estimator, expected) in [
        (CovarianceEstimator.empirical, golden.empirical), (.ledoitWolf, golden.ledoitWolf), (.oas, golden.oas),
      ] {
        let error = relativeDistance(covariance(block, estimator).values, expected)
        largest[estimator] = max(largest[estimator] ?? 0, error)
        #expect(error < 1e-12, "\(golden.name), \(estimator)")
      }
    }
    for (estimator, error) in largest { print("parity CovarianceEstimator.\(estimator) pyriemann.estimation.Covariances \(error)") }
  }

  @Test(arguments: CovarianceEstimator.allCases)
  func `an offset changes nothing and a scale comes squared`(estimator: CovarianceEstimator) {
    let block = block(5, 37)
    let plain = covariance(block, estimator)
    var shifted = block
    var scaled = block
    for c in 0..<5 {
      for t in 0..<37 {
        shifted[channel: c, sample: t] += 64
        scaled[channel: c, sample: t] *= 4
      }
    }
    #expect(relativeDistance(covariance(shifted, estimator).values, plain.values) < 1e-13)  // 64/10 costs one digit of 16
    #expect(relativeDistance(covariance(scaled, estimator).values, plain.values.map { $0 * 16 }) < 1e-15)  // powers of two are exact
  }

  @Test(arguments: CovarianceEstimator.allCases)
  func `channels in another order give the matrix in that order`(estimator: CovarianceEstimator) {
    let block = block(4, 50)
    let order = [2, 0, 3, 1]
    let turned = SignalBlock(contiguous: order.flatMap { Array(block.channel($0)) }, channelCount: 4)
    let (plain, permuted) = (covariance(block, estimator), covariance(turned, estimator))
    for r in 0..<4 { for c in 0..<4 { #expect(abs(permuted[r, c] - plain[order[r], order[c]]) < 1e-12) } }
  }

  @Test(arguments: CovarianceEstimator.allCases)
  func `the matrix is symmetric to the last bit and its trace is that of the sample covariance`(estimator: CovarianceEstimator) {
    let block = block(9, 6)
    let matrix = covariance(block, estimator)
    #expect(matrix == matrix.transposed())
    #expect(abs(matrix.trace - covariance(block, .empirical).trace) < 1e-11)
  }

  @Test func `shrinkage makes a deficient matrix positive definite`() throws {
    let block = block(12, 5)
    #expect(try covariance(block, .empirical).singularValues().rank < 12)
    for estimator in [CovarianceEstimator.oas, .ledoitWolf] {
      #expect(try covariance(block, estimator).symmetricEigen().values[0] > 0)
    }
  }

  @Test(arguments: CovarianceEstimator.allCases)
  func `constant channels give zeros, never NaN; NaN stays to be seen`(estimator: CovarianceEstimator) {
    let flat = SignalBlock(contiguous: [Double](repeating: 7, count: 30), channelCount: 3)
    #expect(covariance(flat, estimator) == Matrix(rows: 3, columns: 3))
    var spoilt = block(3, 10)
    spoilt[channel: 1, sample: 4] = .nan
    #expect(!covariance(spoilt, estimator).isFinite)
  }

  @Test func `the bits do not depend on where the window lies in memory`() {
    let samples = 101
    let whole = block(7, samples + 16, seed: 5)
    var reference: Matrix?
    var workspace = DecoderWorkspace()
    for offset in 0..<8 {
      // The same numbers at another distance from a 64-byte border, and with another stride.
      var moved = SignalBlock(channelCount: 7, sampleCount: samples + offset, capacity: samples + 24 + offset)
      for c in 0..<7 { for t in 0..<samples { moved[channel: c, sample: t + offset] = whole[channel: c, sample: t] } }
      let matrix = moved.withUnsafeStorage { storage, stride in
        CovarianceEstimator.oas.covariance(of: storage + offset, count: 7, length: samples, stride: stride, using: &workspace).matrix
      }
      if let reference { #expect(matrix == reference) } else { reference = matrix }
    }
  }
}
