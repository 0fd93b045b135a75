/// What a channel measures, in the vocabulary of BIDS.
public enum ChannelKind: String, Sendable, Hashable, CaseIterable, Codable {
  /// Scalp potential.
  case eeg
  /// Eye movement potential.
  case eog
  /// Heart potential.
  case ecg
  /// Muscle potential.
  case emg
  /// Cortical surface potential.
  case ecog
  /// Depth electrode potential.
  case seeg
  /// Deep brain stimulation electrode, recording.
  case dbs
  /// Trigger or status line: codes, not a voltage.
  case trigger
  /// Reference electrode.
  case reference
  /// Anything else: respiration, acceleration, temperature …
  case misc

  /// Whether decoders and spectra take the channel unless told otherwise: the brain's own potentials.
  public var isNeural: Bool { [.eeg, .ecog, .seeg, .dbs].contains(self) }
}

extension ChannelKind {
  /// The kind that a file's label and unit speak for.
  ///
  /// A prefix as EDF+ standardises it ("EEG Fpz-Cz", "EOG horizontal", "Temp rectal") decides; then well-known names; a voltage that says
  /// nothing more is taken for EEG, and any other unit for `misc`.
  ///
  /// - Parameters:
  ///   - label: The channel's label as the file writes it.
  ///   - unit: Its physical unit.
  public init(label: String, unit: PhysicalUnit) {
    let lowered = label.lowercased()
    let words = lowered.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
    let first = words.first.map(String.init) ?? ""
    let plain = first.dropLastDigits
    let prefixes: [(String, ChannelKind)] = [
      ("eeg", .eeg), ("ecog", .ecog), ("seeg", .seeg), ("eog", .eog), ("veog", .eog), ("heog", .eog), ("ecg", .ecg), ("ekg", .ecg),
      ("emg", .emg), ("lfp", .dbs), ("status", .trigger), ("sti", .trigger), ("stim", .trigger), ("trigger", .trigger), ("trig", .trigger),
      ("marker", .trigger), ("event", .trigger), ("resp", .misc), ("temp", .misc), ("acc", .misc), ("gyro", .misc), ("pulse", .misc),
      ("spo2", .misc), ("sao2", .misc), ("light", .misc), ("sound", .misc), ("gsr", .misc),
    ]
    if let match = prefixes.first(where: { first == $0.0 || plain == $0.0 }) {
      self = match.1
    } else if unit == .boolean {
      self = .trigger
    } else if unit.microvoltsPerUnit != nil {
      self = .eeg
    } else {
      self = .misc
    }
  }
}

extension String {
  /// The text without the digits at its end: "eog2" → "eog".
  fileprivate var dropLastDigits: String {
    var text = self[...]
    while let last = text.last, last.isNumber { text = text.dropLast() }
    return String(text)
  }
}
