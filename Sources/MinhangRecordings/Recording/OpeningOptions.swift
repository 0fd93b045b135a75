import MinhangCore

/// What a caller says about a recording that its file leaves open.
public struct OpeningOptions: Sendable, Hashable {
  /// Sampling rate of a file that states none (a table without a time column, an array without a sidecar), Hz.
  public var sampleRate: Double?
  /// Unit of the samples of a file that states none.
  public var unit: PhysicalUnit?
  /// Whether a header may name files outside its own folder; a header that comes from elsewhere could name any file of the machine.
  public var allowsFilesElsewhere: Bool
  /// Whether a recording that lies in a BIDS dataset takes channels, events and positions from the files beside it.
  public var appliesSidecars: Bool

  /// Makes options.
  public init(
    sampleRate: Double? = nil, unit: PhysicalUnit? = nil, allowsFilesElsewhere: Bool = false, appliesSidecars: Bool = true
  ) {
    self.sampleRate = sampleRate
    self.unit = unit
    self.allowsFilesElsewhere = allowsFilesElsewhere
    self.appliesSidecars = appliesSidecars
  }

  /// Nothing is said.
  public static let none = OpeningOptions()
}
