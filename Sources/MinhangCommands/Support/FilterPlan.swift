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
}

/// The families of recursive filters that `--family` names.
enum FilterFamilyName: String, CaseIterable, ExpressibleByArgument {
  case butterworth, chebyshev1, chebyshev2, elliptic, bessel
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
      }
    }.joined(separator: " ")
  }

  /// The causal stages for channels of these names.
  ///
  /// - Throws: `SignalError` for edges that do not fit the rate, `CommandFailure` for a reference channel that is not there.
  func stages(names: [String], sampleRate: Double, threads: Int) throws -> [any CausalStage] {
    try steps.map { step in
      if let filter = try filter(step, sampleRate: sampleRate) { return CausalFilter(filter, threads: threads) }
      return try reference(step, names: names)
    }
  }

  /// The digital filter of a step; nil for references.
  func filter(_ step: FilterStep, sampleRate: Double) throws -> SectionedFilter? {
    switch step {
    case .band(let band): try bandFilter(band, sampleRate: sampleRate)
    case .notch(let frequency): try NotchFilter.filter(frequency: frequency, quality: quality, sampleRate: sampleRate)
    case .peak(let frequency): try PeakFilter.filter(frequency: frequency, quality: quality, sampleRate: sampleRate)
    case .comb(let frequency): try CombFilter.filter(.notch, frequency: frequency, quality: quality, sampleRate: sampleRate)
    case .average, .reference: nil
    }
  }

  private func bandFilter(_ band: PassBand, sampleRate: Double) throws(SignalError) -> SectionedFilter {
    switch family {
    case .butterworth: try Butterworth.filter(order: order, band, sampleRate: sampleRate)
    case .chebyshev1: try ChebyshevI.filter(order: order, passbandRipple: ripple, band, sampleRate: sampleRate)
    case .chebyshev2: try ChebyshevII.filter(order: order, stopbandAttenuation: attenuation, band, sampleRate: sampleRate)
    case .elliptic:
      try Elliptic.filter(
        order: order, passbandRipple: ripple, stopbandAttenuation: attenuation, band, sampleRate: sampleRate)
    case .bessel: try Bessel.filter(order: order, band, sampleRate: sampleRate)
    }
  }

  /// The spatial stage of a step that is a reference.
  func reference(_ step: FilterStep, names: [String]) throws -> any CausalStage {
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
