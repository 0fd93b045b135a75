import MinhangCore

/// What happened while trials were cut out: nothing is lost quietly.
public struct ExtractionReport: Sendable, Hashable {
  /// A channel that was left out.
  public struct ExcludedChannel: Sendable, Hashable {
    /// Name of the channel.
    public let name: String
    /// What is wrong with it, one line for each finding, with the file.
    public let reasons: [String]
  }

  /// The classes that were used.
  public var classMap: ClassMap
  /// Whether the classes were found among the events, and not given.
  public var classMapIsDefault: Bool
  /// The channels that were used, in their order.
  public var channels: [String]
  /// Number of trials of each class.
  public var classCounts: [Int]
  /// Events of a class that made no trial.
  public var rejections: [TrialRejection]
  /// Channels that were left out because of what they hold, in any file.
  public var excludedChannels: [ExcludedChannel]
  /// Findings that do not disqualify a channel, one line each, with the file.
  public var notes: [String]
  /// How many events belong to no class, by label, sorted.
  public var ignoredEvents: [LabelCount]

  /// How often a label occurs.
  public struct LabelCount: Sendable, Hashable {
    /// The label.
    public let label: String
    /// Number of events.
    public let count: Int
  }

  /// Number of rejections for each reason that occurs, in the order of `TrialRejection.Reason`.
  public var rejectionCounts: [(reason: TrialRejection.Reason, count: Int)] {
    TrialRejection.Reason.allCases.compactMap { reason in
      let count = rejections.count(where: { $0.reason == reason })
      return count > 0 ? (reason, count) : nil
    }
  }
}
