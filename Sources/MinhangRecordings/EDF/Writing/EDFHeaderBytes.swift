import MinhangCore

/// The bytes of a header.
enum EDFHeaderBytes {
  /// Lays out the fixed header and the signal headers; the annotation signal comes last.
  static func make(
    family: EDFFamily, isContinuous: Bool, identity: RecordingIdentity, start: RecordingDate?, recordCount: Int, recordDuration: String,
    channels: [EDFStoredChannel], samplesPerRecord: [Int], annotationSamples: Int
  ) -> [UInt8] {
    func padded(_ n: Int) -> String { n < 10 ? "0\(n)" : String(n) }
    let signals = channels.count + 1
    var bytes = family == .edf ? HeaderField.bytes("0", width: 8) : [0xFF] + Array("BIOSEMI".utf8)
    bytes += HeaderField.bytes(HeaderField.patient(identity.patientField), width: 80)
    bytes += HeaderField.bytes(HeaderField.recording(identity.recordingField, start: start), width: 80)
    // Unknown: the first day that the field can hold, with an X in the recording field.
    let day = start.map { "\(padded($0.day)).\(padded($0.month)).\((1985...2084).contains($0.year) ? padded($0.year % 100) : "yy")" }
    bytes += HeaderField.bytes(day ?? "01.01.85", width: 8)
    bytes += HeaderField.bytes(start.map { "\(padded($0.hour)).\(padded($0.minute)).\(padded($0.second))" } ?? "00.00.00", width: 8)
    bytes += HeaderField.bytes(String(256 * (signals + 1)), width: 8)
    bytes += HeaderField.bytes(family.rawValue + (isContinuous ? "+C" : "+D"), width: 44)
    bytes += HeaderField.bytes(String(recordCount), width: 8)
    bytes += HeaderField.bytes(recordDuration, width: 8)
    bytes += HeaderField.bytes(String(signals), width: 4)
    let full = family.digitalRange
    func field(_ width: Int, annotation: String, _ text: (Int) -> String) {
      for k in channels.indices { bytes += HeaderField.bytes(text(k), width: width) }
      bytes += HeaderField.bytes(annotation, width: width)
    }
    field(16, annotation: family.annotationLabel) { channels[$0].label }
    field(80, annotation: "") { channels[$0].transducer }
    field(8, annotation: "") { channels[$0].unit }
    field(8, annotation: "-1") { channels[$0].physicalMinimum }
    field(8, annotation: "1") { channels[$0].physicalMaximum }
    field(8, annotation: String(full.lowerBound)) { String(channels[$0].digitalMinimum) }
    field(8, annotation: String(full.upperBound)) { String(channels[$0].digitalMaximum) }
    field(80, annotation: "") { channels[$0].prefilter }
    field(8, annotation: String(annotationSamples)) { String(samplesPerRecord[$0]) }
    field(32, annotation: "") { _ in "" }
    return bytes
  }
}
