import MinhangCore

/// The markers of a marker file: `Mk<n>=type,description,position,size,channel[,date]`.
struct BrainVisionMarkers {
  /// A marker with what could be read of it.
  struct Marker {
    var type: String
    var description: String
    /// Index of the sample from 0.
    var sample: Int
    /// Length in samples; nil where not stated.
    var size: Int?
    /// Channel from 0; nil for all.
    var channel: Int?
    var date: BrainVisionDate?

    /// What it is called: as the field's readers write it, `type/description`; the description alone where there is no type.
    var label: String { type.isEmpty ? description : "\(type)/\(description)" }
    var isSegment: Bool { type == "New Segment" }
  }

  private(set) var markers: [Marker] = []

  init() {}

  init(_ bytes: [UInt8], header: BrainVisionHeader, channelCount: Int, sampleCount: Int, path: String, log: inout WarningLog)
    throws(RecordingError)
  {
    guard !bytes.isEmpty else {
      log.add(.annotation, "the marker file is empty; the recording has no events")
      return
    }
    let text = try BrainVisionDocument(bytes, what: "marker file", path: path, log: &log)
    let first = text.firstLine.lowercased()
    if !(first.hasPrefix("brain vision") || first.hasPrefix("brainvision")) || !first.contains("marker file") {
      log.add(
        .formatVariant,
        "marker file line 1 is \(text.firstLine.quotedForDisplay()); expected \"Brain Vision Data Exchange Marker File, Version 1.0\"")
    }
    if let other = text.value("DataFile", in: "common infos"), !other.isEmpty, other != header.dataFile {
      log.note(
        .annotation, "the marker file names the data file \(other.quotedForDisplay()), the header \(header.dataFile.quotedForDisplay())")
    }
    guard let lines = text.sections["marker infos"] else {
      log.add(.annotation, "marker file section [Marker Infos] is missing; the recording has no events")
      return
    }
    markers.reserveCapacity(lines.count)
    for line in lines {
      guard let key = line.key, BrainVisionDocument.number(of: key, after: "mk") != nil else {
        log.add(.annotation, "marker file line \(line.number) is not \"Mk\", a number, an equals sign and a marker; left out")
        continue
      }
      if let marker = Self.marker(text, line, channelCount: channelCount, sampleCount: sampleCount, log: &log) { markers.append(marker) }
    }
  }

  private static func marker(
    _ text: BrainVisionDocument, _ line: BrainVisionDocument.Line, channelCount: Int, sampleCount: Int, log: inout WarningLog
  ) -> Marker? {
    // White space belongs to a description (`S  1`), never to a number.
    let fields = line.value.split(separator: 0x2C, omittingEmptySubsequences: false).enumerated().map { place, field in
      place == 1 ? field : BrainVisionDocument.trimmed(field)
    }
    func shown(_ k: Int) -> String { k < fields.count ? text.text(fields[k]).quotedForDisplay() : "missing" }
    func place(_ field: String) -> String { "marker file line \(line.number): \(field)" }
    guard fields.count >= 3, let position = number(fields[2]) else {
      log.add(.annotation, "\(place("position")) is \(shown(2)); expected a sample number from 1 on; the marker is left out")
      return nil
    }
    if position.isOdd { log.add(.annotation, "\(place("position")) is \(shown(2)); expected a whole number; rounded down") }
    guard position.value >= 0 else {
      log.add(.annotation, "\(place("position")) is \(shown(2)); expected a sample number from 1 on; the marker is left out")
      return nil
    }
    if position.value == 0 {
      log.add(.annotation, "\(place("position")) is 0; expected a sample number from 1 on; taken as the first sample")
    }
    if position.value > sampleCount, sampleCount > 0 {
      log.add(.annotation, "\(place("position")) is \(shown(2)), beyond the \(sampleCount) samples of the recording; kept")
    }
    var marker = Marker(type: text.field(fields[0]), description: text.field(fields[1]), sample: max(0, position.value - 1))
    let hasControls = { (text: String) in text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) } }
    if hasControls(marker.type) || hasControls(marker.description) {
      log.add(.annotationText, "\(place("text")) \(marker.label.quotedForDisplay()) has control characters")
    }
    if fields.count > 3, !fields[3].isEmpty {
      if let size = number(fields[3]), size.value >= 0 {
        // No samples: a moment, of which no length is stated.
        marker.size = size.value > 0 ? size.value : nil
        if sampleCount > 0, size.value > sampleCount {
          log.add(.annotation, "\(place("size")) is \(shown(3)), more than the \(sampleCount) samples of the recording; kept")
        }
      } else {
        log.add(.annotation, "\(place("size")) is \(shown(3)); expected a number of samples; taken as not stated")
      }
    }
    if fields.count > 4, !fields[4].isEmpty {
      // −1 stands for all as well in files of other writers.
      if let channel = number(fields[4])?.value, channel <= channelCount, channel >= -1 {
        marker.channel = channel > 0 ? channel - 1 : nil
      } else {
        log.add(.annotation, "\(place("channel")) is \(shown(4)); expected 0 (all) or 1…\(channelCount); taken as all")
      }
    }
    if fields.count > 5, !fields[5].isEmpty, fields[5].contains(where: { $0 != 0x30 }) {
      marker.date = BrainVisionDate(fields[5])
      if marker.date == nil {
        log.add(.startDate, "\(place("date")) is no date; expected YYYYMMDDhhmmssuuuuuu; ignored")
      }
    }
    return marker
  }

  /// A whole number with an optional sign; one with decimals is rounded down and odd.
  private static func number(_ bytes: ArraySlice<UInt8>) -> (value: Int, isOdd: Bool)? {
    if let value = BrainVisionDocument.whole(bytes) { return (value, false) }
    guard let value = HeaderNumber.decimal(String(decoding: bytes, as: UTF8.self))?.value.rounded(.down), value.magnitude < 1e15 else {
      return nil
    }
    let isWhole = bytes.dropFirst().allSatisfy(HeaderNumber.isDigit)
    return (Int(value), !isWhole)
  }
}
