import MinhangCore

/// Takes out of a recording who was recorded, by whom, where and when; the samples stay, byte for byte.
///
/// Works on the bytes of the files, so that no sample can change. What stays: labels, units, calibrations, rates, sensor positions, and of the
/// texts on transducers and filters those that consist of technical words only (`TechnicalText`).
public enum Anonymization {
  /// Anonymises an EDF, BDF, BrainVision, GDF or XDF recording.
  ///
  /// - Parameters:
  ///   - path: The recording, which is never changed.
  ///   - target: Where the new one goes; BrainVision writes its data and marker files beside it, under the same name.
  ///   - options: What may stay.
  /// - Returns: What was taken out.
  /// - Throws: `notFound`, `unreadable`, `badData`, `unsupported`, `wouldOverwrite`, `inputOutput`; `notRepresentable` where a shifted date has no
  ///   place in the format.
  public static func anonymize(
    path: String, to target: WritingTarget, options: AnonymizationOptions = AnonymizationOptions()
  ) throws(RecordingError) -> AnonymizationReport {
    let file = try RandomAccessFile(path: path)
    let head = try FileHead(file)
    var target = target
    target.inputs.append(path)
    if let family = EDFFamily(magic: Array(head.bytes.prefix(16))) {
      return try EDFAnonymization(file: file, family: family, options: options).write(to: target)
    }
    if head.starts(with: "XDF:") { return try XDFAnonymization(file: file, options: options).write(to: target) }
    if head.starts(with: "GDF ") { return try GDFAnonymization(file: file, options: options).write(to: target) }
    if BrainVisionText.isHeader(head.bytes) { return try BrainVisionAnonymization(file: file, options: options).write(to: target) }
    throw RecordingError(
      .unsupported, path: path,
      "file type at byte 0 is \(head.shown); expected an EDF, BDF, GDF, BrainVision (.vhdr) or XDF file, which can be anonymised")
  }
}
