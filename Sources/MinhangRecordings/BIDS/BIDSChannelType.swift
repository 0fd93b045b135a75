import MinhangCore

/// The words of BIDS for what a channel measures.
///
/// **Source:** BIDS specification, EEG and iEEG, "Channels description": upper-case types.
enum BIDSChannelType {
  /// The type that a kind is written as.
  static func word(_ kind: ChannelKind) -> String {
    switch kind {
    case .eeg: "EEG"
    case .eog: "EOG"
    case .ecg: "ECG"
    case .emg: "EMG"
    case .ecog: "ECOG"
    case .seeg: "SEEG"
    case .dbs: "DBS"
    case .trigger: "TRIG"
    case .reference: "REF"
    case .misc: "MISC"
    }
  }

  /// The kind of a type; nil for a word that BIDS does not know.
  ///
  /// Case does not matter, for files in the wild differ.
  static func kind(_ word: String) -> ChannelKind? {
    switch word.uppercased() {
    case "EEG": .eeg
    case "EOG", "VEOG", "HEOG": .eog
    case "ECG", "EKG": .ecg
    case "EMG": .emg
    case "ECOG": .ecog
    case "SEEG": .seeg
    case "DBS": .dbs
    case "TRIG", "STIM", "SYSCLOCK": .trigger
    case "REF": .reference
    case "MISC", "EYEGAZE", "ADC", "DAC", "AUDIO", "GSR", "PD", "PPG", "PUPIL", "RESP", "TEMP", "OTHER", "HLU", "FITERR", "PHOTODIODE":
      .misc
    default: nil
    }
  }
}

extension [Channel] {
  /// The folder and suffix for a recording of these channels: `ieeg` where any lies within the skull, else `eeg`.
  var bidsDatatype: String { contains { [.ecog, .seeg, .dbs].contains($0.kind) } ? "ieeg" : "eeg" }
}
