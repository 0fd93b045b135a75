import MinhangAlgebra

/// Spatial filters that were learnt, and the patterns that belong to them.
public struct FittedSpatialPatterns: FittedStep, Hashable {
  /// The filters, one in each row, best first: `[filters × channels]`.
  public let filters: Matrix
  /// The patterns, one in each row: how a source of each filter's kind shows on the scalp.
  ///
  /// `[filters × channels]`.
  public let patterns: Matrix
  /// What a person should know about the fit.
  public let warnings: [String]

  /// Keeps the first of a full set of filters, with their signs set so that each pattern's greatest element is positive.
  init(vectors: Matrix, keeping count: Int, warnings: [String]) throws(AlgebraError) {
    let n = vectors.columns
    let kept = min(count, vectors.rows)
    // The patterns are the columns of the inverse: A = W⁻¹ (Haufe et al. 2014, "On the interpretation of weight vectors", Eq. 6).
    let inverse = try vectors.inverse()
    var filters = Matrix(rows: kept, columns: n, Array(vectors.values.prefix(kept * n)))
    var patterns = Matrix(rows: kept, columns: n)
    for r in 0..<kept {
      let pattern = inverse.column(r)
      let peak = pattern.indices.reduce(0) { abs(pattern[$1]) > abs(pattern[$0]) ? $1 : $0 }
      let sign: Double = pattern[peak] < 0 ? -1 : 1
      for c in 0..<n {
        filters[r, c] *= sign
        patterns[r, c] = sign * pattern[c]
      }
    }
    self.filters = filters
    self.patterns = patterns
    self.warnings = warnings
  }

  /// Filters read from a model file.
  init(filters: Matrix, patterns: Matrix) throws(DecodingError) {
    guard filters.rows > 0, filters.columns > 0, patterns.rows == filters.rows, patterns.columns == filters.columns else {
      throw DecodingError(
        .invalidModel,
        "filters of \(filters.rows) × \(filters.columns) and patterns of \(patterns.rows) × \(patterns.columns); expected one shape, not empty"
      )
    }
    self.filters = filters
    self.patterns = patterns
    self.warnings = []
  }

  /// `log(wᵀ C w)` of each filter.
  public func apply(_ value: TrialValue, using workspace: inout DecoderWorkspace) -> TrialValue {
    guard case .covariance(let covariance) = value else { preconditionFailure("a \(value.form) where a covariance is expected") }
    let product = filters * covariance
    let n = filters.columns
    var features = [Double](repeating: 0, count: filters.rows)
    product.withUnsafeValues { product in
      filters.withUnsafeValues { filters in
        for r in features.indices {
          var power = 0.0
          for c in 0..<n { power += product[r * n + c] * filters[r * n + c] }
          features[r] = Mathematics.logarithmOfVariance(power)
        }
      }
    }
    return .features(features)
  }

  /// A feature for each filter.
  public func shape(for input: TrialShape) throws(DecodingError) -> TrialShape {
    guard input == .covariance(size: filters.columns) else {
      throw Self.misfit(CommonSpatialPatterns.key, input, expected: "a covariance of \(filters.columns) channels")
    }
    return .features(count: filters.rows)
  }

  /// `filters` and `patterns`.
  public var arrays: NamedArrays {
    var arrays = NamedArrays()
    arrays.add("filters", filters)
    arrays.add("patterns", patterns)
    return arrays
  }
}
