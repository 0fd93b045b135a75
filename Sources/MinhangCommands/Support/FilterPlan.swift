import ArgumentParser
import MinhangBCI

/// One thing that `filter` does, in the order in which the command line asks for it.
enum FilterStep: Equatable {
  case band(PassBand)
  case notch(Double)
  case average
  case reference([String])
}

/// The stages of a `filter` run.
struct FilterPlan {
  var steps: [FilterStep]
  var order = 4
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
    case .band(let band): try Butterworth.filter(order: order, band, sampleRate: sampleRate)
    case .notch(let frequency): try NotchFilter.filter(frequency: frequency, quality: quality, sampleRate: sampleRate)
    case .average, .reference: nil
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
