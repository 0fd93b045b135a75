/// What of a recording may stay when it is anonymised.
public struct AnonymizationOptions: Sendable, Hashable {
  /// Moves dates by so many days (negative: into the past); nil cuts them.
  public var shiftDays: Int?
  /// Whether texts of annotations and markers stay; their author answers for what they say.
  public var keepsAnnotations: Bool

  /// Makes options; by default dates and texts are cut.
  public init(shiftDays: Int? = nil, keepsAnnotations: Bool = false) {
    self.shiftDays = shiftDays
    self.keepsAnnotations = keepsAnnotations
  }
}

/// What was taken out of a recording.
public struct AnonymizationReport: Sendable, Hashable {
  /// The format: "EDF", "BrainVision".
  public var format: String
  /// The files that were written.
  public var files: [String] = []
  /// Fields that were cleared or replaced.
  public var cleared: [String] = []
  /// What is wrong with the recording, as its reader says, and what of it could hold names all the same.
  public var warnings: [RecordingWarning] = []
  /// Texts of annotations or markers that were cut.
  public var cutAnnotations = 0
  /// Bytes that belong to nothing and were left out.
  public var cutBytes = 0
  /// Bytes of samples that were copied as they are.
  public var sampleBytes = 0

  init(format: String) { self.format = format }

  /// Notes that a field was cleared; once is enough.
  mutating func clear(_ field: String) { if !cleared.contains(field) { cleared.append(field) } }
}
