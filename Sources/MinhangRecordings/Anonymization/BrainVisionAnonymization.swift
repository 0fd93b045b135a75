import MinhangCore

/// Anonymises BrainVision: header, markers and data under new names, which the files state of each other.
///
/// Header and markers are written anew from the keys that describe the samples; comments, user sections and further text are gone. Of markers
/// those stay whose description is a trigger code (`S  1`, `R 12`), and the borders of segments with their dates cut or moved; others only where
/// annotations are kept.
///
/// **Source:** Brain Products, "BrainVision Core Data Format 1.0".
struct BrainVisionAnonymization {
  private let file: RandomAccessFile
  private let options: AnonymizationOptions
  private let header: BrainVisionText

  private static let textLimit = 64 << 20

  init(file: RandomAccessFile, options: AnonymizationOptions) throws(RecordingError) {
    self.file = file
    self.options = options
    header = BrainVisionText(try Self.bytes(of: file))
  }

  private static func bytes(of file: RandomAccessFile) throws(RecordingError) -> [UInt8] {
    guard file.byteCount <= textLimit else {
      throw RecordingError(.badData, path: file.path, "file size is \(file.byteCount) bytes; expected a text of at most \(textLimit)")
    }
    return try file.bytes(at: 0, count: file.byteCount)
  }

  func write(to target: WritingTarget) throws(RecordingError) -> AnonymizationReport {
    var report = AnonymizationReport(format: "BrainVision")
    guard target.path.lowercased().hasSuffix(".vhdr") else {
      throw RecordingError(.cannotCreate, path: target.path, "is not the name of a BrainVision header; expected a name that ends in .vhdr")
    }
    let stem = String(target.path.dropLast(5))
    let base = String(stem.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
    let data = try companion("DataFile", required: true)!
    let markers = try companion("MarkerFile", required: false)
    let inputs = target.inputs + [data.path] + (markers.map { [$0.path] } ?? [])
    func create(_ path: String) throws(RecordingError) -> AtomicFile {
      try AtomicFile(path: path, replacing: target.isReplacing, inputs: inputs)
    }
    let (headerOut, dataOut) = (try create(target.path), try create(stem + ".eeg"))
    try headerOut.append(headerBytes(base: base, hasMarkers: markers != nil, report: &report))
    let opening = try BrainVisionOpening(file: file, options: .none)
    // What stands before the samples is text or a foreign header: zeros of the same length.
    let offset = min(data.byteCount, opening.header.dataOffset)
    var blank = offset
    while blank > 0 {
      let count = min(blank, 1 << 20)
      try dataOut.append([UInt8](repeating: 0, count: count))
      blank -= count
    }
    let layout = opening.header.textLayout
    if let coding = opening.header.coding, coding != .float64 {
      // Behind the last sample there may be anything.
      let end = offset + opening.channelCount * coding.byteCount * (opening.info.channels.first?.sampleCount ?? 0)
      try dataOut.append(offset..<min(end, data.byteCount), of: data)
      report.sampleBytes = min(end, data.byteCount) - offset
      report.cutBytes = data.byteCount - offset - report.sampleBytes
    } else {
      report.sampleBytes = try BrainVisionTextData(layout).copy(data, from: offset, to: dataOut)
      if layout.skippedLines > 0 || layout.skippedColumns > 0 { report.clear("words beside the numbers of the data file") }
    }
    report.files = [target.path, stem + ".eeg"]
    if let markers {
      let markersOut = try create(stem + ".vmrk")
      try markersOut.append(markerBytes(BrainVisionText(try Self.bytes(of: markers)), base: base, report: &report))
      report.files.append(stem + ".vmrk")
      try markersOut.commit()
    }
    try dataOut.commit()
    try headerOut.commit()
    return report
  }

  /// A file that the header names; only a plain name in the header's own folder.
  private func companion(_ key: String, required: Bool) throws(RecordingError) -> RandomAccessFile? {
    guard var name = header.value(key, in: "common infos"), !name.isEmpty else {
      guard required else { return nil }
      throw RecordingError(.badData, path: file.path, "key \(key) of [Common Infos] is missing; expected the name of a file")
    }
    let own = file.path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    let stem = own.lastIndex(of: ".").map { own[..<$0] } ?? own
    if let range = name.firstRange(of: "$b") { name.replaceSubrange(range, with: stem) }
    guard !name.contains("/"), !name.contains("\\"), name != "..", name != "." else {
      throw RecordingError(
        .badData, path: file.path,
        "key \(key) of [Common Infos] is \(name.quotedForDisplay()); expected a plain name in the header's own folder")
    }
    return try RandomAccessFile(path: file.path.dropLast(own.count) + name)
  }

  private static let keys: [String: [String]] = [
    "common infos": [
      "Codepage", "DataFormat", "DataOrientation", "DataType", "NumberOfChannels", "SamplingInterval", "DataPoints", "SegmentationType",
      "SegmentDataPoints", "Averaged", "AveragedSegments",
    ],
    "binary infos": ["BinaryFormat", "UseBigEndianOrder", "DataOffset", "ChannelOffset", "TrailerSize"],
    "ascii infos": ["DecimalSymbol", "SkipLines", "SkipColumns"],
  ]
  private static let values: Set<String> = [
    "utf-8", "ansi", "ascii", "binary", "multiplexed", "vectorized", "timedomain", "frequencydomain", "notsegmented", "markerbased",
    "fixtime", "yes",
    "no", "int_16", "int_32", "uint_16", "ieee_float_32", ".", ",",
  ]

  private func headerBytes(base: String, hasMarkers: Bool, report: inout AnonymizationReport) -> [UInt8] {
    var out = Array("Brain Vision Data Exchange Header File Version 1.0\r\n".utf8)
    func line(_ text: String) { out += Array((text + "\r\n").utf8) }
    for (section, title) in [("common infos", "Common Infos"), ("binary infos", "Binary Infos"), ("ascii infos", "ASCII Infos")] {
      guard section == "common infos" || header.sections.contains(where: { $0.name == section }) else { continue }
      line("\r\n[\(title)]")
      if section == "common infos" {
        if let codepage = header.value("Codepage", in: section), Self.values.contains(codepage.lowercased()) {
          line("Codepage=\(codepage)")
        }
        line("DataFile=\(base).eeg")
        if hasMarkers { line("MarkerFile=\(base).vmrk") }
      }
      for key in Self.keys[section] ?? [] where key != "Codepage" {
        guard let value = header.value(key, in: section) else { continue }
        if Self.values.contains(value.lowercased()) || HeaderNumber.decimal(value) != nil {
          line("\(key)=\(value)")
        } else {
          report.clear(key)
        }
      }
    }
    line("\r\n[Channel Infos]")
    for (key, value) in header.lines("channel infos") where Self.isNumbered(key, "ch") {
      // Name, reference, resolution, unit; what follows is free text.
      let fields = value.split(separator: 0x2C, omittingEmptySubsequences: false)
      if fields.count > 4 { report.clear("further text of channels") }
      out += Array("\(key)=".utf8) + Array(fields.prefix(4).joined(separator: [0x2C])) + [0x0D, 0x0A]
    }
    let coordinates = header.lines("coordinates").filter { Self.isNumbered($0.key, "ch") }
    if !coordinates.isEmpty {
      line("\r\n[Coordinates]")
      for (key, value) in coordinates {
        let fields = value.split(separator: 0x2C).map { HeaderText.decoded($0) }
        if fields.allSatisfy({ HeaderNumber.decimal($0) != nil }) { line("\(key)=\(fields.joined(separator: ","))") }
      }
    }
    let known = ["common infos", "binary infos", "ascii infos", "channel infos", "coordinates"]
    for section in header.sections where !known.contains(section.name) { report.clear("section [\(section.name)]".escapedForDisplay) }
    report.clear("comments")
    return out
  }

  private func markerBytes(_ text: BrainVisionText, base: String, report: inout AnonymizationReport) -> [UInt8] {
    var out = Array("Brain Vision Data Exchange Marker File, Version 1.0\r\n\r\n[Common Infos]\r\n".utf8)
    if let codepage = text.value("Codepage", in: "common infos"), Self.values.contains(codepage.lowercased()) {
      out += Array("Codepage=\(codepage)\r\n".utf8)
    }
    out += Array("DataFile=\(base).eeg\r\n\r\n[Marker Infos]\r\n".utf8)
    var number = 0
    var dated = 0
    for (key, value) in text.lines("marker infos") where Self.isNumbered(key, "mk") {
      var fields = value.split(separator: 0x2C, omittingEmptySubsequences: false).map { Array($0) }
      guard fields.count >= 3, fields[2...].prefix(3).allSatisfy({ HeaderNumber.whole(HeaderText.decoded($0[...])) != nil }) else {
        report.cutAnnotations += 1
        continue
      }
      let isSegment = HeaderText.decoded(fields[0][...]).lowercased() == "new segment"
      if isSegment {
        if fields.count > 5, options.shiftDays == nil { dated += 1 }
        let date = fields.count > 5 ? moved(HeaderText.decoded(fields[5][...])) : nil
        fields = Array(fields.prefix(5))
        fields[0] = Array("New Segment".utf8)
        fields[1] = []
        if let date { fields.append(Array(date.utf8)) }
      } else {
        fields = Array(fields.prefix(5))
        if !options.keepsAnnotations && !Self.isCode(fields[0], fields[1]) {
          report.cutAnnotations += 1
          continue
        }
      }
      number += 1
      out += Array("Mk\(number)=".utf8) + Array(fields.joined(separator: [0x2C])) + [0x0D, 0x0A]
    }
    if report.cutAnnotations > 0 { report.clear("markers with text") }
    report.clear("dates of segments")
    if dated > 1 { report.clear("lengths of gaps between segments") }
    return out
  }

  /// Whether a marker is a trigger: a plain type, and a letter with a number.
  private static func isCode(_ type: [UInt8], _ description: [UInt8]) -> Bool {
    guard ["stimulus", "response", "sync status", "toggle", ""].contains(HeaderText.decoded(type[...]).lowercased()) else { return false }
    let text = HeaderText.decoded(description[...])
    if ["", "Sync On", "boundary"].contains(text) { return true }
    guard let letter = text.utf8.first, (0x41...0x5A).contains(letter) else { return false }
    let digits = String(text.dropFirst()).trimmingSpaces
    return (1...5).contains(digits.utf8.count) && digits.utf8.allSatisfy(HeaderNumber.isDigit)
  }

  private static func isNumbered(_ key: String, _ prefix: String) -> Bool {
    key.lowercased().hasPrefix(prefix) && key.utf8.count > 2 && key.utf8.dropFirst(2).allSatisfy(HeaderNumber.isDigit)
  }

  /// `YYYYMMDDhhmmssuuuuuu`, moved; nil where dates are cut or where it is none.
  private func moved(_ text: String) -> String? {
    guard let days = options.shiftDays, days.magnitude < 1_000_000, (14...20).contains(text.utf8.count),
      text.utf8.allSatisfy(HeaderNumber.isDigit)
    else {
      return nil
    }
    let digits = text.utf8.map { Int($0) - 0x30 }
    func part(_ range: Range<Int>) -> Int { range.reduce(0) { $0 * 10 + digits[$1] } }
    guard
      let date = RecordingDate(year: part(0..<4), month: part(4..<6), day: part(6..<8), hour: 0, minute: 0, second: 0)?
        .advanced(by: Double(days) * 86_400)
    else { return nil }
    return String(date.iso8601.prefix(10).filter { $0 != "-" }) + String(text.dropFirst(8))
  }
}
