import MinhangAlgebra
import MinhangCore
import Testing

@testable import MinhangDecoding

struct CommonSpatialPatternsTests {
  struct Case: Decodable {
    let classes: Int
    let channels: Int
    let filters: Int
    let labels: [Int]
    let covariances: [Double]
    let filterMatrix: [Double]
    let patternMatrix: [Double]
    let features: [Double]

    var training: TrainingSet {
      let size = channels * channels
      return TrainingSet(
        values: labels.indices.map {
          .covariance(Matrix(rows: channels, columns: channels, Array(covariances[($0 * size)..<(($0 + 1) * size)])))
        }, labels: labels, classes: (0..<classes).map { "class\($0)" })
    }
  }

  func fitted(_ training: TrainingSet, filters: Int = 6) throws -> FittedSpatialPatterns {
    try #require(try CommonSpatialPatterns(filters: filters).fit(training) as? FittedSpatialPatterns)
  }

  func features(_ fitted: FittedSpatialPatterns, _ value: TrialValue) -> [Double] {
    var workspace = DecoderWorkspace()
    guard case .features(let features) = fitted.apply(value, using: &workspace) else { return [] }
    return features
  }

  @Test func `filters, patterns and features agree with the reference, for two and more classes`() throws {
    var largest = 0.0
    for golden in try Golden.read("csp.json", as: [Case].self) {
      let training = golden.training
      let fitted = try fitted(training, filters: golden.filters)
      let count = min(golden.filters, golden.channels)
      #expect(fitted.filters.rows == count)
      // Eigenvectors of 6 × 6 matrices with condition numbers up to a thousand: ε · 10³ with a hundredfold margin.
      let limit = 1e-10
      for r in 0..<count {
        let range = (r * golden.channels)..<((r + 1) * golden.channels)
        let expected = Array(golden.filterMatrix[range])
        // A filter's sign is arbitrary.
        let sign: Double = zip(fitted.filters.row(r), expected).reduce(0) { $0 + $1.0 * $1.1 } < 0 ? -1 : 1
        #expect(
          relativeDistance(Array(fitted.filters.row(r)), expected.map { sign * $0 }) < limit, "\(golden.classes) classes, filter \(r)")
        #expect(relativeDistance(Array(fitted.patterns.row(r)), golden.patternMatrix[range].map { sign * $0 }) < limit)
      }
      let error = relativeDistance(training.values.flatMap { features(fitted, $0) }, golden.features)
      largest = max(largest, error)
      #expect(error < limit)
      #expect(fitted.warnings.isEmpty)
    }
    print("parity CommonSpatialPatterns pyriemann.spatialfilters.CSP \(largest) (of the features, two and more classes)")
  }

  @Test(arguments: [2, 3])
  func `a change of the electrodes' mixing changes no feature`(classes: Int) throws {
    let golden = try #require(try Golden.read("csp.json", as: [Case].self).first { $0.classes == classes })
    let training = golden.training
    var generator = SeededGenerator(seed: 3)
    let n = golden.channels
    let mixing = Matrix.identity(n) + 0.2 * Matrix(rows: n, columns: n, (0..<(n * n)).map { _ in generator.nextNormal() })
    let mixed = TrainingSet(
      values: training.covariances.map { .covariance(mixing.congruence(of: $0)) }, labels: training.labels, classes: training.classes)
    let (plain, changed) = (try fitted(training), try fitted(mixed))
    // Exact for two classes but for rounding; the joint diagonalisation stops at a criterion of 1e-6.
    let limit = classes == 2 ? 1e-10 : 1e-2
    for (a, b) in zip(training.values, mixed.values) {
      #expect(relativeDistance(features(changed, b).sorted(), features(plain, a).sorted()) < limit)
    }
  }

  @Test func `each pattern's greatest element is positive, and filters and patterns are inverse`() throws {
    let golden = try Golden.read("csp.json", as: [Case].self)[0]
    let fitted = try fitted(golden.training, filters: golden.channels)
    let product = fitted.filters * fitted.patterns.transposed()
    #expect((product - .identity(golden.channels)).largestMagnitude < 1e-11)
    for r in 0..<golden.channels {
      let row = fitted.patterns.row(r)
      #expect(row.max() == row.map(abs).max())
    }
  }

  @Test(arguments: [2, 3])
  func `a deficient rank is named and handled, never NaN`(classes: Int) throws {
    // Common average reference and a duplicated channel, sample covariance: rank 4 of 6.
    var epochs = Fixtures(channels: 6, samples: 200, classes: classes, trialsPerRun: 18).epochs()
    epochs = epochs.changed { block in
      for t in 0..<block.sampleCount {
        block[channel: 5, sample: t] = block[channel: 4, sample: t]
        let mean = (0..<6).reduce(0.0) { $0 + block[channel: $1, sample: t] } / 6
        for c in 0..<6 { block[channel: c, sample: t] -= mean }
      }
    }
    let pipeline = try Pipeline(name: "scm", preprocess: [], steps: [.covariance(.empirical), .csp(filters: 4), .lda(.ledoitWolf)])
    let decoder = try pipeline.fit(epochs)
    #expect(decoder.warnings.first?.hasPrefix("csp: the covariances have rank 4 of 6") == true)
    for trial in epochs.trials {
      let scores = decoder.scores(of: trial)
      #expect(scores.isReliable && scores.probabilities.allSatisfy { $0 >= 0 && $0 <= 1 })
    }
    let scores = try Evaluation(scheme: .leaveOneRunOut).run(pipeline, on: epochs)
    #expect(scores.accuracy > scores.chance.threshold)
    #expect(scores.warnings.contains { $0.contains("rank 4 of 6") })
  }

  @Test func `trials without any signal are refused`() {
    let flat = Fixtures().epochs().changed { block in
      for c in 0..<block.channelCount { for t in 0..<block.sampleCount { block[channel: c, sample: t] = 0 } }
    }
    #expect {
      try Pipeline.named("csp-lda").fit(flat)
    } throws: { ($0 as? DecodingError)?.code == .notSolvable }
  }
}

extension Epochs {
  /// The same trials, each changed.
  func changed(_ change: (inout SignalBlock) -> Void) -> Epochs {
    Epochs(
      channels: channels, sampleRate: sampleRate, window: window, classes: classes,
      trials: trials.map { trial in
        var trial = trial
        change(&trial)
        return trial
      }, labels: labels, origins: origins)
  }
}
