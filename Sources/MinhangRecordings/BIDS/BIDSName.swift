import MinhangCore

/// The name of a file in a BIDS dataset: `sub-01_ses-2_task-rest_run-1_eeg.edf`.
///
/// **Source:** BIDS specification 1.10, "Filesystem structure" and "Entities".
public struct BIDSName: Sendable, Hashable {
  /// A key and its value: `task-rest`.
  public struct Entity: Sendable, Hashable {
    /// The key: lower-case letters.
    public var key: String
    /// The value: letters and digits.
    public var value: String

    /// Makes an entity.
    public init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  /// The entities in the order in which the name has them; no key twice.
  public var entities: [Entity]
  /// What kind of file it is: `eeg`, `channels`, `events`.
  public var suffix: String
  /// The end of the name with its point: `.edf`, `.tsv`.
  public var fileExtension: String

  /// Makes a name.
  public init(entities: [Entity], suffix: String, fileExtension: String) {
    self.entities = entities
    self.suffix = suffix
    self.fileExtension = fileExtension
  }

  /// Reads a file's name, without folders; nil where it does not follow the rules.
  public init?(_ fileName: String) {
    var parts = fileName.split(separator: "_", omittingEmptySubsequences: false)
    guard let last = parts.popLast(), let point = last.firstIndex(of: ".") else { return nil }
    let suffix = last[..<point]
    guard !suffix.isEmpty, Self.isLabel(suffix), parts.count <= 32 else { return nil }
    var entities: [Entity] = []
    for part in parts {
      guard let dash = part.firstIndex(of: "-") else { return nil }
      let (key, value) = (part[..<dash], part[part.index(after: dash)...])
      guard !key.isEmpty, key.utf8.allSatisfy({ (0x61...0x7A).contains($0) }), Self.isLabel(value),
        !entities.contains(where: { $0.key == key })
      else { return nil }
      entities.append(Entity(String(key), String(value)))
    }
    self.init(entities: entities, suffix: String(suffix), fileExtension: String(last[point...]))
  }

  /// The value of an entity: `name["task"]`.
  public subscript(key: String) -> String? { entities.first { $0.key == key }?.value }

  /// The name as text.
  public var text: String { (entities.map { "\($0.key)-\($0.value)" } + [suffix + fileExtension]).joined(separator: "_") }

  /// The same entities for another file of the recording.
  public func renamed(_ suffix: String, _ fileExtension: String) -> BIDSName {
    BIDSName(entities: entities, suffix: suffix, fileExtension: fileExtension)
  }

  /// Whether a text may be an entity's value: ASCII letters and digits, at least one.
  public static func isLabel(_ text: some StringProtocol) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
  }

  /// The endings of files of electrophysiology that are a recording of their own: what a `.vhdr` names beside itself is not.
  static let recordingExtensions = [".edf", ".bdf", ".vhdr", ".set", ".gdf", ".xdf"]

  /// Whether the name is that of a recording of EEG or intracranial EEG.
  public var isRecording: Bool {
    self["sub"] != nil && entities.first?.key == "sub" && ["eeg", "ieeg"].contains(suffix)
      && Self.recordingExtensions.contains(fileExtension.lowercased())
  }

  /// Whether a file of this name speaks of a recording: each of its entities is the recording's own.
  ///
  /// - Parameter free: Keys that the recording need not have: `space` tells sets of positions apart.
  func applies(to recording: BIDSName, free: Set<String> = []) -> Bool {
    entities.allSatisfy { free.contains($0.key) || recording[$0.key] == $0.value }
  }
}
