import ArgumentParser
import MinhangBCI

/// One thing that `filter` does, in the order in which the command line asks for it.
enum FilterStep: Equatable {
  case band(PassBand)
  case notch(Double)
  case peak(Double)
  case comb(Double)
  case average
  case reference([String])
  case laplacian(SpatialFilter.LaplacianSize)
  case currentSourceDensity
  case bipolar([SpatialFilter.Pair])
  case interpolate([String])
}

/// The families of filters that `--family` names; `fir` is MNE's default design.
enum FilterFamilyName: String, CaseIterable, ExpressibleByArgument {
  case butterworth, chebyshev1, chebyshev2, elliptic, bessel, fir
}

extension SpatialFilter.LaplacianSize: ExpressibleByArgument {}

/// What a plan comes to for channels of certain names and a rate.
struct PlannedFilter {
  /// One stage: causal, or of the whole signal.
  enum Stage {
    case causal(any CausalStage)
    case whole(any WholeSignalTransform)
  }

  var stages: [Stage] = []
  /// Names of the channels that come out.
  var names: [String]
  /// The unit of what comes out, where it is another one.
  var unit: PhysicalUnit?

  /// Whether some stage needs the whole signal.
  var needsWholeSignal: Bool { stages.contains { if case .whole = $0 { true } else { false } } }
}

/// The stages of a `filter` run.
struct FilterPlan {
  var steps: [FilterStep]
  var family = FilterFamilyName.butterworth
  var order = 4
  /// Loss at the deepest point of the pass band's ripple, dB.
  var ripple = 1.0
  /// Least loss in the stopped band, dB.
  var attenuation = 40.0
  var quality = 30.0
  var isZeroPhase = false
  /// Whether the ends of a zero-phase filter are treated as Gustafsson's method does, instead of by reflection.
  var isGustafsson = false

  /// The plan in the words of EDF's prefilter field: `HP:8Hz LP:30Hz`, `N:50Hz`.
  var description: String {
    steps.map { step in
      switch step {
      case .band(.bandPass(let range)): "HP:\(JSONValue.decimal(range.lowerBound))Hz LP:\(JSONValue.decimal(range.upperBound))Hz"
      case .band(.bandStop(let range)): "BS:\(JSONValue.decimal(range.lowerBound))-\(JSONValue.decimal(range.upperBound))Hz"
      case .band(.highPass(let cutoff)): "HP:\(JSONValue.decimal(cutoff))Hz"
      case .band(.lowPass(let cutoff)): "LP:\(JSONValue.decimal(cutoff))Hz"
      case .notch(let frequency): "N:\(JSONValue.decimal(frequency))Hz"
      case .peak(let frequency): "P:\(JSONValue.decimal(frequency))Hz"
      case .comb(let frequency): "N:\(JSONValue.decimal(frequency))Hz and multiples"
      case .average: "REF:average"
      case .reference(let names): "REF:\(names.joined(separator: "+"))"
      case .laplacian(let size): "LAP:\(size.rawValue)"
      case .currentSourceDensity: "CSD"
      case .bipolar: "BIP"
      case .interpolate(let names): "INT:\(names.joined(separator: "+"))"
      }
    }.joined(separator: " ")
  }

  /// The stages for channels of these names.
  ///
  /// - Throws: `SignalError` for edges that do not fit the rate or positions that are not known, `CommandFailure` for a channel that is not there.
  func planned(names: [String], sampleRate: Double, threads: Int) throws -> PlannedFilter {
    var planned = PlannedFilter(names: names)
    for step in steps {
      if let filter = try spatialFilter(step, names: planned.names) {
        planned.stages.append(.causal(filter))
        planned.names = filter.names
        if step == .currentSourceDensity { planned.unit = PhysicalUnit("\u{B5}V/m\u{B2}") }
      } else if let filter = try filter(step, sampleRate: sampleRate) {
        planned.stages.append(running(filter, threads: threads))
      } else if case .band(let band) = step {
        planned.stages.append(try finite(band, sampleRate: sampleRate, threads: threads))
      } else {
        planned.stages.append(.causal(try reference(step, names: planned.names)))
      }
    }
    return planned
  }

  /// A recursive filter as the plan wants it run.
  private func running(_ filter: SectionedFilter, threads: Int) -> PlannedFilter.Stage {
    guard isZeroPhase else { return .causal(CausalFilter(filter, threads: threads)) }
    return .whole(isGustafsson ? GustafssonFilter(filter) : ZeroPhaseFilter(filter))
  }

  /// A finite filter: MNE's default design, symmetric and centred for zero phase, of minimum phase to run causally.
  private func finite(_ band: PassBand, sampleRate: Double, threads: Int) throws(SignalError) -> PlannedFilter.Stage {
    let filter = try MNEDesign.filter(band, phase: isZeroPhase ? .zero : .minimum, sampleRate: sampleRate)
    return isZeroPhase ? .whole(try ZeroPhaseConvolution(filter)) : .causal(CausalConvolution(filter))
  }

  /// The recursive digital filter of a step; nil for a finite one and for spatial steps.
  func filter(_ step: FilterStep, sampleRate: Double) throws(SignalError) -> SectionedFilter? {
    switch step {
    case .band(let band): try bandFilter(band, sampleRate: sampleRate)
    case .notch(let frequency): try NotchFilter.filter(frequency: frequency, quality: quality, sampleRate: sampleRate)
    case .peak(let frequency): try PeakFilter.filter(frequency: frequency, quality: quality, sampleRate: sampleRate)
    case .comb(let frequency): try CombFilter.filter(.notch, frequency: frequency, quality: quality, sampleRate: sampleRate)
    default: nil
    }
  }

  private func bandFilter(_ band: PassBand, sampleRate: Double) throws(SignalError) -> SectionedFilter? {
    switch family {
    case .butterworth: try Butterworth.filter(order: order, band, sampleRate: sampleRate)
    case .chebyshev1: try ChebyshevI.filter(order: order, passbandRipple: ripple, band, sampleRate: sampleRate)
    case .chebyshev2: try ChebyshevII.filter(order: order, stopbandAttenuation: attenuation, band, sampleRate: sampleRate)
    case .elliptic:
      try Elliptic.filter(
        order: order, passbandRipple: ripple, stopbandAttenuation: attenuation, band, sampleRate: sampleRate)
    case .bessel: try Bessel.filter(order: order, band, sampleRate: sampleRate)
    case .fir: nil
    }
  }

  /// The matrix of a step that is one; nil for the others.
  private func spatialFilter(_ step: FilterStep, names: [String]) throws(SignalError) -> SpatialFilter? {
    switch step {
    case .laplacian(let size): try SpatialFilter.laplacian(size, of: names)
    case .currentSourceDensity: try SpatialFilter.currentSourceDensity(of: names)
    case .bipolar(let pairs): try SpatialFilter.bipolar(pairs, of: names)
    case .interpolate(let bad): try SpatialFilter.interpolation(of: bad, in: names)
    default: nil
    }
  }

  /// The stage of a step that is a reference.
  private func reference(_ step: FilterStep, names: [String]) throws -> any CausalStage {
    guard case .reference(let wanted) = step else { return CommonAverageReference() }
    let places = try wanted.map { name in
      guard let place = names.firstIndex(where: { ChannelName.matches($0, name) }) else {
        throw CommandFailure(.usage, "--reference channel \(name.quotedForDisplay()) is not among the channels taken")
      }
      return place
    }
    return ChosenReference(channels: places)
  }
}
