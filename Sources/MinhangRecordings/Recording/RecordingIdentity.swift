/// Who was recorded, by whom and with what, as a file states it.
///
/// Kept apart from everything else: never part of a message, shown only on request.
public struct RecordingIdentity: Sendable, Hashable {
  /// The patient field as it stands in the file: EDF+ wants `code sex birthdate name`.
  public var patientField: String
  /// The recording field as it stands in the file: EDF+ wants `Startdate date admincode technician equipment`.
  public var recordingField: String

  /// Makes an identity from the two fields.
  public init(patientField: String, recordingField: String) {
    self.patientField = patientField
    self.recordingField = recordingField
  }

  /// Nobody: every subfield unknown.
  public static let anonymous = RecordingIdentity(patientField: "X X X X", recordingField: "Startdate X X X X")

  /// The hospital's code of the patient; nil where unknown.
  public var patientCode: String? { Self.subfield(patientField, 0) }
  /// `F` or `M`; nil where unknown.
  public var sex: String? { Self.subfield(patientField, 1) }
  /// Date of birth as `dd-MMM-yyyy`; nil where unknown.
  public var birthdate: String? { Self.subfield(patientField, 2) }
  /// The patient's name; nil where unknown.
  public var patientName: String? { Self.subfield(patientField, 3) }
  /// The hospital's code of the investigation; nil where unknown or not an EDF+ field.
  public var investigationCode: String? { isStandard ? Self.subfield(recordingField, 2) : nil }
  /// The technician; nil where unknown or not an EDF+ field.
  public var technician: String? { isStandard ? Self.subfield(recordingField, 3) : nil }
  /// The equipment; nil where unknown or not an EDF+ field.
  public var equipment: String? { isStandard ? Self.subfield(recordingField, 4) : nil }
  /// The start date as `dd-MMM-yyyy`; nil where unknown or not an EDF+ field.
  public var startDateText: String? { isStandard ? Self.subfield(recordingField, 1) : nil }

  /// Whether neither field says anything but when the recording began.
  public var isAnonymous: Bool {
    let words = recordingField.split(separator: " ").dropFirst(isStandard ? 2 : 0)
    return (patientField.split(separator: " ") + words).allSatisfy { $0 == "X" }
  }

  private var isStandard: Bool { recordingField.hasPrefix("Startdate ") }

  private static func subfield(_ field: String, _ place: Int) -> String? {
    let parts = field.split(separator: " ", omittingEmptySubsequences: true)
    guard place < parts.count, parts[place] != "X" else { return nil }
    return String(parts[place].map { $0 == "_" ? " " : $0 })
  }
}
