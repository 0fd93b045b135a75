import MinhangCore

/// Tells texts about sensors and filters, which may stay, from texts that could name somebody.
///
/// A text stays if every word of it is a number, a number with a unit, or one of a short list of technical words. Anything else, were it one
/// word, has the whole text cut.
enum TechnicalText {
  private static let words: Set<String> = [
    "ac", "active", "ag", "agagcl", "agcl", "band", "bandpass", "bandstop", "bessel", "butterworth", "chloride", "cup", "dc", "disc",
    "disk", "dry",
    "ecg", "ecog", "eeg", "electrode", "electrodes", "emg", "eog", "fir", "filter", "gel", "gold", "high", "highpass", "hp", "hz", "ieeg",
    "iir",
    "khz", "low", "lowpass", "lp", "mhz", "ms", "n", "no", "none", "notch", "off", "on", "order", "pass", "passive", "platinum", "ring",
    "s", "seeg",
    "sensor", "silver", "sintered", "steel", "stop", "surface", "thermistor", "tin", "to", "uv", "water", "wet", "trigger", "input",
  ]

  /// Whether a text consists of technical words only; an empty one does.
  static func isTechnical(_ text: String) -> Bool {
    let parts = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".")) }
    guard text.unicodeScalars.allSatisfy({ $0.isASCII && $0.value >= 0x20 }) else { return false }
    return parts.allSatisfy { part in
      let digits = part.prefix { $0.isNumber || $0 == "." }
      let rest = part.dropFirst(digits.count)
      // A number of five digits could be somebody's: no filter needs one.
      return digits.count <= 6 && (rest.isEmpty || words.contains(String(rest)) || rest == ".")
    }
  }
}
