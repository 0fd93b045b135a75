import MinhangCore

/// Where a trial comes from.
public struct TrialOrigin: Sendable, Hashable {
  /// Name of the file, without its folders.
  public var file: String
  /// Time of the cue, seconds from the recording's first sample.
  public var onset: Double
  /// The event's label as the file has it.
  public var label: String
  /// Place of the file among the files given, from 0: trials of one run belong together.
  public var run: Int
  /// The person, as the file's name tells (`SubjectName`).
  public var subject: String
  /// The samples of the window, counted in stored samples from the start of the recording.
  public var samples: Range<Int>

  /// Makes an origin.
  public init(file: String, onset: Double, label: String, run: Int, subject: String, samples: Range<Int>) {
    self.file = file
    self.onset = onset
    self.label = label
    self.run = run
    self.subject = subject
    self.samples = samples
  }
}

/// How the person is told from a file's name.
public enum SubjectName {
  /// The subject that a file's name speaks of.
  ///
  /// In this order: the BIDS entity (`sub-07_ses-1_eeg.edf` → `sub-07`); a letter and digits followed by a run (`S001R04.edf` → `S001`,
  /// `A01T.gdf` → `A01`); the name up to the first `_`, `-`, blank or dot.
  ///
  /// - Parameter file: A path or a file name.
  public static func of(file: String) -> String {
    let name = String(file.split(separator: "/").last ?? "")
    if let entity = name.split(whereSeparator: { $0 == "_" || $0 == "." }).first(where: { $0.hasPrefix("sub-") && $0.count > 4 }) {
      return String(entity)
    }
    let letters = name.prefix(while: \.isLetter)
    let digits = name.dropFirst(letters.count).prefix(while: { $0.isASCII && $0.isNumber })
    if letters.count == 1, digits.count >= 2 { return String(letters + digits) }
    let word = name.prefix(while: { !"_- .".contains($0) })
    return word.isEmpty ? name : String(word)
  }
}
