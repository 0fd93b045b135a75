import MinhangCore

/// Opens a Blackrock NEV file: alone, a recording of events only; beside an NSx file of the same name, that one's events.
enum NEVOpening {
  static func open(_ file: RandomAccessFile, head: FileHead) throws(RecordingError) -> SpikeTimesReader {
    var log = WarningLog()
    let header = try NEVHeader(file, log: &log)
    log.checkSuffix(of: head.path, own: ["nev"], content: "Blackrock NEV")
    let scan = try NEVScan(file, header: header, log: &log)
    if scan.spikes.count == 0, scan.others.isEmpty { log.add(.emptyChannel, "the file holds no event") }
    let info = RecordingInfo(
      format: RecordingFormat("NEV \(header.version)"), path: file.path, byteCount: file.byteCount, start: header.start,
      duration: max(0, scan.spikes.times.last ?? 0, scan.others.last?.onset ?? 0), channels: [], spans: [], warnings: log.warnings,
      notes: log.notes)
    return SpikeTimesReader(recording: info, spikes: scan.spikes, others: scan.others)
  }

  /// The events that lie beside an NSx file, `NAME.nev` for `NAME.ns5`; nil where there are none.
  ///
  /// - Parameters:
  ///   - clocks: Those of its packets, in order.
  ///   - resolution: Their stamps a second.
  static func events(beside path: String, clocks: [BlackrockClock], resolution: Double, log: inout WarningLog) -> (
    path: String, scan: NEVScan
  )? {
    let suffix = path.suffix(4).lowercased()
    guard suffix.hasPrefix(".ns") else { return nil }
    let companion = String(path.dropLast(4)) + (path.hasSuffix(suffix) ? ".nev" : ".NEV")
    var own = WarningLog()
    do throws(RecordingError) {
      let file = try RandomAccessFile(path: companion)
      let header = try NEVHeader(file, log: &own)
      let clocks = NEVClock(clocks, resolution: resolution, own: header.resolution)
      let scan = try NEVScan(file, header: header, clock: clocks, log: &own)
      for warning in own.warnings { log.add(warning.code, "events beside the file (.nev): \(warning.message)") }
      for note in own.notes { log.note(note.code, "events beside the file (.nev): \(note.message)") }
      return (companion, scan)
    } catch {
      if error.code == .notFound { return nil }
      log.add(.annotation, "the events beside the file (.nev) cannot be read: \(error.message)")
      return nil
    }
  }
}

extension Recording.Entry {
  /// Blackrock NEV: eight bytes of magic.
  static let nev = Self(
    name: "NEV", recognises: { head in NEVHeader.magics.contains { head.starts(with: $0) } },
    open: { file, head, _ throws(RecordingError) in try NEVOpening.open(file, head: head) })
}
