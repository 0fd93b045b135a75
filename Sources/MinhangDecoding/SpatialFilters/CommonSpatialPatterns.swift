import MinhangAlgebra
import MinhangCore

// Goals: the filters and features of the field's reference to the last digits, for two and for more classes; a composite covariance that is
// not of full rank is named and shrunk, never inverted blindly.
// Sources: Koles, Lazar & Zhou 1990, Brain Topogr. 2:275; Blankertz et al. 2008, "Optimizing spatial filters for robust EEG single-trial
// analysis", IEEE Signal Process. Mag. 25:41 (two classes); Grosse-Wentrup & Buss 2008, "Multiclass common spatial patterns and information
// theoretic feature extraction", IEEE Trans. Biomed. Eng. 55:1991, Eq. 20 (more classes).

/// The step `csp`: common spatial patterns, covariances in, logarithms of the filtered variances out.
public struct CommonSpatialPatterns: PipelineStep {
  /// How many filters to keep; all of them where there are fewer channels.
  public let filters: Int

  /// Makes the step.
  ///
  /// - Precondition: at least one filter.
  public init(filters: Int = 6) {
    precondition(filters > 0, "\(filters) filters")
    self.filters = filters
  }

  /// `csp`.
  public static let key = "csp"
  /// Takes a covariance.
  public var input: TrialForm { .covariance }
  /// Gives features.
  public var output: TrialForm { .features }
  /// Learns the filters.
  public var learns: Bool { true }

  /// Learns the filters from the class means of the covariances (arithmetic means).
  ///
  /// - Throws: `DecodingError` `.tooFewTrials` for a class without trials, `.notFinite`, `.notSolvable`.
  public func fit(_ training: TrainingSet) throws(DecodingError) -> any FittedStep {
    try training.requireTrials(1, for: "csp")
    let covariances = training.covariances
    var means: [Matrix] = []
    for label in training.classes.indices {
      let members = training.trials(ofClass: label)
      var sum = covariances[members[0]]
      for member in members.dropFirst() { sum += covariances[member] }
      means.append((1 / Double(members.count)) * sum)
    }
    let weights = training.classes.indices.map { label in
      Double(training.labels.count(where: { $0 == label })) / Double(training.labels.count)
    }
    return try solve(means, weights: weights)
  }

  private func solve(_ classMeans: [Matrix], weights: [Double]) throws(DecodingError) -> FittedSpatialPatterns {
    guard classMeans.allSatisfy(\.isFinite) else {
      throw DecodingError(.notFinite, "csp: a covariance holds NaN or infinities; expected finite trials")
    }
    do throws(AlgebraError) {
      let (means, warning) = try FullRank.ensured(classMeans)
      var warnings = warning.map { ["csp: \($0)"] } ?? []
      let vectors: Matrix  // one filter in each row, best first
      if means.count == 2 {
        vectors = try Self.twoClass(means)
      } else {
        let (found, converged) = try Self.multiClass(means, weights: weights)
        vectors = found
        if !converged { warnings.append("csp: the joint diagonalisation did not converge in 20 sweeps") }
      }
      return try FittedSpatialPatterns(vectors: vectors, keeping: filters, warnings: warnings)
    } catch {
      throw DecodingError(.notSolvable, "csp: \(error.message)")
    }
  }

  /// Eigenvectors of `C₁ v = λ (C₀ + C₁) v`, the farthest from λ = ½ first.
  private static func twoClass(_ means: [Matrix]) throws(AlgebraError) -> Matrix {
    let eigen = try Matrix.generalizedSymmetricEigen(means[1], means[0] + means[1])
    let distances = eigen.values.map { abs($0 - 0.5) }
    return reordered(eigen.vectors.transposed(), descending: distances)
  }

  /// Rows of the joint diagonaliser, the greatest mutual information with the class first.
  private static func multiClass(_ means: [Matrix], weights: [Double]) throws(AlgebraError) -> (Matrix, Bool) {
    let solution = JointDiagonalization(means)
    let n = means[0].rows
    var total = means[0]
    for mean in means.dropFirst() { total += mean }
    total = (1 / Double(means.count)) * total
    var vectors = solution.diagonalizer
    var information: [Double] = []
    for r in 0..<n {
      let row = Array(vectors.row(r))
      let norm = total.quadraticForm(row).squareRoot()
      let unit = row.map { $0 / norm }
      for c in 0..<n { vectors[r, c] = unit[c] }
      // Eq. 20: −Σ P(c) log √(wᵀCw) − 3/16 (Σ P(c) ((wᵀCw)² − 1))².
      var (entropy, curtosis) = (0.0, 0.0)
      for (mean, weight) in zip(means, weights) {
        let power = mean.quadraticForm(unit)
        entropy += weight * Mathematics.naturalLogarithm(power.squareRoot())
        curtosis += weight * (power * power - 1)
      }
      information.append(-(entropy + 3.0 / 16 * curtosis * curtosis))
    }
    guard vectors.isFinite else { throw AlgebraError(.notConverged, "the joint diagonalisation of \(means.count) matrices diverged") }
    return (reordered(vectors, descending: information), solution.converged)
  }

  /// Rows in descending order of a score; of equal scores the later row first, as the reference sorts.
  private static func reordered(_ rows: Matrix, descending scores: [Double]) -> Matrix {
    let order = scores.indices.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 > $1 }
    return Matrix(rows: rows.rows, columns: rows.columns, order.flatMap { rows.row($0) })
  }

  /// Makes the fitted step again.
  public func restored(from arrays: NamedArrays) throws(DecodingError) -> any FittedStep {
    try FittedSpatialPatterns(filters: arrays.matrix("filters"), patterns: arrays.matrix("patterns"))
  }

  /// Reads `csp: {filters: 6}`.
  public init(settings: SettingsReader) throws(DecodingError) {
    filters = try settings.integer("filters", in: 1...1024, default: 6)
    try settings.allowOnly(["filters"])
  }

  /// `csp: {filters: 6}`.
  public var settings: Settings { .map([("filters", .word("\(filters)"))]) }
}

extension Matrix {
  /// `xᵀ · A · x`.
  func quadraticForm(_ x: [Double]) -> Double {
    precondition(rows == x.count && columns == x.count, "a quadratic form of \(rows) × \(columns) at a vector of \(x.count)")
    return withUnsafeValues { values in
      var sum = 0.0
      for r in 0..<x.count {
        var inner = 0.0
        for c in 0..<x.count { inner += values[r * x.count + c] * x[c] }
        sum += x[r] * inner
      }
      return sum
    }
  }
}
