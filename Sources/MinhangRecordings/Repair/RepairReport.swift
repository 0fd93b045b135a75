/// What a repair kept, mended and lost.
public struct RepairReport: Sendable, Hashable {
  /// A field of the file that was written anew.
  public struct Change: Sendable, Hashable {
    /// The field's name.
    public var field: String
    /// Byte at which it stands.
    public var offset: Int
    /// What it said.
    public var before: String
    /// What it says now.
    public var after: String
  }

  /// The format: "EDF", "XDF".
  public var format: String
  /// What the format is made of: "data records", "chunks".
  public var unit: String
  /// Whole ones that were kept, every byte as it was.
  public var kept = 0
  /// Those that the file promised and does not hold, or that were damaged; nil where nobody can say how many.
  public var lost: Int? = 0
  /// Bytes that were left out.
  public var lostBytes = 0
  /// Fields that were written anew.
  public var changes: [Change] = []

  /// Whether there was anything to repair; if not, no file was written.
  public var isNeeded: Bool { lostBytes > 0 || !changes.isEmpty }

  init(format: String, unit: String) {
    self.format = format
    self.unit = unit
  }
}
