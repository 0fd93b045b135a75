import MinhangCore

/// The arrays of a NumPy archive, and what they mean.
struct NPZOpening {
  private static let signalNames = ["data", "x", "signal", "signals", "eeg", "raw"]
  static let rateNames = ["fs", "sfreq", "srate", "sampling_rate", "sample_rate", "rate"]
  static let labelNames = ["channels", "ch_names", "channel_names", "labels", "names"]
  private static let kinematics = ["pos", "vel", "acc", "force"]

  var info: RecordingInfo
  var events: [Event] = []
  private(set) var matrices: [ArrayMatrix] = []
  private(set) var sources: [(matrix: Int, channel: Int)] = []
  /// The spike times of the archive; nil where it has none.
  var spikes: SpikeTrains?

  private let archive: ZIPArchive
  let path: String
  /// Bytes that were inflated.
  private var inflatedCount = 0
  /// No header of an array is longer.
  private static let longestHeader = (1 << 16) + 12
  /// More stretches than any recording has.
  private static let mostSpans = 1_000_000
  private static let mostTextBytes = 64 << 20

  init(_ file: RandomAccessFile, head: FileHead, options: OpeningOptions) throws(RecordingError) {
    var log = WarningLog()
    archive = try ZIPArchive(file)
    path = file.path
    info = RecordingInfo(
      format: RecordingFormat("NPZ"), path: path, byteCount: file.byteCount, start: nil, duration: 0, channels: [], spans: [])
    log.checkSuffix(of: path, own: ["npz"], content: "a NumPy archive")
    let spikeTimes = SpikeArchive.timeNames.first { entry($0) != nil }
    if entry("x") != nil, entry("trial_len") != nil {
      try openTrials(options, log: &log)
      if let spikeTimes {
        log.note(.gap, "array \(spikeTimes.quotedForDisplay()) is not read, for the time between the trials of \"x\" is not known")
      }
    } else if let spikeTimes {
      if Self.signalNames.contains(where: { entry($0) != nil }) { try openArray(options, log: &log) }
      try openSpikes(spikeTimes, options: options, log: &log)
    } else {
      try openArray(options, log: &log)
    }
    info.warnings = log.warnings
    info.notes = log.notes
  }

  func entry(_ name: String) -> ZIPArchive.Entry? { archive.entries.first { $0.name.lowercased() == name + ".npy" } }

  /// What an array is, as its first bytes say: they are not checked.
  func header(_ name: String) throws(RecordingError) -> NPYHeader? {
    guard let entry = entry(name) else { return nil }
    return try NPYHeader(archive.head(entry, count: Self.longestHeader), path: path, name: "array \(name.quotedForDisplay()): ")
  }

  mutating func array(_ name: String) throws(RecordingError) -> (source: ArraySource, header: NPYHeader)? {
    guard let entry = entry(name) else { return nil }
    if entry.isDeflated {
      guard entry.byteCount <= ZIPArchive.largestInflated - inflatedCount else {
        throw RecordingError(
          .unsupported, path: path,
          "array \(name.quotedForDisplay()) inflates to \(entry.byteCount) bytes, those before it to \(inflatedCount); expected at most"
            + " \(ZIPArchive.largestInflated) in all, or arrays that are not compressed (numpy.savez)")
      }
      inflatedCount += entry.byteCount
    }
    let source = try archive.source(entry)
    return (source, try NPYHeader(source, path: path, name: "array \(name.quotedForDisplay()): "))
  }

  /// An array of numbers as one row, whatever its shape of up to two dimensions.
  private mutating func row(_ name: String, atMost limit: Int) throws(RecordingError) -> ArrayMatrix? {
    guard let stated = try header(name), !stated.type.isText, stated.shape.count <= 2, stated.elementCount <= limit,
      let (source, header) = try array(name)
    else { return nil }
    var flat = header
    flat.shape = [header.elementCount]
    let matrix = ArrayMatrix(source, header: flat, areRowsChannels: true)
    return matrix.availableSamples == matrix.sampleCount ? matrix : nil
  }

  /// The numbers of a small array of any shape up to two dimensions.
  mutating func numbers(_ name: String, atMost limit: Int) throws(RecordingError) -> [Double]? {
    try row(name, atMost: limit)?.numbers()
  }

  /// The sampling rate that the archive states, else the one that was told, Hz; nil where neither does.
  ///
  /// - Throws: `badData` for a stated number that is no sampling rate where none was told.
  mutating func sampleRate(_ options: OpeningOptions) throws(RecordingError) -> Double? {
    var defect: String?
    for name in Self.rateNames {
      guard let rate = try numbers(name, atMost: 1)?.first else { continue }
      if SamplingRate.isUsable(rate) { return rate }
      defect = defect ?? "array \(name.quotedForDisplay()) is \(rate)"
    }
    if let defect, options.sampleRate == nil {
      throw RecordingError(.badData, path: path, "\(defect); expected \(SamplingRate.expected)")
    }
    return options.sampleRate
  }

  private mutating func add(_ matrix: ArrayMatrix, _ channels: [Channel]) {
    matrices.append(matrix)
    for channel in channels {
      sources.append((matrices.count - 1, channel.index))
      var channel = channel
      channel.index = info.channels.count
      info.channels.append(channel)
    }
  }

  /// One array of samples, its rate and its names.
  private mutating func openArray(_ options: OpeningOptions, log: inout WarningLog) throws(RecordingError) {
    let names = archive.entries.map { $0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : $0.name }
    var found: (name: String, source: ArraySource, header: NPYHeader)?
    for name in Self.signalNames + names where found == nil {
      guard let header = try? header(name.lowercased()), header.shape.count == 2, !header.type.isText,
        let (source, checked) = try array(name.lowercased())
      else { continue }
      found = (name, source, checked)
    }
    guard let found else {
      let shown = names.prefix(12).map { $0.quotedForDisplay(limit: 24) }.joined(separator: ", ")
      throw RecordingError(
        .unsupported, path: path,
        "the archive holds \(shown); expected an array of two dimensions (data, x or signal), channels and samples")
    }
    let prefix = "array \(found.name.quotedForDisplay()): "
    var labels: [String]?
    for name in Self.labelNames where labels == nil { labels = try texts(name) }
    let shape = found.header.shape
    let areRows = labels.flatMap {
      shape[0] == $0.count && shape[1] != $0.count ? true : shape[1] == $0.count && shape[0] != $0.count ? false : nil
    }
    let matrix = try NPYReader.matrix(found.source, header: found.header, areRowsChannels: areRows, path: path, name: prefix, log: &log)
    if let count = labels?.count, count != matrix.channelCount {
      log.add(.label, "the archive names \(count) channels; the array has \(matrix.channelCount)")
    }
    guard let rate = try sampleRate(options) else {
      throw RecordingError(
        .badData, path: path,
        "the archive states no sampling rate (fs, sfreq or srate); expected the sampling rate to be stated (--input-rate HZ)")
    }
    let count = NPYReader.available(matrix, log: &log)
    var channels = NPYReader.channels(matrix.channelCount, names: labels, unit: options.unit, log: &log)
    for k in channels.indices { (channels[k].sampleRate, channels[k].sampleCount) = (rate, count) }
    add(matrix, channels)
    info.duration = Double(count) / rate
    info.spans = count > 0 ? [TimeSpan(start: 0, duration: info.duration)] : []
  }

  /// The texts of an array of texts, 32 bits or 8 bits a character.
  mutating func texts(_ name: String, atMost limit: Int = NPYReader.mostChannels) throws(RecordingError) -> [String]? {
    guard let stated = try? header(name), stated.type.isText, stated.shape.count == 1, stated.shape[0] <= limit,
      stated.type.byteCount <= 4096, stated.shape[0] * stated.type.byteCount <= Self.mostTextBytes, let (source, header) = try? array(name),
      header == stated, header.shape[0] * header.type.byteCount <= source.byteCount - header.byteCount
    else { return nil }
    let bytes = try source.bytes(at: header.byteCount, count: header.shape[0] * header.type.byteCount)
    return (0..<header.shape[0]).map { index in
      let field = bytes[(index * header.type.byteCount)..<((index + 1) * header.type.byteCount)]
      guard header.type.kind == .text else { return HeaderText.decoded(field) }
      var text = String.UnicodeScalarView()
      for place in stride(from: field.startIndex, to: field.endIndex, by: 4) {
        let parts = header.type.isBigEndian ? Array(field[place..<(place + 4)].reversed()) : Array(field[place..<(place + 4)])
        let value = parts.enumerated().reduce(UInt32(0)) { $0 | UInt32($1.element) << UInt32(8 * $1.offset) }
        if value != 0 { text.append(Unicode.Scalar(value) ?? "\u{FFFD}") }
      }
      return String(text).trimmingSpaces
    }
  }
}

extension NPZOpening {
  /// Binned spikes of one trial after the other: `x` [bins × units], `trial_len`, kinematics [bins × 2], `y` the trial's class, `timestep` the bin's
  /// place in its trial.
  ///
  /// **Source:** layout of the neural-latents style archives of binned motor cortex recordings: arrays `x y pos vel acc force timestep trial_len`.
  private mutating func openTrials(_ options: OpeningOptions, log: inout WarningLog) throws(RecordingError) {
    guard let (source, header) = try array("x"), header.shape.count == 2, !header.type.isText,
      let lengths = try numbers("trial_len", atMost: Self.mostSpans)
    else {
      throw RecordingError(
        .badData, path: path, "array \"x\" is not of two dimensions, or \"trial_len\" no list of numbers; expected bins × units")
    }
    guard let rate = options.sampleRate ?? Self.rate(named: path) else {
      throw RecordingError(
        .badData, path: path,
        "the archive states no width of its bins; expected it in the file's name (…-50ms.npz), or as a sampling rate (--input-rate HZ)")
    }
    let matrix = try NPYReader.matrix(source, header: header, areRowsChannels: false, path: path, name: "array \"x\": ", log: &log)
    let count = NPYReader.available(matrix, log: &log)
    if options.sampleRate == nil { log.note(.sampleRate, "the file's name gives bins of \(1000 / rate) ms") }
    let unit = if let stated = options.unit { stated } else { try Self.unit(of: matrix, count: count, rate: rate) }
    func channel(_ name: String, _ index: Int, _ unit: PhysicalUnit) -> Channel {
      Channel(index: index, name: name, kind: .misc, unit: unit, sampleRate: rate, sampleCount: count)
    }
    add(matrix, (0..<matrix.channelCount).map { channel("unit\($0 + 1)", $0, unit) })
    for name in Self.kinematics {
      guard let (source, header) = try array(name), !header.type.isText, (1...2).contains(header.shape.count),
        header.shape[0] == matrix.sampleCount
      else { continue }
      let part = ArrayMatrix(source, header: header, areRowsChannels: header.shape.count == 1)
      guard (1...64).contains(part.channelCount), part.availableSamples >= count else {
        log.add(.emptyChannel, "array \(name.quotedForDisplay()) is cut; left out")
        continue
      }
      let axes =
        part.channelCount == 1 ? [name] : (0..<part.channelCount).map { name + "_" + ($0 < 3 ? ["x", "y", "z"][$0] : "\($0 + 1)") }
      add(part, axes.enumerated().map { channel($0.element, $0.offset, .none) })
    }
    let steps = try perBin("timestep", count: count, log: &log)
    let classes = try perBin("y", count: count, log: &log)
    try cut(count, rate: rate, lengths: lengths, steps: steps, classes: classes, log: &log)
  }

  /// An array with a number for each bin, left where it lies; nil, which is told, where it has others.
  private mutating func perBin(_ name: String, count: Int, log: inout WarningLog) throws(RecordingError) -> ArrayMatrix? {
    guard entry(name) != nil else { return nil }
    if let row = try row(name, atMost: count), row.sampleCount == count { return row }
    log.add(.recordCount, "array \(name.quotedForDisplay()) has no number for each of the \(count) bins; not used")
    return nil
  }

  /// Cuts the bins at trials, and where a trial leaves bins out.
  private mutating func cut(
    _ count: Int, rate: Double, lengths: [Double], steps: ArrayMatrix?, classes: ArrayMatrix?, log: inout WarningLog
  ) throws(RecordingError) {
    var next = 0
    // Counted in bins, so that no rounding adds up.
    var time = 0
    var spans: [TimeSpan] = []
    var left = 0
    // The bins of a trial whose step is not a whole number above that of the bin before.
    var unordered = (count: 0, first: 0)
    for length in lengths {
      guard let length = Int(exactly: length), length > 0, next < count else { continue }
      let end = next + min(length, count - next)
      let (first, start) = (next, time)
      var begin = next
      func close(_ bin: Int, missing: Int) throws(RecordingError) {
        guard spans.count < Self.mostSpans else {
          throw RecordingError(.badData, path: path, "the trials have more than \(Self.mostSpans) stretches; expected fewer")
        }
        spans.append(TimeSpan(start: Double(time) / rate, duration: Double(bin - begin) / rate))
        time += bin - begin + missing
        left += missing
        begin = bin
      }
      // Piece by piece, each with the last step of the one before.
      var piece = next
      while let steps, piece < end - 1 {
        let numbers = try steps.numbers(in: piece..<min(piece + 65_536, end))
        for k in 1..<numbers.count {
          guard let jump = Int(exactly: numbers[k] - numbers[k - 1]), (1..<1_000_000).contains(jump) else {
            if unordered.count == 0 { unordered.first = piece + k }
            unordered.count += 1
            continue
          }
          if jump > 1 { try close(piece + k, missing: jump - 1) }
        }
        piece += numbers.count - 1
      }
      try close(end, missing: 0)
      next = end
      let value = try classes?.numbers(in: first..<first + 1)[0]
      let label = value.map { Int(exactly: $0).map(String.init) ?? "\($0)" } ?? "trial"
      events.append(Event(onset: Double(start) / rate, duration: Double(time - start) / rate, label: label))
    }
    if next < count || lengths.reduce(0, +) != Double(count) {
      log.add(
        .recordCount, "the trials' lengths (trial_len) sum up to \(lengths.reduce(0, +)) bins; there are \(count)")
      if next < count { spans.append(TimeSpan(start: Double(time) / rate, duration: Double(count - next) / rate)) }
    }
    if unordered.count > 0 {
      log.add(
        .gap,
        "the place in its trial (timestep) of \(unordered.count) bins, the first of them bin \(unordered.first + 1), is not a whole number above"
          + " that of the bin before; they are taken to follow it")
    }
    if left > 0 { log.add(.gap, "the trials leave out \(left) bins (timestep); segments end there") }
    log.note(.gap, "the time between trials is not known; each trial is a segment that begins where the one before it ends")
    info.spans = spans
    info.duration = spans.map(\.end).max() ?? 0
    events = Event.sortedByOnset(events)
  }

  /// A rate from a bin's width in a file's name: `-50ms`.
  static func rate(named path: String) -> Double? {
    let name = path.split(separator: "/").last?.lowercased() ?? ""
    let words = name.split { !$0.isLetter && !$0.isNumber }
    return words.lazy.compactMap { word -> Double? in
      guard word.hasSuffix("ms"), let width = Int(word.dropLast(2)), (1...100_000).contains(width) else { return nil }
      return 1000 / Double(width)
    }.first
  }

  /// Spikes a second where all values are multiples of the rate, spikes where they are whole numbers, else none.
  private static func unit(of matrix: ArrayMatrix, count: Int, rate: Double) throws(RecordingError) -> PhysicalUnit {
    let looked = min(count, max(1, 1_000_000 / matrix.channelCount))
    var head = SignalBlock(channelCount: matrix.channelCount, sampleCount: looked)
    var failure: RecordingError?
    var buffer: [UInt8] = []
    head.withUnsafeMutableStorage { values, stride in
      do throws(RecordingError) {
        try matrix.read(
          0..<looked, of: Array(0..<matrix.channelCount), factors: [Double](repeating: 1, count: matrix.channelCount), into: values,
          stride: stride, buffer: &buffer)
      } catch { failure = error }
    }
    if let failure { throw failure }
    var (areRates, areCounts) = (true, true)
    for channel in 0..<head.channelCount {
      for value in head.channel(channel) where value != 0 {
        if value.rounded() != value || value < 0 { areCounts = false }
        // Half a millionth of a spike: the values were divided by the width.
        let spikes = value / rate
        if !(abs(spikes - spikes.rounded()) < 1e-6 * max(1, abs(spikes))) { areRates = false }
      }
    }
    return areRates && rate != 1 ? PhysicalUnit("spikes/s") : areCounts ? PhysicalUnit("spikes") : .none
  }
}

extension NPZOpening {
  /// The reader of what the archive holds: signals, or spike times alone.
  var reader: any RecordingReader {
    if let spikes, info.channels.isEmpty { return SpikeTimesReader(recording: info, spikes: spikes) }
    return NPYReader(
      recording: info, events: Event.sortedByOnset(events + (spikes?.events ?? [])), matrices: matrices, sources: sources)
  }
}

extension Recording.Entry {
  /// A NumPy archive: a ZIP whose first entry is named `.npy`.
  static let npz = Self(
    name: "NPZ",
    recognises: { head in
      guard head.bytes.starts(with: ZIPArchive.magic), head.bytes.count > 30 else { return false }
      let length = Int(head.bytes[26]) | Int(head.bytes[27]) << 8
      return head.suffix == "npz" || head.bytes.dropFirst(30).prefix(length).suffix(4).elementsEqual(".npy".utf8)
    },
    open: { file, head, options throws(RecordingError) in
      try NPZOpening(file, head: head, options: options).reader
    })
}
