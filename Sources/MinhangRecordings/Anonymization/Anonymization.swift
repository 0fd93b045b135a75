import MinhangCore

/// Takes out of a recording who was recorded, by whom, where and when; the samples stay, byte for byte.
///
/// Samples are copied as bytes, so that none can change; all else is written anew from what the reader understands, and what it does not
/// understand is left out. What stays: labels, units, calibrations, rates, sensor positions, events that are codes (`TriggerCode`), and of the texts
/// on transducers and filters those that consist of technical words only (`TechnicalText`).
public enum Anonymization {
  /// Anonymises an EDF, BDF, BrainVision, GDF or XDF recording; one that is packed by gzip is written unpacked.
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
    var file = try RandomAccessFile(path: path)
    var target = target
    target.inputs.append(path)
    var log = WarningLog()
    if GZipUnpacking.recognises(try FileHead(file)) {
      var unpacking = try GZipUnpacking(file)
      file = try unpacking.run(log: &log)
    }
    var report = try anonymize(file, to: target, options: options)
    report.warnings = log.warnings + report.warnings
    return report
  }

  private static func anonymize(
    _ file: RandomAccessFile, to target: WritingTarget, options: AnonymizationOptions
  ) throws(RecordingError) -> AnonymizationReport {
    let head = try FileHead(file)
    if let family = EDFFamily(magic: Array(head.bytes.prefix(16))) {
      var work = try EDFAnonymization(file: file, family: family, options: options)
      return try work.write(to: target)
    }
    if head.starts(with: "XDF:") {
      var work = try XDFAnonymization(file: file, options: options)
      return try work.write(to: target)
    }
    if head.starts(with: "GDF ") {
      var work = try GDFAnonymization(file: file, head: head, options: options)
      return try work.write(to: target)
    }
    if BrainVisionAnonymization.isHeader(head.bytes) {
      var work = try BrainVisionAnonymization(file: file, options: options)
      return try work.write(to: target)
    }
    throw RecordingError(
      .unsupported, path: file.path,
      "file type at byte 0 is \(head.shown); expected an EDF, BDF, GDF, BrainVision (.vhdr) or XDF file, which can be anonymised")
  }

  /// Channels without the texts on sensors and filters that are not technical, without units that are none, and without names of streams before
  /// their own.
  public static func reviewed(_ channels: [Channel], of streams: [RecordingStream]) -> [Channel] {
    channels.map { channel in
      var channel = channel
      if !TechnicalText.isTechnical(channel.transducer) { channel.transducer = "" }
      if !TechnicalText.isTechnical(channel.prefilter) { channel.prefilter = "" }
      if !TechnicalText.isUnit(channel.unit.symbol) { channel.unit = .none }
      let stream = streams.indices.contains(channel.stream) ? streams[channel.stream].name : ""
      if !stream.isEmpty, !TechnicalText.isStreamName(stream), channel.name.hasPrefix(stream + " ") {
        channel.name = "Stream-\(channel.stream + 1)" + channel.name.dropFirst(stream.count)
      }
      return channel
    }
  }
}
