import MinhangCore
import MinhangSignal

/// A causal stage of a pipeline, as a value: what a running stage is made of.
///
/// Nothing that needs the future can be written here.
public enum PreprocessStep: Sendable, Hashable {
  /// A Butterworth filter.
  case butterworth(PassBand, order: Int)
  /// A notch at a frequency, Hz.
  case notch(frequency: Double, quality: Double)
  /// Subtract the mean over all channels.
  case averageReference
  /// Subtract the mean over the named channels.
  case reference(channels: [String])

  /// The filter that the step designs for a sampling rate; nil where the step is none.
  ///
  /// - Throws: `DecodingError` `.invalidPipeline` where the filter cannot be made at this rate.
  func filter(sampleRate: Double) throws(DecodingError) -> SectionedFilter? {
    do throws(SignalError) {
      switch self {
      case .butterworth(let band, let order): return try Butterworth.filter(order: order, band, sampleRate: sampleRate)
      case .notch(let frequency, let quality): return try NotchFilter.filter(frequency: frequency, quality: quality, sampleRate: sampleRate)
      case .averageReference, .reference: return nil
      }
    } catch {
      throw DecodingError(.invalidPipeline, "preprocess \(key.quotedForDisplay()): \(error.message)")
    }
  }

  /// The running stage.
  ///
  /// - Parameters:
  ///   - filter: What `filter(sampleRate:)` gave, or the sections that a model file holds.
  ///   - channels: Names of the channels of the blocks to come.
  /// - Throws: `DecodingError` `.channelMismatch` where a reference channel is not among them.
  func stage(filter: SectionedFilter?, channels: [String]) throws(DecodingError) -> any CausalStage {
    switch self {
    case .averageReference: return CommonAverageReference()
    case .reference(let names):
      var indices: [Int] = []
      for name in names {
        guard let index = channels.firstIndex(where: { ChannelName.matches($0, name) }) else {
          throw DecodingError(
            .channelMismatch,
            "preprocess \"reference\": channel \(name.quotedForDisplay()) is not among the \(channels.count) channels of the pipeline")
        }
        indices.append(index)
      }
      return ChosenReference(channels: indices)
    case .butterworth, .notch:
      guard let filter else { preconditionFailure("a filter without a design") }
      return CausalFilter(filter)
    }
  }

  /// Whether the step mixes channels, so that leaving one out changes the others.
  var mixesChannels: Bool {
    switch self {
    case .averageReference, .reference: true
    case .butterworth, .notch: false
    }
  }
}

extension PreprocessStep {
  /// The name under which the step stands in YAML.
  var key: String {
    switch self {
    case .butterworth(.bandPass, _): "bandpass"
    case .butterworth(.bandStop, _): "bandstop"
    case .butterworth(.lowPass, _): "lowpass"
    case .butterworth(.highPass, _): "highpass"
    case .notch: "notch"
    case .averageReference, .reference: "reference"
    }
  }

  static let keys = ["bandpass", "bandstop", "lowpass", "highpass", "notch", "reference"]

  /// Names of what needs the whole signal: never a step of a pipeline that can run live.
  static let wholeSignalNames: Set<String> = [
    "zerophase", "filtfilt", "sosfiltfilt", "noncausal", "ica", "hilbert", "fftfilter", "savgol", "savitzkygolay",
  ]

  /// Throws where a key names a transform of the whole signal.
  static func refuseWholeSignal(_ key: String, source: String, line: Int) throws(DecodingError) {
    guard wholeSignalNames.contains(key.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }) else { return }
    throw SettingsReader.failure(
      source, line, "stage \(key.quotedForDisplay())",
      "needs the whole signal, past and future, so it cannot run live; expected causal stages only: \(keys.joined(separator: ", "))")
  }

  /// Reads `{bandpass: 8-32, order: 4}`.
  init(settings: SettingsReader, key: String) throws(DecodingError) {
    switch key {
    case "notch":
      try settings.allowOnly(["notch", "quality"])
      self = .notch(frequency: try settings.positiveNumber("notch"), quality: try settings.positiveNumber("quality", default: 30))
    case "reference":
      try settings.allowOnly(["reference"])
      let names = try settings.words("reference")
      guard !names.isEmpty, !names.contains("") else {
        throw settings.failure("reference", "is empty; expected average, or a list of channel names")
      }
      self = names == ["average"] ? .averageReference : .reference(channels: names)
    default:
      try settings.allowOnly([key, "order", "family"])
      let family = try settings.text("family", default: "butterworth")
      guard family == "butterworth" else {
        throw settings.failure("family", "is \(family.quotedForDisplay()); expected butterworth")
      }
      let order = try settings.integer("order", in: 1...20, default: 4)
      switch key {
      case "bandpass": self = .butterworth(.bandPass(try settings.band(key)), order: order)
      case "bandstop": self = .butterworth(.bandStop(try settings.band(key)), order: order)
      case "lowpass": self = .butterworth(.lowPass(try settings.positiveNumber(key)), order: order)
      case "highpass": self = .butterworth(.highPass(try settings.positiveNumber(key)), order: order)
      default:
        throw settings.failure(nil, "names the unknown stage \(key.quotedForDisplay()); expected \(Self.keys.joined(separator: ", "))")
      }
    }
  }

  /// `{bandpass: 8-32, order: 4}`.
  var settings: Settings {
    func band(_ range: ClosedRange<Double>) -> Settings { .word("\(range.lowerBound.shortText)-\(range.upperBound.shortText)") }
    switch self {
    case .butterworth(let passBand, let order):
      let value: Settings
      switch passBand {
      case .bandPass(let range), .bandStop(let range): value = band(range)
      case .lowPass(let cutoff), .highPass(let cutoff): value = .word(cutoff.shortText)
      }
      return .map([(key, value), ("order", .word("\(order)"))])
    case .notch(let frequency, let quality): return .map([(key, .word(frequency.shortText)), ("quality", .word(quality.shortText))])
    case .averageReference: return .map([(key, .word("average"))])
    case .reference(let channels): return .map([(key, .list(channels.map { .word($0) }))])
    }
  }
}
