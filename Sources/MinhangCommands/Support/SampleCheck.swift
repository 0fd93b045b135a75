import MinhangBCI

/// Counts samples that are not finite: filters spread them over everything that follows.
struct SampleCheck {
  /// The channels by their places, each with the number of such samples and the first of them.
  private(set) var findings: [Int: (count: Int, first: Int)] = [:]

  /// How many there are.
  var count: Int { findings.values.reduce(0) { $0 + $1.count } }

  /// Looks at a block.
  ///
  /// - Parameter places: The places of its channels among all.
  mutating func look(at block: SignalBlock, places: [Int]) {
    for (row, place) in places.enumerated() {
      let values = block.channel(row)
      // 0 · x is 0 for every finite x: one sum says whether there is anything to look for.
      var sum = 0.0
      for value in values { sum += value * 0 }
      guard sum != 0 else { continue }
      for (k, value) in values.enumerated() where !value.isFinite {
        findings[place, default: (0, block.firstSample + k)].count += 1
      }
    }
  }

  /// Looks at all samples that a file stores as real numbers.
  ///
  /// - Parameter byteLimit: No more than this is read, counted as the file counts; a longer recording is not looked at.
  mutating func look(at reader: any RecordingReader, byteLimit: Int) throws {
    var reader = reader
    let info = reader.recording
    guard info.byteCount <= byteLimit else { return }
    struct Kind: Hashable {
      var rate: Double
      var stream: Int
    }
    let real = info.channels.indices.filter { info.channels[$0].calibration == nil && info.channels[$0].sampleCount > 0 }
    for places in Dictionary(grouping: real, by: { Kind(rate: info.channels[$0].sampleRate, stream: info.channels[$0].stream) }).values {
      for segment in info.timeline(of: places[0]).segments {
        var first = segment.firstSample
        let end = segment.firstSample + segment.sampleCount
        let step = max(1, (1 << 17) / places.count)
        while first < end {
          look(at: try reader.read(first..<min(end, first + step), of: places), places: places)
          first += step
        }
      }
    }
  }

  /// A line for each channel, of a few.
  func lines(_ channels: [Channel]) -> [String] {
    findings.sorted { $0.key < $1.key }.prefix(5).map { place, finding in
      "channel \(channels[place].name.quotedForDisplay()): \(finding.count) of \(channels[place].sampleCount) samples are not finite numbers;"
        + " the first is sample \(finding.first)"
    } + (findings.count > 5 ? ["\(findings.count - 5) more channels hold samples that are not finite numbers"] : [])
  }
}
