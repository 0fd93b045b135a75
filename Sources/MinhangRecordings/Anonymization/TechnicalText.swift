import MinhangCore

/// Tells texts about sensors and filters, which may stay, from texts that could name somebody.
///
/// A text stays if it consists of a short list of technical words and of numbers with a unit or with the name of a filter before them. Anything
/// else, were it one word or one number that stands alone, has the whole text cut.
enum TechnicalText {
  private static let words: Set<String> = [
    "ac", "active", "ag", "analog", "analogue", "bw", "cassette", "digital", "enhanced", "filtered", "filtering", "hardware",
    "rectification", "rectified", "software", "unfiltered", "agagcl", "agcl", "band", "bandpass", "bandstop", "bessel", "butterworth",
    "chloride", "cup", "dc", "disc",
    "disk", "dry", "ecg", "ecog", "eeg", "electrode", "electrodes", "emg", "eog", "fir", "filter", "gel", "gold", "high", "highpass", "hp",
    "ieeg", "iir", "input", "low", "lowpass", "lp", "n", "no", "none", "notch", "oct", "octave", "off", "on", "order", "pass", "passive",
    "platinum", "ring", "seeg", "sensor", "silver", "sintered", "steel", "stop", "surface", "thermistor", "tin", "to", "trigger", "water",
    "wet",
  ]
  /// What a number may count.
  private static let measures: Set<String> = ["hz", "khz", "mhz", "s", "ms", "uv", "mv", "db"]
  /// What a number without a unit may belong to.
  private static let keys: Set<String> = [
    "bandpass", "bandstop", "highpass", "hp", "low", "high", "lowpass", "lp", "n", "notch", "order", "pass", "stop",
  ]

  /// Whether a text consists of technical words only; an empty one does.
  static func isTechnical(_ text: String) -> Bool {
    guard text.unicodeScalars.allSatisfy({ $0.isASCII && $0.value >= 0x20 }) else { return false }
    var parts = text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == ".") }.map(String.init).filter { $0 != "." }[...]
    var key = ""
    while let part = parts.popFirst() {
      let digits = part.prefix { $0.isNumber || $0 == "." }
      guard !digits.isEmpty else {
        guard words.contains(part) || measures.contains(part) else { return false }
        key = part
        continue
      }
      // `0.1Hz`, `75 Hz`, `0.1-75 Hz`, `HP:0.1`, `order 4`: one number, or two that are the ends of a band.
      var numbers = [String(digits)]
      var measure = String(part.dropFirst(digits.count))
      while measure.isEmpty, let next = parts.first, next.first?.isNumber == true || next.first == "." {
        let more = next.prefix { $0.isNumber || $0 == "." }
        numbers.append(String(more))
        measure = String(next.dropFirst(more.count))
        parts.removeFirst()
      }
      if measure.isEmpty, let next = parts.first, measures.contains(next) {
        measure = next
        parts.removeFirst()
      }
      guard numbers.count <= 2, measure.isEmpty ? keys.contains(key) : measures.contains(measure) else { return false }
      // Without a unit a number of more digits could be a year or part of a telephone number.
      let most = measure.isEmpty ? 3 : 5
      for number in numbers {
        let pieces = number.split(separator: ".", omittingEmptySubsequences: false)
        guard pieces.count <= 2, pieces[0].count <= most, pieces.count < 2 || pieces[1].count <= 6 else { return false }
      }
      key = ""
    }
    return true
  }

  // MARK: - Units

  private static let units: Set<String> = [
    "v", "volt", "volts", "microvolt", "microvolts", "millivolt", "millivolts", "nanovolt", "a", "s", "f", "h", "t", "wb", "ohm", "ohms",
    "\u{3A9}", "\u{2126}", "hz", "g", "gram", "m", "meter", "metre", "meters", "metres", "sec", "second", "seconds", "min", "n", "pa", "w",
    "j", "k", "c", "\u{B0}", "\u{B0}c", "rad", "deg", "degree", "degrees", "degc", "mol", "l", "b", "bpm", "mmhg", "boolean", "bool",
    "bit", "bits", "code", "codes", "count", "counts", "lsb", "adu", "raw", "none", "na", "unitless", "normalized", "normalised",
    "arbitrary", "pixel", "pixels", "percent", "%", "filtered", "rank", "unknown", "integer", "int", "float", "trigger", "marker",
    "ampere", "bar", "bel", "bq", "cd", "celsius", "cm", "day", "days", "ev", "fps", "hertz", "hour", "hours", "hr", "inch", "kelvin", "lm",
    "lux",
    "lx", "mho", "minutes", "msec", "newton", "osm", "pascal", "ph", "ppb", "ppm", "psi", "radian", "radians", "ratio", "rpm", "samples",
    "siemens",
    "sr", "tesla", "torr", "usec", "var", "watt", "watts",
  ]

  /// Texts that say that there is no unit.
  private static let dimensionless: Set<String> = ["", "-", "n/a", "a.u.", "a.u", "au", "aru"]

  /// Whether a text names a unit: one that is known with or without a prefix, several with `/` and exponents between them, or none.
  ///
  /// However short, a text of which any part is unknown could be a name, and one of more than three digits a date or a number of somebody.
  static func isUnit(_ text: String) -> Bool {
    let text = text.lowercased()
    if dimensionless.contains(text) { return true }
    let digits = text.utf8.count { HeaderNumber.isDigit($0) }
    guard text.count <= 24, digits <= 3 else { return false }
    let parts = text.split { "/*^.,()[]- \u{B7}\u{22C5}\u{221A}\u{B2}\u{B3}\u{B9}".contains($0) || ("0"..."9").contains($0) }
    return !parts.isEmpty
      && parts.allSatisfy { part in
        units.contains(String(part))
          || ("yzafpnu\u{B5}\u{3BC}mcdhkgtp".contains(part.first ?? " ") && part.count <= 6 && units.contains(String(part.dropFirst())))
      }
  }

  // MARK: - References

  private static let references: Set<String> = [
    "", "average", "avg", "car", "common", "ear", "ears", "earlobe", "earlobes", "ground", "gnd", "laplacian", "left", "linked", "mastoid",
    "mastoids", "mean", "n/a", "nose", "ref", "reference", "right", "vertex",
  ]
  private static let regions: Set<String> = [
    "a", "af", "aff", "afp", "c", "ccp", "cp", "cpp", "f", "fc", "fcc", "fp", "ft", "ftt", "ffc", "fft", "i", "m", "n", "o", "p", "po",
    "poo", "ppo", "t", "tp", "tpp", "ttp",
  ]

  /// Whether a text names a reference: a word for one, or a place of the 10-05 system.
  static func isReference(_ text: String) -> Bool {
    text.lowercased().split { " +-/\\,".contains($0) }.allSatisfy { word in
      if references.contains(String(word)) { return true }
      var rest = word
      if rest.last == "h" { rest.removeLast() }
      if rest.last == "z" { return regions.contains(String(rest.dropLast())) }
      let region = rest.prefix { $0.isLetter }
      let digits = rest.dropFirst(region.count)
      return regions.contains(String(region)) && (1...2).contains(digits.count) && digits.utf8.allSatisfy(HeaderNumber.isDigit)
    }
  }

  // MARK: - Types

  private static let types: Set<String> = [
    "acc", "accelerometer", "audio", "aux", "control", "ekg", "events", "exg", "eye", "fnirs", "gaze", "gsr", "gyro", "gyroscope", "heog",
    "hid", "ieeg", "imu", "lfp", "marker", "markers", "meg", "mocap", "mouse", "nirs", "ppg", "ref", "resp", "signal", "status", "stim",
    "temp", "temperature", "trg", "trig", "veog", "video", "videocompressed", "videoraw",
  ]

  /// Whether a text says of what kind a stream or channel is; the empty one says nothing.
  static func isType(_ text: String) -> Bool {
    text.isEmpty || ChannelKind(rawValue: text.lowercased()) != nil || types.contains(text.lowercased())
  }

  /// Whether the name of a stream says no more than its type and technical words do.
  static func isStreamName(_ text: String) -> Bool { isType(text) || isTechnical(text) }
}
