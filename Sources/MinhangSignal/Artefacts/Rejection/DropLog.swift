/// Which epochs were kept and why the others were not.
public struct DropLog: Sendable, Hashable {
  /// For each epoch seen, its reasons to be rejected; empty where it was kept.
  public private(set) var entries: [[RejectionFinding]] = []

  /// Makes an empty log.
  public init() {}

  /// Enters an epoch.
  ///
  /// - Parameter findings: What `EpochRejection` found.
  /// - Returns: Whether the epoch is kept.
  @discardableResult
  public mutating func add(_ findings: [RejectionFinding]) -> Bool {
    entries.append(findings)
    return findings.isEmpty
  }

  /// Indices of the epochs that were kept, in order.
  public var kept: [Int] { entries.indices.filter { entries[$0].isEmpty } }

  /// Number of epochs that were rejected.
  public var rejectedCount: Int { entries.count { !$0.isEmpty } }

  /// One row of the summary.
  public struct Tally: Sendable, Hashable {
    /// Place of the channel in the epochs.
    public let channel: Int
    /// The channel's name.
    public let name: String
    /// The reason.
    public let reason: RejectionReason
    /// Number of epochs that this channel had rejected for this reason, alone or with others.
    public let count: Int
  }

  /// How many epochs each channel had rejected, by reason: most first, then by channel, then in the order of the reasons.
  public func tallies() -> [Tally] {
    struct Key: Hashable {
      let channel: Int
      let name: String
      let reason: RejectionReason
    }
    var counts: [Key: Int] = [:]
    for finding in entries.joined() { counts[Key(channel: finding.channel, name: finding.name, reason: finding.reason), default: 0] += 1 }
    func place(_ reason: RejectionReason) -> Int { RejectionReason.allCases.firstIndex(of: reason) ?? 0 }
    return counts.map { Tally(channel: $0.channel, name: $0.name, reason: $0.reason, count: $1) }
      .sorted { (-$0.count, $0.channel, place($0.reason)) < (-$1.count, $1.channel, place($1.reason)) }
  }
}
