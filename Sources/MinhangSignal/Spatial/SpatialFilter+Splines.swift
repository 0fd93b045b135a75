import MinhangAlgebra

extension SpatialFilter {
  /// The current source density: the surface Laplacian by spherical splines, in µV/m² for µV.
  ///
  /// Positive over a current source. Independent of the reference. Divide by 10⁴ for µV/cm². Equals
  /// `mne.preprocessing.compute_current_source_density` with a sphere around the origin. Bad channels must be left out or interpolated before.
  ///
  /// **Source:** Perrin et al. 1989, Electroencephalogr. Clin. Neurophysiol. 72:184; Kayser & Tenke 2006, Clin. Neurophysiol. 117:348.
  ///
  /// - Parameters:
  ///   - positions: A point for each channel, relative to the centre of the head; only its direction counts.
  ///   - names: Names of the channels, which the outputs keep.
  ///   - regularization: λ, added to the diagonal of the splines' matrix: smooths; 0 …< 1.
  ///   - stiffness: Order `m` of the spline, not negative.
  ///   - legendreTerms: Legendre polynomials summed, 1…10000.
  ///   - headRadius: Metres.
  /// - Throws: `SignalError` with `.invalidParameter`.
  public static func currentSourceDensity(
    positions: [HeadPoint], names: [String], regularization: Double = 1e-5, stiffness: Double = 4, legendreTerms: Int = 50,
    headRadius: Double = 0.095
  ) throws(SignalError) -> SpatialFilter {
    let points = try SphericalSpline.unitSphere(positions, called: "a current source density")
    guard points.count >= 2 else {
      throw SignalError(.invalidParameter, "a current source density of \(points.count) channels; expected at least 2")
    }
    guard (0..<1).contains(regularization), headRadius.isFinite, headRadius > 0 else {
      throw SignalError(
        .invalidParameter,
        "a current source density of regularization \(regularization) and head radius \(headRadius) m; expected 0 …< 1, and more than 0")
    }
    let spline = try SphericalSpline(stiffness: stiffness, terms: legendreTerms)
    let count = points.count
    let inverse = try inverted(spline.potentials(from: points, to: points) + regularization * Matrix.identity(count))
    // The weights of the spline through channels without their mean: C = G⁻¹ z, less what makes their sum zero. Eq. 2 and 4.
    let mean = Matrix(rows: count, columns: count, repeating: 1 / Double(count))
    var coefficients = inverse * (Matrix.identity(count) - mean)
    let columnSums = Matrix(rows: 1, columns: count, repeating: 1) * inverse
    let sums = Matrix(rows: 1, columns: count, repeating: 1) * coefficients
    let total = columnSums.values.reduce(0, +)
    for r in 0..<count { for c in 0..<count { coefficients[r, c] -= columnSums[0, r] * (sums[0, c] / total) } }
    let density = spline.currents(from: points, to: points).transposed() * coefficients  // Eq. 5
    return try SpatialFilter((1 / (headRadius * headRadius)) * density, names: names)
  }

  /// The current source density of channels at their places in the 10-5 system.
  ///
  /// - Throws: `SignalError` with `.invalidParameter` for a name without a place, and as above.
  public static func currentSourceDensity(
    of channels: [String], regularization: Double = 1e-5, stiffness: Double = 4, legendreTerms: Int = 50, headRadius: Double = 0.095
  ) throws(SignalError) -> SpatialFilter {
    try currentSourceDensity(
      positions: ElectrodePositions.positions(of: channels), names: channels, regularization: regularization, stiffness: stiffness,
      legendreTerms: legendreTerms, headRadius: headRadius)
  }

  /// Bad channels replaced by what spherical splines through the good ones say; good channels pass unchanged.
  ///
  /// What is in a bad channel reaches no output, whatever it is. Equals `mne.io.Raw.interpolate_bads` for EEG with the centre of the head at the
  /// origin.
  ///
  /// **Source:** Perrin et al. 1989, Electroencephalogr. Clin. Neurophysiol. 72:184.
  ///
  /// - Parameters:
  ///   - bad: Indices of the bad channels.
  ///   - positions: A point for each channel, relative to the centre of the head; only its direction counts.
  ///   - names: Names of the channels, which the outputs keep.
  ///   - regularization: Added to the diagonal of the splines' matrix, not negative.
  /// - Throws: `SignalError` with `.invalidParameter`.
  public static func interpolation(
    of bad: [Int], positions: [HeadPoint], names: [String], regularization: Double = 1e-5
  ) throws(SignalError) -> SpatialFilter {
    let points = try SphericalSpline.unitSphere(positions, called: "an interpolation")
    let missing = Set(bad)
    let good = points.indices.filter { !missing.contains($0) }
    guard missing.allSatisfy(points.indices.contains), !good.isEmpty else {
      throw SignalError(
        .invalidParameter, "the bad channels are \(bad.sorted()) of \(points.count); expected some of them, and at least one good channel")
    }
    guard regularization.isFinite, regularization >= 0 else {
      throw SignalError(.invalidParameter, "the regularization of an interpolation is \(regularization); expected a number not below 0")
    }
    let spline = try SphericalSpline(stiffness: 4, terms: 50)
    let count = good.count
    let goodPoints = good.map { points[$0] }
    let splines = spline.potentials(from: goodPoints, to: goodPoints)
    // The spline's weights and its constant, with weights that sum to zero: Eq. 2 in one matrix.
    var system = Matrix(rows: count + 1, columns: count + 1)
    for r in 0..<count {
      for c in 0..<count { system[r, c] = splines[r, c] + (r == c ? regularization : 0) }
      (system[r, count], system[count, r]) = (1, 1)
    }
    let inverse = try inverted(system)
    var weights = Matrix(rows: points.count, columns: points.count)
    for g in good { weights[g, g] = 1 }
    for b in missing {
      let at = spline.potentials(from: [points[b]], to: goodPoints)
      let row = Matrix(rows: 1, columns: count + 1, at.row(0) + [1]) * inverse  // Eq. 1
      for (k, g) in good.enumerated() { weights[b, g] = row[0, k] }
    }
    return try SpatialFilter(weights, names: names)
  }

  /// Bad channels, by their names, interpolated at their places in the 10-5 system.
  ///
  /// - Throws: `SignalError` with `.invalidParameter` for a name without a place or without a channel, and as above.
  public static func interpolation(
    of bad: [String], in channels: [String], regularization: Double = 1e-5
  ) throws(SignalError) -> SpatialFilter {
    try interpolation(
      of: ChannelLookup(channels).indices(of: bad), positions: ElectrodePositions.positions(of: channels), names: channels,
      regularization: regularization)
  }

  private static func inverted(_ matrix: Matrix) throws(SignalError) -> Matrix {
    do {
      return try matrix.inverse()
    } catch {
      throw SignalError(.invalidParameter, "the spherical splines have no solution: \(error); expected positions that differ")
    }
  }
}
