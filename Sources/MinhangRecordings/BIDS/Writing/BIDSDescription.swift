import MinhangCore

/// What a dataset must say and no recording states.
public struct BIDSDescription: Sendable, Hashable {
  /// The dataset's name.
  public var datasetName: String
  /// Frequency of the mains where it was recorded, Hz; nil where it is not known.
  public var powerLineFrequency: Double?
  /// The reference electrode or scheme, in words.
  public var reference: String?
  /// The ground electrode, in words.
  public var ground: String?
  /// Who made the amplifier.
  public var manufacturer: String?
  /// Version of the program that writes, for `GeneratedBy`.
  public var version: String

  /// Makes a description.
  public init(
    datasetName: String, powerLineFrequency: Double?, reference: String? = nil, ground: String? = nil, manufacturer: String? = nil,
    version: String
  ) {
    self.datasetName = datasetName
    self.powerLineFrequency = powerLineFrequency
    self.reference = reference
    self.ground = ground
    self.manufacturer = manufacturer
    self.version = version
  }

  /// The version of BIDS that is written.
  static let specification = "1.10.0"

  /// `dataset_description.json`.
  var dataset: JSONValue {
    [
      "Name": .string(datasetName), "BIDSVersion": .string(Self.specification), "DatasetType": "raw".json,
      "GeneratedBy": .array([["Name": "minhang".json, "Version": .string(version)]]),
    ]
  }

  /// `README`.
  var readme: String {
    """
    # \(datasetName.escapedForDisplay)

    A dataset of electrophysiological recordings in the Brain Imaging Data Structure (BIDS \(Self.specification)).

    What is known of each recording stands in the files beside it: `*_channels.tsv`, `*_events.tsv`, `*_eeg.json` or `*_ieeg.json`.
    What was asked of the participants, how and with what leave: please describe it here.

    """
  }

  /// `_eeg.json` or `_ieeg.json`.
  ///
  /// - Parameters:
  ///   - info: The recording as it lies in the dataset.
  ///   - task: Its task.
  func sidecar(_ info: RecordingInfo, datatype: String, task: String) -> JSONValue {
    let channels = info.channels
    func count(_ kinds: ChannelKind...) -> JSONValue { .integer(channels.count { kinds.contains($0.kind) }) }
    let isScalp = datatype == "eeg"
    var members: [JSONValue.Member] = [
      .init("TaskName", .string(task)),
      .init(isScalp ? "EEGReference" : "iEEGReference", (reference ?? "n/a").json),
      .init("SamplingFrequency", .number(Self.samplingFrequency(channels))),
      .init("PowerLineFrequency", powerLineFrequency.map { .number($0) } ?? "n/a".json),
      .init("SoftwareFilters", "n/a".json), .init("HardwareFilters", "n/a".json),
      .init("Manufacturer", (manufacturer ?? "n/a").json),
      .init("RecordingDuration", .number(info.duration)),
      .init("RecordingType", (info.streams.contains { $0.spans.count > 1 } ? "discontinuous" : "continuous").json),
    ]
    if !isScalp { members += [.init("ECOGChannelCount", count(.ecog)), .init("SEEGChannelCount", count(.seeg, .dbs))] }
    members += [
      .init("EEGChannelCount", count(.eeg)), .init("EOGChannelCount", count(.eog)), .init("ECGChannelCount", count(.ecg)),
      .init("EMGChannelCount", count(.emg)), .init("MiscChannelCount", count(.misc, .reference)),
      .init("TriggerChannelCount", count(.trigger)),
    ]
    if let ground { members.append(.init(isScalp ? "EEGGround" : "iEEGGround", .string(ground))) }
    let scalp = channels.filter { $0.kind == .eeg }
    if isScalp, !scalp.isEmpty, scalp.allSatisfy({ ChannelName.standardPosition($0.name) != nil }) {
      members.append(.init("EEGPlacementScheme", "based on the extended 10/20 system".json))
    }
    return .object(members)
  }

  /// The rate of most channels; of several, the highest.
  static func samplingFrequency(_ channels: [Channel]) -> Double {
    let neural = channels.filter(\.kind.isNeural)
    let counts = Dictionary((neural.isEmpty ? channels : neural).map { ($0.sampleRate, 1) }, uniquingKeysWith: +)
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
  }
}

extension String {
  fileprivate var json: JSONValue { .string(self) }
}
