import MinhangCore

/// Anonymises BrainVision: header, markers and data under new names, which the files state of each other.
///
/// Header and markers are written anew, in UTF-8, from what the reader understands of them; comments, user sections and further text are gone.
/// Of markers those stay that are codes (`TriggerCode`), and the borders of segments with their dates cut or moved; others only where annotations
/// are kept. Of the data file the samples stay.
///
/// **Source:** Brain Products, "BrainVision Core Data Format 1.0".
struct BrainVisionAnonymization {
  private let file: RandomAccessFile
  private let options: AnonymizationOptions
  private let opening: BrainVisionOpening
  private let document: BrainVisionDocument
  private let header: BrainVisionHeader
  private let channels: BrainVisionChannels
  private var report = AnonymizationReport(format: "BrainVision")

  /// Whether a file begins like a header: `Brain Vision Data Exchange Header File`, an old one `BrainVision …`.
  static func isHeader(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes.prefix(128).drop { [0xEF, 0xBB, 0xBF].contains($0) }, as: UTF8.self).lowercased()
    return (text.hasPrefix("brain vision") || text.hasPrefix("brainvision")) && text.contains("header file")
  }

  init(file: RandomAccessFile, options: AnonymizationOptions) throws(RecordingError) {
    self.file = file
    self.options = options
    opening = try BrainVisionOpening(file: file, options: .none)
    // The opening has told what is wrong already.
    var log = WarningLog()
    document = try BrainVisionDocument(try file.bytes(at: 0, count: file.byteCount), what: "header", path: file.path, log: &log)
    header = try BrainVisionHeader(document, path: file.path, log: &log)
    channels = try BrainVisionChannels(document, path: file.path, log: &log)
    report.warnings = opening.info.warnings
  }

  mutating func write(to target: WritingTarget) throws(RecordingError) -> AnonymizationReport {
    guard target.path.lowercased().hasSuffix(".vhdr") else {
      throw RecordingError(.cannotCreate, path: target.path, "is not the name of a BrainVision header; expected a name that ends in .vhdr")
    }
    let stem = String(target.path.dropLast(5))
    let base = try BrainVisionHeaderText.base(of: stem, path: target.path)
    let companions = opening.info.companions
    let inputs = target.inputs + companions
    func create(_ path: String) throws(RecordingError) -> AtomicFile {
      try AtomicFile(path: path, replacing: target.isReplacing, inputs: inputs)
    }
    let (headerOut, dataOut) = (try create(target.path), try create(stem + ".eeg"))
    try headerOut.append(headerText(base: base, hasMarkers: companions.count > 1))
    try copyData(try RandomAccessFile(path: companions[0]), to: dataOut)
    report.files = [target.path, stem + ".eeg"]
    if companions.count > 1 {
      let markersOut = try create(stem + ".vmrk")
      try markersOut.append(try markerText(try RandomAccessFile(path: companions[1]), base: base))
      report.files.append(stem + ".vmrk")
      try markersOut.commit()
    }
    try dataOut.commit()
    try headerOut.commit()
    return report
  }

  private var sampleCount: Int { opening.info.channels.first?.sampleCount ?? 0 }

  /// The samples: what lies before the first and behind the last is left out.
  private mutating func copyData(_ data: RandomAccessFile, to output: AtomicFile) throws(RecordingError) {
    guard let coding = header.coding else {
      let layout = header.textLayout
      let lines = header.isVectorized ? opening.channelCount : sampleCount
      let (written, read) = try BrainVisionTextData(layout, lines: lines).copy(data, to: output)
      (report.sampleBytes, report.cutBytes) = (written, data.byteCount - read)
      if layout.skippedLines > 0 || layout.skippedColumns > 0 { report.clear("words beside the numbers of the data file") }
      return
    }
    let first = min(data.byteCount, header.dataOffset)
    let end = min(first + opening.channelCount * coding.byteCount * sampleCount, data.byteCount)
    try output.append(first..<end, of: data)
    report.sampleBytes = end - first
    report.cutBytes = data.byteCount - report.sampleBytes
  }

  // MARK: - Header

  private mutating func headerText(base: String, hasMarkers: Bool) -> String {
    var lines = ["Brain Vision Data Exchange Header File Version 1.0", "", "[Common Infos]", "Codepage=UTF-8", "DataFile=\(base).eeg"]
    if hasMarkers { lines.append("MarkerFile=\(base).vmrk") }
    lines += ["DataFormat=\(header.coding == nil ? "ASCII" : "BINARY")"]
    lines += ["DataOrientation=\(header.isVectorized ? "VECTORIZED" : "MULTIPLEXED")", "DataType=TIMEDOMAIN"]
    lines.append("NumberOfChannels=\(opening.channelCount)")
    if let interval = document.value("SamplingInterval", in: "common infos").flatMap(HeaderNumber.decimal)?.value {
      lines.append("SamplingInterval=\(BrainVisionHeaderText.number(interval))")
    }
    if header.dataPoints != nil { lines.append("DataPoints=\(sampleCount)") }
    if let points = header.segmentDataPoints {
      let isFixed = document.value("SegmentationType", in: "common infos")?.uppercased() == "FIXTIME"
      lines += ["SegmentationType=\(isFixed ? "FIXTIME" : "MARKERBASED")", "SegmentDataPoints=\(points)"]
    }
    if document.value("Averaged", in: "common infos")?.uppercased() == "YES" { lines.append("Averaged=YES") }
    if let coding = header.coding {
      lines += ["", "[Binary Infos]", "BinaryFormat=\(coding.rawValue)"]
      if header.isBigEndian { lines.append("UseBigEndianOrder=YES") }
    } else {
      let layout = header.textLayout
      lines += ["", "[ASCII Infos]", "DecimalSymbol=\(layout.decimalSymbol == 0x2C ? "," : ".")"]
      lines += ["SkipLines=\(layout.skippedLines)", "SkipColumns=\(layout.skippedColumns)"]
    }
    lines += ["", "[Channel Infos]"] + channelLines() + coordinateLines()
    let known = ["", "common infos", "binary infos", "ascii infos", "channel infos", "coordinates"]
    for section in document.sections.keys.sorted() where !known.contains(section) {
      report.clear("section [\(section)]".escapedForDisplay)
    }
    report.clear("comments")
    return lines.joined(separator: "\r\n") + "\r\n"
  }

  /// Name, reference, resolution and unit of each channel that is read.
  private mutating func channelLines() -> [String] {
    var stated: [Int: [ArraySlice<UInt8>]] = [:]
    for line in document.sections["channel infos"] ?? [] {
      guard let key = line.key, let number = BrainVisionDocument.number(of: key, after: "ch") else { continue }
      stated[number] = BrainVisionDocument.fields(line.value)
    }
    let entries = channels.entries.prefix(opening.channelCount)
    let names = Set(entries.map { $0.label.lowercased() })
    return entries.enumerated().map { index, entry in
      let fields = stated[index + 1] ?? []
      if fields.count > 4 { report.clear("further text of channels") }
      var reference = fields.count > 1 ? document.field(fields[1]) : ""
      if !names.contains(reference.lowercased()) && !TechnicalText.isReference(reference) {
        report.clear("reference")
        reference = ""
      }
      var unit = entry.unit == .none ? "n/a" : entry.unit.symbol
      if !TechnicalText.isUnit(unit) {
        report.clear("unit")
        unit = "n/a"
      }
      // No resolution is 1; one that cannot be used leaves the channel its stored numbers, as 0 does.
      let resolution = BrainVisionHeaderText.number(entry.resolution ?? 0)
      return "Ch\(index + 1)="
        + [entry.label, reference, resolution, unit].map { BrainVisionHeaderText.field($0).text }.joined(separator: ",")
    }
  }

  private func coordinateLines() -> [String] {
    var lines: [String] = []
    for line in document.sections["coordinates"] ?? [] {
      guard let key = line.key, let number = BrainVisionDocument.number(of: key, after: "ch"), (1...opening.channelCount).contains(number)
      else { continue }
      let values = BrainVisionDocument.fields(line.value).prefix(3).compactMap { HeaderNumber.decimal(document.text($0))?.value }
      guard values.count == 3, values.allSatisfy(\.isFinite) else { continue }
      lines.append("Ch\(number)=" + values.map(BrainVisionHeaderText.number).joined(separator: ","))
    }
    return lines.isEmpty ? [] : ["", "[Coordinates]"] + lines
  }

  // MARK: - Markers

  private mutating func markerText(_ file: RandomAccessFile, base: String) throws(RecordingError) -> String {
    var lines = [
      "Brain Vision Data Exchange Marker File, Version 1.0", "", "[Common Infos]", "Codepage=UTF-8", "DataFile=\(base).eeg", "",
      "[Marker Infos]",
    ]
    var dated = 0
    var number = 0
    for marker in try markers(file) {
      var (type, description, date) = (marker.type, marker.description, "")
      if marker.isSegment {
        description = ""
        if options.shiftDays == nil, marker.date != nil { dated += 1 }
        if let moved = moved(marker.date) { date = ",\(moved)" }
      } else if !options.keepsAnnotations {
        guard TriggerCode.isCode(marker.label) else {
          report.cutAnnotations += 1
          continue
        }
      }
      number += 1
      (type, description) = (BrainVisionHeaderText.field(type).text, BrainVisionHeaderText.field(description).text)
      let channel = marker.channel.map { $0 + 1 } ?? 0
      lines.append("Mk\(number)=\(type),\(description),\(marker.sample + 1),\(marker.size ?? 0),\(channel)\(date)")
    }
    if report.cutAnnotations > 0 { report.clear("markers with text") }
    report.clear("dates of segments")
    if dated > 1 { report.clear("lengths of gaps between segments") }
    return lines.joined(separator: "\r\n") + "\r\n"
  }

  /// The markers that can be read; the other lines are counted.
  private mutating func markers(_ file: RandomAccessFile) throws(RecordingError) -> [BrainVisionMarkers.Marker] {
    guard file.byteCount <= BrainVisionDocument.byteLimit else {
      report.cutBytes += file.byteCount
      return []
    }
    let bytes = try file.bytes(at: 0, count: file.byteCount)
    var log = WarningLog()
    do throws(RecordingError) {
      let markers = try BrainVisionMarkers(
        bytes, header: header, channelCount: opening.channelCount, sampleCount: sampleCount, path: file.path, log: &log
      ).markers
      let lines = try BrainVisionDocument(bytes, what: "marker file", path: file.path, log: &log).sections["marker infos"]?.count ?? 0
      report.cutAnnotations += max(0, lines - markers.count)
      return markers
    } catch {
      // Text that the reader does not read either; it has said so.
      report.cutBytes += file.byteCount
      return []
    }
  }

  /// `YYYYMMDDhhmmssuuuuuu`, moved; nil where dates are cut or where it is none.
  private func moved(_ date: BrainVisionDate?) -> String? {
    guard let days = options.shiftDays, days.magnitude < 1_000_000, let date = date?.date else { return nil }
    return date.advanced(by: Double(days) * 86_400).map(BrainVisionDate.text)
  }
}
