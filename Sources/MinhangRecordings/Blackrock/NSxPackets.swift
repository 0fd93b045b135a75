import MinhangCore

/// The data packets of an NSx file: a byte 1, a time stamp (4 bytes, 8 from version 3.0 on), a number of points (4 bytes), and the samples.
///
/// Every packet is a stretch of its own; those that follow on without a break are one span. Recorders that time each sample by the network's
/// clock write packets of one sample with stamps of nanoseconds; they are one run of frames, each with a header.
struct NSxPackets {
  /// Packets that do not follow each other evenly, at most; a file of more is no recording.
  static let mostRuns = 1 << 20
  private static let piece = 1 << 20

  private(set) var runs: [FrameLayout.Run] = []
  private(set) var spans: [TimeSpan] = []
  /// The clock from one setting to the next; none in files without stamps.
  private(set) var clocks: [BlackrockClock] = []
  /// The first time stamp.
  private(set) var firstStamp: UInt64?

  private let file: RandomAccessFile
  private let header: NSxHeader
  private let packetHeader: Int
  private var window = LittleEndianBytes([])
  private var loaded = 0..<0
  /// Of the last span: the stamps of its first sample and of its last packet, and its samples.
  private var spanStart: UInt64 = 0
  private var lastStamp: UInt64 = 0
  private var lastCount = 0
  private var samples = 0
  private var hasSingles = true
  /// Whether the span that has begun has a clock that was set anew.
  private var isNewClock = true
  private var pauses = (count: 0, seconds: 0.0)

  init(_ file: RandomAccessFile, header: NSxHeader, log: inout WarningLog) throws(RecordingError) {
    self.file = file
    self.header = header
    packetHeader = header.kind == .v30 ? 13 : 9
    if header.kind == .v21 {
      let count = (file.byteCount - header.dataStart) / header.frameBytes
      if !(file.byteCount - header.dataStart).isMultiple(of: header.frameBytes) {
        log.add(.cutRecord, "the file ends within a sampling time of \(header.frameBytes) bytes; \(count) whole ones are read")
      }
      if count > 0 {
        runs = [FrameLayout.Run(firstSample: 0, sampleCount: count, byte: header.dataStart, stride: header.frameBytes)]
        spans = [TimeSpan(start: 0, duration: Double(count) / header.sampleRate)]
      }
      return
    }
    var next = header.dataStart
    while next < file.byteCount {
      guard let after = try packet(at: next, log: &log) else { break }
      next = after
    }
    closeSpan(log: &log)
    if pauses.count > 0 {
      log.note(.gap, "the recording pauses \(pauses.count) times, \(JSONValue.decimal(pauses.seconds)) s in all; each stretch is a segment")
    }
  }

  /// Takes the packet at a place.
  ///
  /// - Returns: Where the next one begins; nil where the file cannot be read on.
  private mutating func packet(at place: Int, log: inout WarningLog) throws(RecordingError) -> Int? {
    guard file.byteCount - place >= packetHeader else {
      log.add(.cutRecord, "the file ends within the header of a data packet at byte \(place)")
      return nil
    }
    let (mark, stamp, points) = try fields(at: place)
    guard mark == 1 else {
      log.add(
        .cutRecord,
        "the byte \(place) is \(mark); expected 1, the start of a data packet; the \(file.byteCount - place) bytes from there on are not read"
      )
      return nil
    }
    let there = (file.byteCount - place - packetHeader) / header.frameBytes
    var count = points
    var after: Int?
    if points == 0, try !isPacket(at: place + packetHeader), place + packetHeader < file.byteCount {
      // A recorder that stopped without closing the file leaves the count of the last packet at 0.
      log.add(.recordCount, "the data packet at byte \(place) states 0 points but data follow; \(there) are read, to the end of the file")
      count = there
    } else if points > there {
      log.add(.cutRecord, "the data packet at byte \(place) states \(points) points; the file holds \(there) of them")
      count = there
    } else {
      after = place + packetHeader + points * header.frameBytes
    }
    guard count > 0 else { return after }
    guard add(stamp, count: count, byte: place + packetHeader, log: &log) else { return nil }
    return after
  }

  /// Adds a stretch; false where there are too many.
  private mutating func add(_ stamp: UInt64, count: Int, byte: Int, log: inout WarningLog) -> Bool {
    let first = runs.last?.end ?? 0
    let stride = packetHeader + header.frameBytes
    if let last = runs.last, count == 1, last.sampleCount == 1 || last.stride == stride, byte == last.byte + last.sampleCount * stride {
      runs[runs.count - 1].sampleCount += 1
      runs[runs.count - 1].stride = stride
    } else {
      guard runs.count < Self.mostRuns else {
        log.add(.recordCount, "there are more than \(Self.mostRuns) data packets; the file is not read from byte \(byte) on")
        return false
      }
      runs.append(FrameLayout.Run(firstSample: first, sampleCount: count, byte: byte, stride: count == 1 ? stride : header.frameBytes))
    }
    if firstStamp == nil {
      firstStamp = stamp
      begin(stamp)
    } else {
      let expected = Double(lastCount) / header.sampleRate
      let passed = seconds(from: lastStamp, to: stamp)
      // A clock that times single samples wavers; only one that stands or goes back breaks the stretch before its time.
      let early = count == 1 && lastCount == 1 ? passed <= 0 : (expected - passed) * header.sampleRate > 0.5
      if early || (passed - expected) * header.sampleRate > 0.5 {
        closeSpan(log: &log)
        guard spans.count < Self.mostRuns else {
          log.add(.recordCount, "there are more than \(Self.mostRuns) pauses; the file is not read from byte \(byte) on")
          drop(count)
          return false
        }
        begin(stamp)
        // A clock that falters by a few samples was not set.
        isNewClock = early && expected - passed > 0.01
      }
    }
    (lastStamp, lastCount) = (stamp, count)
    samples += count
    if count > 1 { hasSingles = false }
    return true
  }

  /// Takes the last samples back.
  private mutating func drop(_ count: Int) {
    runs[runs.count - 1].sampleCount -= count
    if runs[runs.count - 1].sampleCount == 0 { runs.removeLast() }
  }

  private mutating func begin(_ stamp: UInt64) { (spanStart, samples, hasSingles) = (stamp, 0, true) }

  /// Seconds between stamps; negative where the clock went back.
  private func seconds(from a: UInt64, to b: UInt64) -> Double { (b >= a ? Double(b - a) : -Double(a - b)) / header.resolution }

  /// Ends the span that has begun.
  ///
  /// Stamps of single samples measure the rate: the span is as long as the clock says.
  private mutating func closeSpan(log: inout WarningLog) {
    guard samples > 0 else { return }
    let previousEnd = spans.last?.end ?? 0
    if isNewClock { clocks.append(BlackrockClock(stamp: spanStart, end: spanStart, start: previousEnd)) }
    let clock = clocks[clocks.count - 1]
    var start = clock.start + seconds(from: clock.stamp, to: spanStart)
    let nominal = Double(samples) / header.sampleRate
    let isEarly = start < previousEnd - 0.5 / header.sampleRate
    if isNewClock, !spans.isEmpty {
      log.add(
        .overlap, "the clock was set anew: a data packet has the time stamp \(spanStart); it is put right behind the one before it")
    } else if isEarly {
      log.add(
        .overlap,
        "a data packet has the time stamp \(spanStart), before the end of the one before it; it is put right behind that one")
      start = previousEnd
    } else if !spans.isEmpty {
      pauses.count += 1
      pauses.seconds += start - previousEnd
    }
    var span = TimeSpan(start: start, duration: nominal)
    if hasSingles, samples > 1 {
      let measured = seconds(from: spanStart, to: lastStamp) * Double(samples) / Double(samples - 1)
      if (measured / nominal - 1).magnitude < 0.01 { span = TimeSpan(start: start, duration: measured, sampleCount: samples) }
    }
    spans.append(span)
    let ticks = UInt64(exactly: (Double(lastCount) / header.sampleRate * header.resolution).rounded()) ?? .max
    let (end, isBeyond) = lastStamp.addingReportingOverflow(ticks)
    clocks[clocks.count - 1].end = isBeyond ? .max : end
    samples = 0
    isNewClock = false
  }

  /// Whether a place holds what a packet begins with.
  private mutating func isPacket(at place: Int) throws(RecordingError) -> Bool {
    guard file.byteCount - place >= packetHeader else { return false }
    let (mark, stamp, points) = try fields(at: place)
    return mark == 1 && stamp >= lastStamp && points <= (file.byteCount - place) / header.frameBytes
  }

  /// The header of a packet whose bytes exist, out of a window that moves on.
  private mutating func fields(at place: Int) throws(RecordingError) -> (mark: Int, stamp: UInt64, points: Int) {
    if place < loaded.lowerBound || place + packetHeader > loaded.upperBound {
      // One window is read at once only where the next packets lie in it.
      let isNear = place - loaded.upperBound < Self.piece && place >= loaded.lowerBound
      let count = min(file.byteCount - place, isNear ? Self.piece : 4096)
      window = LittleEndianBytes(try file.bytes(at: place, count: count))
      loaded = place..<(place + count)
    }
    let offset = place - loaded.lowerBound
    let stamp = packetHeader == 13 ? window.u64(offset + 1) : UInt64(window.u32(offset + 1))
    return (window.byte(offset), stamp, window.u32(offset + packetHeader - 4))
  }
}
