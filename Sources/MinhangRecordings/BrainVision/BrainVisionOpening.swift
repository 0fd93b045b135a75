import MinhangCore

/// The steps of opening a recording: header, channels, data file, markers, times.
struct BrainVisionOpening {
  var info: RecordingInfo
  var events: [Event]
  var header: BrainVisionHeader
  var dataFile: RandomAccessFile
  var scales: [Double]
  /// Channels in the data file.
  var channelCount: Int
  /// The first sample of each stretch.
  var segmentStarts: [Int]

  init(file: RandomAccessFile, options: OpeningOptions) throws(RecordingError) {
    var log = WarningLog()
    let path = file.path
    let text = try Self.headerText(file, log: &log)
    header = try BrainVisionHeader(text, path: path, log: &log)
    let entries = try BrainVisionChannels(text, path: path, log: &log)
    let folder = BrainVisionFolder(header: path, options: options)
    dataFile = try Self.dataFile(header, folder: folder, path: path, log: &log)
    channelCount = try Self.channelCount(header, listed: entries.entries.count, data: dataFile, path: path, log: &log)
    let sampleCount: Int
    var unpacked: RandomAccessFile?
    if header.coding == nil {
      let numbers = try BrainVisionNumbers(dataFile, header: header, channelCount: channelCount, log: &log)
      sampleCount = numbers.sampleCount
      unpacked = numbers.storage
    } else {
      sampleCount = try Self.sampleCount(header, channelCount: channelCount, data: dataFile, log: &log)
    }
    if let stated = header.dataPoints, stated != sampleCount {
      log.add(.recordCount, "header key \"DataPoints\" is \(stated), but the data file has \(sampleCount) samples; all of them are read")
    }
    if sampleCount == 0 { log.add(.emptyChannel, "the data file holds no samples") }
    scales = entries.scales(count: channelCount)
    var channels = entries.channels(count: channelCount, header: header, sampleCount: sampleCount, log: &log)
    let filters = BrainVisionFilters(text, labels: channels.map(\.label))
    for index in channels.indices { channels[index].prefilter = filters.words(index) }
    var byteCount = file.byteCount + dataFile.byteCount
    var companions = [dataFile.path]
    var markers = BrainVisionMarkers()
    if let marks = Self.markerFile(header, folder: folder, log: &log) {
      byteCount += marks.byteCount
      companions.append(marks.path)
      if marks.byteCount > BrainVisionDocument.byteLimit {
        log.add(
          .annotationLimit,
          "the marker file has \(marks.byteCount) bytes; expected at most \(BrainVisionDocument.byteLimit); it is not read")
      } else {
        do throws(RecordingError) {
          markers = try BrainVisionMarkers(
            try marks.bytes(at: 0, count: marks.byteCount), header: header, channelCount: channelCount, sampleCount: sampleCount,
            path: marks.path, log: &log)
        } catch {
          log.add(.annotation, "the marker file is not read: \(error.message)")
        }
      }
    }
    let times = BrainVisionTimes(markers.markers, header: header, sampleCount: sampleCount, log: &log)
    let rate = header.sampleRate
    let timeline = Timeline(sampleRate: rate, sampleCount: sampleCount, spans: times.spans)
    segmentStarts = timeline.segments.map(\.firstSample)
    events = Event.sortedByOnset(
      markers.markers.lazy.filter { !$0.isSegment }.map {
        Event(
          onset: timeline.time(ofSample: $0.sample), duration: $0.size.map { Double($0) / rate }, label: $0.label, channel: $0.channel)
      })
    info = RecordingInfo(
      format: RecordingFormat("BrainVision"), path: path, byteCount: byteCount, start: times.start,
      duration: times.spans.map(\.end).max() ?? 0, channels: channels, spans: times.spans, warnings: log.warnings, notes: log.notes)
    info.companions = companions
    if let unpacked {
      header.coding = .float64
      dataFile = unpacked
    }
  }

  private static func headerText(_ file: RandomAccessFile, log: inout WarningLog) throws(RecordingError) -> BrainVisionDocument {
    guard file.byteCount <= BrainVisionDocument.byteLimit else {
      throw RecordingError(
        .badData, path: file.path, "header size is \(file.byteCount) bytes; expected at most \(BrainVisionDocument.byteLimit)")
    }
    let text = try BrainVisionDocument(try file.bytes(at: 0, count: file.byteCount), what: "header", path: file.path, log: &log)
    let first = text.firstLine.lowercased()
    guard first.hasPrefix("brain vision") || first.hasPrefix("brainvision"), first.contains("header file") else {
      throw RecordingError(
        .badData, path: file.path,
        "header line 1 is \(text.firstLine.quotedForDisplay()); expected \"Brain Vision Data Exchange Header File Version 1.0\"")
    }
    let version = first.split(separator: " ").last ?? ""
    if version != "1.0" && version != "2.0" {
      log.add(.formatVariant, "header line 1 is \(text.firstLine.quotedForDisplay()); expected version 1.0 or 2.0; read as 1.0")
    }
    let suffix = file.path.split(separator: "/").last?.split(separator: ".").dropFirst().last.map { $0.lowercased() } ?? ""
    if ["bdf", "csv", "edf", "eeg", "fif", "gdf", "json", "npy", "set", "tsv", "vmrk", "xdf", "xdfz"].contains(suffix) {
      log.add(.formatVariant, "the file is named .\(suffix) but its content is a BrainVision header; read by its content")
    }
    return text
  }

  private static func dataFile(
    _ header: BrainVisionHeader, folder: BrainVisionFolder, path: String, log: inout WarningLog
  ) throws(RecordingError) -> RandomAccessFile {
    let shown = "header key \"DataFile\" is \(header.dataFile.quotedForDisplay())"
    switch folder.answer(header.dataFile) {
    case .refused(let expected): throw RecordingError(.badData, path: path, "\(shown); \(expected)")
    case .path(let data, let isForeign):
      if isForeign { log.add(.headerText, "\(shown), a path of another system; the file of that name beside the header is read") }
      do throws(RecordingError) { return try RandomAccessFile(path: data) } catch {
        var hint = ""
        if error.code == .notFound {
          for suffix in ["eeg", "dat"] where (try? RandomAccessFile(path: folder.sibling(suffix))) != nil {
            hint = "; if the files were renamed, set it to \("\(folder.base).\(suffix)".quotedForDisplay())"
            break
          }
        }
        throw RecordingError(
          error.code == .notFound || error.code == .notAFile ? .badData : error.code, path: path,
          "\(shown): \(error.message); expected the data file beside the header\(hint)")
      }
    }
  }

  /// The number of channels: as stated, or as listed where the two differ and only that fits the data.
  private static func channelCount(
    _ header: BrainVisionHeader, listed: Int, data: RandomAccessFile, path: String, log: inout WarningLog
  ) throws(RecordingError) -> Int {
    let stated = header.channelCount
    guard stated != listed else { return stated }
    let width = header.coding?.byteCount ?? 0
    let byteCount = max(0, data.byteCount - header.dataOffset)
    let fits = { (count: Int) in width > 0 && count > 0 && byteCount % (width * count) == 0 }
    let shown = "header key \"NumberOfChannels\" is \(stated), but [Channel Infos] has \(listed) entries"
    if fits(listed), !fits(stated) || listed == 0 {
      log.add(.recordCount, "\(shown); \(listed) fits the size of the data file and is taken")
      return listed
    }
    guard listed > stated else { throw RecordingError(.badData, path: path, "\(shown); expected an entry for each channel") }
    log.add(.recordCount, "\(shown); \(stated) channels are read")
    return stated
  }

  private static func sampleCount(
    _ header: BrainVisionHeader, channelCount: Int, data: RandomAccessFile, log: inout WarningLog
  ) throws(RecordingError) -> Int {
    let frame = channelCount * (header.coding?.byteCount ?? 1)
    guard header.dataOffset <= data.byteCount else {
      throw RecordingError(
        .badData, path: data.path,
        "data offset is \(header.dataOffset), but the file has \(data.byteCount) bytes; expected an offset within it")
    }
    let byteCount = data.byteCount - header.dataOffset
    let count = byteCount / frame
    let rest = byteCount % frame
    guard rest > 0 else { return count }
    if header.isVectorized && count > 0 {
      if let stated = header.dataPoints, stated > 0, stated <= count {
        log.add(
          .cutRecord, "the data are \(byteCount) bytes, not a whole number of samples; the \(stated) of \"DataPoints\" are read")
        return stated
      }
      throw RecordingError(
        .badData, path: data.path,
        "size of the vectorized data is \(byteCount) bytes; expected a multiple of \(frame): where each channel begins is not known")
    }
    log.add(.cutRecord, "the data file has \(rest) bytes behind the last whole sample of all channels; left out")
    return count
  }

  private static func markerFile(_ header: BrainVisionHeader, folder: BrainVisionFolder, log: inout WarningLog) -> RandomAccessFile? {
    guard let name = header.markerFile else { return nil }
    var complaint = "header key \"MarkerFile\" is \(name.quotedForDisplay())"
    switch folder.answer(name) {
    case .refused(let expected): complaint += "; \(expected)"
    case .path(let path, let isForeign):
      do throws(RecordingError) {
        let file = try RandomAccessFile(path: path)
        if isForeign { log.add(.headerText, "\(complaint), a path of another system; the file of that name beside the header is read") }
        return file
      } catch {
        complaint += ": \(error.message)"
      }
    }
    let sibling = try? RandomAccessFile(path: folder.sibling("vmrk"))
    log.add(
      .annotation,
      complaint
        + (sibling == nil
          ? "; the recording has no events" : "; \("\(folder.base).vmrk".quotedForDisplay()) beside the header is read instead"))
    return sibling
  }
}
