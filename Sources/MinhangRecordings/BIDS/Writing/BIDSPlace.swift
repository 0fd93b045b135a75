import MinhangCore

/// Where in a dataset a recording goes.
public struct BIDSPlace: Sendable, Hashable {
  /// The dataset's folder.
  public var root: String
  /// Who was recorded: `01`.
  public var subject: String
  /// The visit; nil where there was but one.
  public var session: String?
  /// The task: `motorimagery`.
  public var task: String
  /// The run; nil where there was but one.
  public var run: String?

  /// Makes a place.
  ///
  /// - Parameters:
  ///   - subject: Letters and digits, as `session` and `task`.
  ///   - run: Digits.
  /// - Throws: `badRequest` for a value that BIDS does not allow.
  public init(root: String, subject: String, session: String? = nil, task: String, run: String? = nil) throws(RecordingError) {
    for (name, value) in [("subject", subject), ("session", session), ("task", task)] {
      guard let value, !BIDSName.isLabel(value) else { continue }
      throw RecordingError(.badRequest, path: root, "the \(name) is \(value.quotedForDisplay()); expected letters A…Z, a…z and digits only")
    }
    if let run, run.isEmpty || run.utf8.count > 9 || !run.utf8.allSatisfy(HeaderNumber.isDigit) {
      throw RecordingError(.badRequest, path: root, "the run is \(run.quotedForDisplay()); expected one to nine digits")
    }
    self.root = root
    self.subject = subject
    self.session = session
    self.task = task
    self.run = run
  }

  private var owner: [BIDSName.Entity] {
    [BIDSName.Entity("sub", subject)] + (session.map { [BIDSName.Entity("ses", $0)] } ?? [])
  }

  private var entities: [BIDSName.Entity] {
    owner + [BIDSName.Entity("task", task)] + (run.map { [BIDSName.Entity("run", $0)] } ?? [])
  }

  /// The folder of the subject, or of the session where there is one.
  var ownerFolder: String {
    let subject = Folder.path(root, "sub-\(subject)")
    return session.map { Folder.path(subject, "ses-\($0)") } ?? subject
  }

  /// The path of a file of the recording.
  ///
  /// - Parameters:
  ///   - datatype: `eeg` or `ieeg`.
  ///   - suffix: `channels`, `events`, or the datatype itself.
  public func path(_ datatype: String, suffix: String, fileExtension: String) -> String {
    Folder.path(ownerFolder, "\(datatype)/" + BIDSName(entities: entities, suffix: suffix, fileExtension: fileExtension).text)
  }

  /// The path of a file that all recordings of the subject's session share.
  func sharedPath(_ datatype: String, space: String, suffix: String, fileExtension: String) -> String {
    let entities = owner + [BIDSName.Entity("space", space)]
    return Folder.path(ownerFolder, "\(datatype)/" + BIDSName(entities: entities, suffix: suffix, fileExtension: fileExtension).text)
  }

  /// Whether a file of that name is one that a recording in this place makes: its own, its session's or the dataset's.
  func owns(_ name: String) -> Bool {
    if ["dataset_description.json", "README.md", "participants.json", "participants.tsv"].contains(name) { return true }
    guard let entities = BIDSName(name)?.entities else { return false }
    return entities == self.entities || (entities.starts(with: owner) && entities.dropFirst(owner.count).allSatisfy { $0.key == "space" })
  }

  /// The path of the list of the session's recordings.
  var scansPath: String { Folder.path(ownerFolder, BIDSName(entities: owner, suffix: "scans", fileExtension: ".tsv").text) }
}
