import MinhangBCI

/// A recording opened for analysis: the channels chosen, all of one rate, and the samples chosen.
struct OpenedRecording: Sendable {
  var path: String
  var reader: any RecordingReader
  /// Indices of the chosen channels, in the order chosen.
  var channels: [Int]
  /// The timeline of the chosen channels.
  var timeline: Timeline
  /// The chosen samples.
  var samples: Range<Int>

  var info: RecordingInfo { reader.recording }
  var sampleRate: Double { timeline.sampleRate }
  /// The chosen channels.
  var chosen: [Channel] { channels.map { info.channels[$0] } }

  /// Opens a recording and says on standard error what is odd about it.
  ///
  /// - Parameter path: A file, `-` for standard input, or the folder of a dataset in which `--entities` leaves one recording.
  static func reader(path: String, console: Console) throws -> any RecordingReader {
    let (path, reader) = try opened(path: path, console: console)
    console.warn(each: reader.recording.warnings.map { "\(path): \($0.message)" })
    return reader
  }

  /// Opens a recording in silence.
  static func opened(path: String, console: Console) throws -> (path: String, reader: any RecordingReader) {
    if path == StandardInput.name { return (path, try Recording.openStandardInput(options: console.opening)) }
    let path = try console.entities.recording(at: path)
    return (path, try Recording.open(path: path, options: console.opening))
  }

  /// Opens a recording and chooses.
  ///
  /// Without `--channels` the trigger lines are left out, and channels whose calibration is not usable. Channels of several rates are not mixed: the rate of most channels is taken, the
  /// others are named.
  init(path: String, options: SelectionOptions, console: Console) throws {
    reader = try Self.reader(path: path, console: console)
    let path = reader.recording.path
    self.path = path
    let all = reader.recording.channels
    var selection = try options.selection()
    if selection.included.isEmpty { selection.excluded.append(.kind(.trigger)) }
    var wanted: [Int]
    do {
      wanted = try selection.indices(in: all)
    } catch {
      throw CommandFailure(.usage, "\(path): \(error.line)")
    }
    if selection.included.isEmpty {
      console.warn(
        each: wanted.filter { !all[$0].isCalibrated }.map {
          "\(path): channel \(all[$0].name.quotedForDisplay()): left out, for it has no usable calibration; choose it with --channels"
        })
      wanted.removeAll { !all[$0].isCalibrated }
      console.warn(
        each: wanted.filter { all[$0].isBad }.map {
          "\(path): channel \(all[$0].name.quotedForDisplay()): left out, for the dataset calls it bad; choose it with --channels"
        })
      wanted.removeAll { all[$0].isBad }
    }
    guard !wanted.isEmpty else { throw CommandFailure(.badData, "\(path): the recording has no signal; expected at least one channel") }
    let rates = wanted.map { all[$0].sampleRate }
    let rate = Set(rates).max { a, b in
      let (inA, inB) = (rates.count { $0 == a }, rates.count { $0 == b })
      return (inA, a) < (inB, b)
    }!
    channels = wanted.filter { all[$0].sampleRate == rate }
    let others = wanted.filter { all[$0].sampleRate != rate }
    if !others.isEmpty {
      let named = others.prefix(8).map { "\(all[$0].name) (\(JSONValue.decimal(all[$0].sampleRate)) Hz)" }.joined(separator: ", ")
      let more = others.count > 8 ? ", …" : ""
      console.warn(
        "\(path): \(others.count) of \(wanted.count) channels left out, for they do not run at \(JSONValue.decimal(rate)) Hz: \(named)\(more);"
          + " choose them with --channels")
    }
    timeline = reader.recording.timeline(of: channels[0])
    samples = timeline.samples(from: options.crop?.start, to: options.crop?.end)
    guard !samples.isEmpty else {
      throw CommandFailure(.badData, "\(path): no sample lies in the stretch asked for; the recording lasts \(reader.recording.duration) s")
    }
    console.explain(
      "\(path): \(info.format.name), \(channels.count) of \(all.count) channels at \(JSONValue.decimal(rate)) Hz, samples \(samples) in"
        + " \(timeline.segments.count) segments, blocks of \(blockSize)")
  }

  /// Leaves out the channels that cannot be trusted (law: a bad sample never spreads), and names them.
  ///
  /// Reads the chosen samples once, block by block.
  mutating func excludeBadChannels(console: Console, keep: Bool) throws {
    var check = InputCheck(channels: chosen)
    try forEachBlock { block in check.inspect(block) }
    let findings = check.findings()
    let bad = Set(findings.filter(\.isDisqualifying).map(\.channel))
    console.warn(
      each: findings.map { "\(path): \($0.message)\($0.isDisqualifying && !keep ? "; channel left out" : "")" })
    guard !keep, !bad.isEmpty else { return }
    guard bad.count < channels.count else {
      throw CommandFailure(
        .badData, "\(path): no channel passes the input check; expected at least one", hint: "--keep-bad takes them all the same")
    }
    channels = channels.indices.filter { !bad.contains($0) }.map { channels[$0] }
  }

  /// Samples of a block.
  var blockSize: Int { Self.blockSize(channelCount: channels.count) }

  /// Samples of a block of some channels: about 4 MB of values, never so few that the overhead shows, and never more than 32 MiB.
  static func blockSize(channelCount: Int) -> Int {
    let count = max(1, channelCount)
    return max(1, min(max(1024, 524_288 / count), 4_194_304 / count))
  }

  /// Memory of estimators that work at the same time, bytes.
  private static let workingBytes = 96 << 20

  /// The chosen channels shared out over workers, in order.
  ///
  /// - Parameter bytes: What the work on a channel holds in memory. Where all channels would hold too much, there are more shares than workers:
  ///   the recording is then read more often, and memory stays bounded.
  func shares(of threads: Int, bytesPerChannel bytes: Int = 0) -> [[Int]] {
    let atOnce = bytes > 0 ? max(1, Self.workingBytes / threads / bytes) : channels.count
    let count = max(min(threads, channels.count), (channels.count + atOnce - 1) / atOnce)
    return (0..<count).map { Array(channels[($0 * channels.count / count)..<(($0 + 1) * channels.count / count)]) }
  }

  /// Reads the chosen samples block by block; blocks end where segments end.
  func forEachBlock(of some: [Int]? = nil, _ body: (inout SignalBlock) throws -> Void) throws {
    var reader = reader
    try reader.forEachBlock(of: some ?? channels, blockSize: blockSize, from: samples, body)
  }
}
