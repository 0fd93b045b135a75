/// The factor by which a sampling rate changes, `up / down` in lowest terms.
public struct ResamplingRatio: Sendable, Hashable, CustomStringConvertible {
  /// Numerator: output samples for every `down` input samples.
  public let up: Int
  /// Denominator: input samples for every `up` output samples.
  public let down: Int

  /// The largest numerator and denominator: the anti-aliasing filter has twenty taps for each unit.
  public static let largestTerm = 1 << 16

  /// Makes a ratio of two whole numbers, brought to lowest terms.
  ///
  /// - Throws: `SignalError` with `.invalidParameter` where a number is below 1, or above `largestTerm` in lowest terms.
  public init(up: Int, down: Int) throws(SignalError) {
    guard up >= 1, down >= 1 else {
      throw SignalError(.invalidParameter, "a resampling ratio of \(up)/\(down); expected two whole numbers of at least 1")
    }
    let divisor = Self.greatestCommonDivisor(up, down)
    guard max(up, down) / divisor <= Self.largestTerm else {
      throw SignalError(
        .invalidParameter,
        "a resampling ratio of \(up / divisor)/\(down / divisor) in lowest terms; expected numbers up to \(Self.largestTerm)")
    }
    self.up = up / divisor
    self.down = down / divisor
  }

  /// The exact ratio of two sampling rates: from 250 Hz to 200 Hz is 4/5.
  ///
  /// Each rate is taken for the simplest fraction that it is the double of, to four units in the last place (a rate in a file is often a
  /// quotient of two rounded numbers): 12.8 is 64/5. Rates such as `100 · √2` have no such fraction and are refused, since samples at an
  /// irrational ratio never meet.
  ///
  /// - Parameters:
  ///   - rate: Sampling rate of the input, Hz.
  ///   - newRate: Sampling rate of the output, Hz.
  /// - Throws: `SignalError` with `.invalidFrequency` for a rate that is not positive and finite or is no fraction, and for two rates whose
  ///   ratio has terms above `largestTerm`.
  public init(from rate: Double, to newRate: Double) throws(SignalError) {
    let (p, q) = try Self.fraction(of: rate)
    let (newP, newQ) = try Self.fraction(of: newRate)
    // newP · q / (newQ · p), each pair divided first, so that little is left to multiply.
    let first = Self.greatestCommonDivisor(newP, p)
    let second = Self.greatestCommonDivisor(q, newQ)
    let (up, upOverflows) = (newP / first).multipliedReportingOverflow(by: q / second)
    let (down, downOverflows) = (p / first).multipliedReportingOverflow(by: newQ / second)
    guard !upOverflows, !downOverflows, max(up, down) <= Self.largestTerm else {
      throw SignalError(
        .invalidFrequency,
        "from \(rate) Hz to \(newRate) Hz there is no ratio of whole numbers up to \(Self.largestTerm); expected rates with a common step")
    }
    (self.up, self.down) = (up, down)
  }

  /// `up / down`.
  public var value: Double { Double(up) / Double(down) }

  /// The sampling rate that a rate becomes, Hz.
  public func outputRate(of rate: Double) -> Double { rate * Double(up) / Double(down) }

  /// "4/5".
  public var description: String { "\(up)/\(down)" }

  /// Index of the first output sample that does not lie before an input sample: `⌈sample · up / down⌉`.
  ///
  /// Output sample `m` lies at input sample `m · down / up`, both counted from the start of the recording, in every segment.
  public func firstOutput(atOrAfter sample: Int) -> Int {
    // Divided first: the product of a far sample and `up` need not fit.
    let (quotient, rest) = flooredDivision(sample, by: down)
    return quotient * up + (rest * up + down - 1) / down
  }

  /// Distance from an input sample to an output sample, in steps of `1 / up` input samples: `output · down − sample · up`.
  func distance(from sample: Int, toOutput output: Int) -> Int {
    let (quotient, rest) = flooredDivision(sample, by: down)
    return (output - quotient * up) * down - rest * up
  }

  private func flooredDivision(_ a: Int, by b: Int) -> (quotient: Int, rest: Int) {
    let (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
    return rest < 0 ? (quotient - 1, rest + b) : (quotient, rest)
  }

  /// Continued fraction, up to a denominator of a million.
  private static func fraction(of rate: Double) throws(SignalError) -> (Int, Int) {
    guard rate.isFinite, rate > 0, rate < 1e9 else {
      throw SignalError(.invalidFrequency, "a sampling rate of \(rate) Hz; expected a positive number below 1e9")
    }
    var (p0, q0, p1, q1) = (0, 1, 1, 0)
    var rest = rate
    while true {
      let whole = rest.rounded(.down)
      guard whole < 0x1p31 else { break }
      (p0, p1) = (p1, Int(whole) * p1 + p0)
      (q0, q1) = (q1, Int(whole) * q1 + q0)
      guard q1 <= 1_000_000, p1 < 1 << 50 else { break }
      if p1 > 0 && (Double(p1) / Double(q1) - rate).magnitude <= 4 * rate.ulp { return (p1, q1) }
      guard rest > whole else { break }
      rest = 1 / (rest - whole)
    }
    throw SignalError(
      .invalidFrequency,
      "a sampling rate of \(rate) Hz is no fraction of whole numbers with a denominator up to 1000000; expected a rational rate")
  }

  private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
