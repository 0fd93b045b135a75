import MinhangCore

/// The packets of a NEV file, each of the same size: spikes, digital inputs, comments.
///
/// A unit is named by its electrode and its class: `elec12.1`; class 0 is not sorted, 255 (`elec12.noise`) no spike. A digital input is an
/// event labelled with its value, `serial 13` where it came as a byte of the serial port. `NEVClock` says when.
struct NEVScan {
  private static let piece = 1 << 20
  private static let mostOthers = 1_000_000

  private(set) var spikes = SpikeTrains(units: [], times: [], owners: [])
  /// Digital inputs and comments, sorted by onset.
  private(set) var others: [Event] = []

  private let header: NEVHeader
  private var clock: NEVClock
  private var collected: (times: [Double], owners: [UInt32]) = ([], [])
  /// The units in the order in which they came.
  private var units: [(electrode: Int, class: Int)] = []
  /// For each electrode that has spikes the unit of each class; `UInt32.max` where there is none.
  private var places: [Int: [UInt32]] = [:]
  private var (dropped, unknown, skipped) = (0, (count: 0, first: 0, byte: 0), 0)

  /// Reads all packets.
  ///
  /// - Parameter clock: That of an NSx file; nil for the clock's zero, or the first stamp where it counts from 1970.
  init(_ file: RandomAccessFile, header: NEVHeader, clock: NEVClock? = nil, log: inout WarningLog) throws(RecordingError) {
    self.header = header
    let size = header.packetBytes
    let count = max(0, file.byteCount - header.dataStart) / size
    if !(file.byteCount - header.dataStart).isMultiple(of: size) {
      log.add(.cutRecord, "the file ends within a packet of \(size) bytes; \(count) whole packets are read")
    }
    var zero: UInt64 = 0
    if clock == nil, header.resolution >= 1e9, count > 0 {
      zero = LittleEndianBytes(try file.bytes(at: header.dataStart, count: 8)).unsigned(at: 0, count: header.hasLongStamps ? 8 : 4)
    }
    self.clock = clock ?? NEVClock(zero: zero, resolution: header.resolution)
    let atOnce = max(1, Self.piece / size)
    var buffer = [UInt8](repeating: 0, count: min(count, atOnce) * size)
    var next = 0
    while next < count {
      let some = min(atOnce, count - next)
      let start = header.dataStart + next * size
      try file.read(into: &buffer, count: some * size, at: start)
      buffer.withUnsafeBytes { bytes in
        for k in 0..<some { take(UnsafeRawBufferPointer(rebasing: bytes[(k * size)..<((k + 1) * size)]), at: start + k * size) }
      }
      next += some
    }
    finish(log: &log)
  }

  private mutating func take(_ packet: UnsafeRawBufferPointer, at place: Int) {
    let stamp =
      header.hasLongStamps
      ? UInt64(littleEndian: packet.loadUnaligned(as: UInt64.self)) : UInt64(UInt32(littleEndian: packet.loadUnaligned(as: UInt32.self)))
    let at = header.identifierPlace
    func word(_ offset: Int) -> Int { Int(UInt16(littleEndian: packet.loadUnaligned(fromByteOffset: at + offset, as: UInt16.self))) }
    let identifier = word(0)
    let time = clock.time(of: stamp)
    switch identifier {
    case 0:
      let reason = packet[at + 2]
      let value = word(4)
      add(Event(onset: time, label: reason & 0x80 != 0 && reason & 1 == 0 ? "serial \(value & 0xFF)" : String(value)))
    case 1...header.mostElectrodes: addSpike(time, electrode: identifier, class: Int(packet[at + 2]))
    case 0xFFFF: add(Event(onset: time, label: comment(packet, from: at + 2)))
    case 0xFFF0...: skipped += 1
    default:
      if unknown.count == 0 { (unknown.first, unknown.byte) = (identifier, place) }
      unknown.count += 1
    }
  }

  private mutating func addSpike(_ time: Double, electrode: Int, class unit: Int) {
    guard collected.times.count < SpikeTimesReader.mostSpikes else {
      dropped += 1
      return
    }
    var place = places[electrode]?[unit] ?? .max
    if place == .max {
      guard units.count < SpikeTimesReader.mostUnits else {
        dropped += 1
        return
      }
      place = UInt32(units.count)
      units.append((electrode, unit))
      places[electrode, default: [UInt32](repeating: .max, count: 256)][unit] = place
    }
    collected.times.append(time)
    collected.owners.append(place)
  }

  private mutating func add(_ event: Event) {
    if others.count < Self.mostOthers { others.append(event) } else { dropped += 1 }
  }

  /// A comment's text: character set, flag, four bytes of colour or time, then the text.
  private func comment(_ packet: UnsafeRawBufferPointer, from start: Int) -> String {
    guard packet.count > start + 6 else { return "comment" }
    let bytes = packet[(start + 6)...]
    let text: String
    if packet[start] == 1 {
      let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
      text = String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
    } else {
      text = HeaderText.decoded(Array(bytes.prefix { $0 != 0 })[...])
    }
    return text.isEmpty ? "comment" : text
  }

  private mutating func finish(log: inout WarningLog) {
    let order = units.indices.sorted { (units[$0].electrode, units[$0].class) < (units[$1].electrode, units[$1].class) }
    var place = [UInt32](repeating: 0, count: units.count)
    for (new, old) in order.enumerated() { place[old] = UInt32(new) }
    for k in collected.owners.indices { collected.owners[k] = place[Int(collected.owners[k])] }
    var names = UniqueNames()
    var labels: [Int: String] = [:]
    for electrode in Set(units.map(\.electrode)).sorted() {
      let cleaned = ChannelName.cleaned(header.labels[electrode] ?? "")
      let name = names.unique(cleaned.isEmpty ? "elec\(electrode)" : cleaned)
      if name.isChanged {
        log.add(.label, "electrode \(electrode) has the label \(cleaned.quotedForDisplay()) of another; it is named \(name.name)")
      }
      labels[electrode] = name.name
    }
    let words = order.map { "\(labels[units[$0].electrode] ?? "").\(units[$0].class == 255 ? "noise" : String(units[$0].class))" }
    spikes = SpikeTrains(units: words, times: collected.times, owners: collected.owners)
    collected = ([], [])
    others = Event.sortedByOnset(others)
    if clock.resets > 0 {
      log.add(
        .overlap, "the time stamps go back by more than a second \(clock.resets) times; what follows is put right behind what was before")
    }
    if dropped > 0 { log.add(.annotationLimit, "there are \(dropped) more spikes and events than are kept") }
    if unknown.count > 0 {
      log.add(
        .annotation,
        "\(unknown.count) packets have an identifier of no kind that is known (the first, at byte \(unknown.byte), is \(unknown.first)); left out"
      )
    }
    if skipped > 0 { log.note(.annotation, "\(skipped) packets of video, tracking, buttons or configuration are not read") }
  }
}
