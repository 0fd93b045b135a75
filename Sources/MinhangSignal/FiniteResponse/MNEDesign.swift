/// MNE-Python's default finite filters: a low pass by the window method for each transition, added and subtracted.
///
/// The edges are those of the pass band, and transitions lie outside of it: unlike other designs, where the edge is the −6 dB point, here that
/// point is half a transition away. Widths are chosen by the edge, and the length by the narrowest.
///
/// **Source:** Widmann, Schröger & Maess 2015, "Digital filter design for electrophysiological data", J. Neurosci. Methods 250:34; the defaults of
/// `mne.filter.create_filter`.
public enum MNEDesign {
  /// Tapers that the lengths are known for.
  public enum Window: Sendable, Hashable, CaseIterable {
    /// Transition times length is 3.1; 44 dB.
    case hann
    /// 3.3; 53 dB.
    case hamming
    /// 5; 74 dB.
    case blackman

    var taper: Taper {
      switch self {
      case .hann: .hann
      case .hamming: .hamming
      case .blackman: .blackman
      }
    }

    var lengthFactor: Double {
      switch self {
      case .hann: 3.1
      case .hamming: 3.3
      case .blackman: 5
      }
    }
  }

  /// What becomes of the phase.
  public enum Phase: Sendable, Hashable {
    /// Symmetric taps, to be run by `ZeroPhaseConvolution`.
    case zero
    /// The same gain with the least delay, causal.
    case minimum
    /// As `minimum`, from a filter of twice the length and with the square root of its gain.
    case minimumHalf
  }

  /// Designs a filter; the taps of `mne.filter.create_filter(None, sampleRate, …, phase=phase, fir_window=window)`.
  ///
  /// MNE says `l_freq` and `h_freq`; `.highPass(l)`, `.lowPass(h)` and `.bandPass(l...h)` are those, and `.bandStop(a...b)` is
  /// `l_freq=b, h_freq=a`.
  ///
  /// - Parameters:
  ///   - band: Edges of the pass band, Hz.
  ///   - lowerTransition: Width of the transition at a high pass's edge or a band's lower edge, Hz; nil for `min(max(edge / 4, 2), edge)`.
  ///   - upperTransition: Width at a low pass's edge or a band's upper edge, Hz; nil for `min(max(edge / 4, 2), sampleRate / 2 − edge)`. For
  ///     a band-stop MNE calls this one `l_trans_bandwidth`, and the other one `h_trans_bandwidth`.
  ///   - window: Taper.
  ///   - phase: What becomes of the phase.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidFrequency` or `.invalidLength`.
  public static func filter(
    _ band: PassBand, lowerTransition: Double? = nil, upperTransition: Double? = nil, window: Window = .hamming, phase: Phase = .zero,
    sampleRate: Double
  ) throws(SignalError) -> FiniteImpulseResponse {
    try band.validate(sampleRate: sampleRate)
    let plan = try TransitionPlan(band, lower: lowerTransition, upper: upperTransition, sampleRate: sampleRate)
    let seconds = window.lengthFactor / plan.narrowest
    let length = (seconds * sampleRate).rounded(.up)
    guard length < 1e6 else {
      throw SignalError(.invalidLength, "a transition of \(plan.narrowest) Hz needs \(length) taps; expected at most 1000000")
    }
    var tapCount = max(Int(length), 1)
    tapCount += (tapCount - 1) % 2
    let linear = try windowed(tapCount: phase == .minimumHalf ? 2 * tapCount - 1 : tapCount, plan, window, sampleRate: sampleRate)
    return switch phase {
    case .zero: linear
    case .minimum: try MinimumPhase.filter(linear, method: .homomorphicFull)
    case .minimumHalf: try MinimumPhase.filter(linear, method: .homomorphic)
    }
  }

  /// One low pass for each step of the gain, from the highest down, each as long as its transition asks.
  private static func windowed(
    tapCount: Int, _ plan: TransitionPlan, _ window: Window, sampleRate: Double
  ) throws(SignalError) -> FiniteImpulseResponse {
    let steps = plan.steps.map { (frequency: $0.frequency / (sampleRate / 2), passes: $0.passes) }
    var taps = [Double](repeating: 0, count: tapCount)
    var previous = steps[steps.count - 1]
    if previous.passes { taps[tapCount / 2] = 1 }
    for step in steps.dropLast().reversed() {
      if step.passes != previous.passes {
        let transition = (previous.frequency - step.frequency) / 2
        // Transitions that meet leave nothing between them.
        let length = (window.lengthFactor / transition).rounded(.toNearestOrEven)
        guard length <= Double(tapCount) else {
          throw SignalError(
            .invalidLength, "a transition of \(transition * sampleRate) Hz needs \(length) taps; expected at most \(tapCount)")
        }
        let count = Int(length) + 1 - Int(length) % 2
        let cutoff = (previous.frequency + step.frequency) / 2
        let low = try WindowedSinc.filter(tapCount: count, .lowPass(cutoff), taper: window.taper, sampleRate: 2)
        let offset = (tapCount - count) / 2
        for (i, tap) in low.taps.enumerated() { taps[offset + i] += step.passes ? tap : -tap }
      }
      previous = step
    }
    return FiniteImpulseResponse(taps: taps, sampleRate: sampleRate)
  }
}

/// Where the gain of an MNE design turns.
private struct TransitionPlan {
  /// Frequencies from 0 to half the sampling rate, Hz, and whether they are let through.
  var steps: [(frequency: Double, passes: Bool)]
  /// Width of the narrowest transition, Hz.
  var narrowest: Double

  init(_ band: PassBand, lower: Double?, upper: Double?, sampleRate: Double) throws(SignalError) {
    let nyquist = sampleRate / 2
    /// Below an edge, and above one.
    func below(_ edge: Double, _ width: Double?) -> Double { width ?? min(max(0.25 * edge, 2), edge) }
    func above(_ edge: Double, _ width: Double?) -> Double { width ?? min(max(0.25 * edge, 2), nyquist - edge) }
    switch band {
    case .lowPass(let edge):
      narrowest = above(edge, upper)
      steps = [(0, true), (edge, true), (edge + narrowest, false)]
    case .highPass(let edge):
      narrowest = below(edge, lower)
      steps = [(edge - narrowest, false), (edge, true), (nyquist, true)]
    case .bandPass(let band):
      let (low, high) = (below(band.lowerBound, lower), above(band.upperBound, upper))
      narrowest = min(low, high)
      steps = [(band.lowerBound - low, false), (band.lowerBound, true), (band.upperBound, true), (band.upperBound + high, false)]
    case .bandStop(let band):
      // The transitions lie within the stopped band; the widths are those of a pass band with these edges.
      let (low, high) = (below(band.lowerBound, lower), above(band.upperBound, upper))
      narrowest = min(low, high)
      steps = [
        (band.lowerBound - low + low, true), (band.lowerBound + low, false), (band.upperBound - high, false),
        (band.upperBound + high - high, true),
      ]
      steps.sort { $0.frequency < $1.frequency }
    }
    guard narrowest > 0, steps[0].frequency >= 0, steps[steps.count - 1].frequency <= nyquist else {
      throw SignalError(
        .invalidFrequency,
        "a filter's transitions reach from \(steps[0].frequency) to \(steps[steps.count - 1].frequency) Hz; "
          + "expected widths above 0 within 0…\(nyquist) Hz")
    }
    if steps[0].frequency != 0 { steps.insert((0, steps[0].passes), at: 0) }
    if steps[steps.count - 1].frequency != nyquist { steps.append((nyquist, steps[steps.count - 1].passes)) }
  }
}
