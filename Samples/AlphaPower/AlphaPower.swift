import MinhangBCI

/// Prints each EEG channel's alpha power: opens a recording, filters it block by block, estimates its spectrum on the way.
///
/// Memory is bounded by the block: the recording may be of any length.
@main
struct AlphaPower {
  static func main() throws {
    guard CommandLine.arguments.count == 2 else {
      print("usage: alpha-power FILE")
      return
    }
    var reader = try Recording.open(path: CommandLine.arguments[1])
    let eeg = reader.recording.channels.filter { $0.kind == .eeg }
    guard let rate = eeg.first?.sampleRate else {
      print("no EEG channel")
      return
    }
    let channels = eeg.filter { $0.sampleRate == rate }

    var filter = CausalFilter(try Butterworth.filter(order: 4, .bandPass(1...40), sampleRate: rate))
    let window = Int(2 * rate)
    var welch = try WelchEstimator(
      sampleRate: rate, channelCount: channels.count, windowLength: window, overlap: window / 2)

    var segment = 0
    try reader.forEachBlock(of: channels.map(\.index), blockSize: 4096) { block in
      if block.segment != segment { filter.reset() }  // a gap: what was before it says nothing about what comes after
      segment = block.segment
      filter.process(&block)
      welch.add(block)
    }

    let spectrum = welch.spectrum()
    for (row, channel) in channels.enumerated() {
      print("\(channel.name)\t\(spectrum.bandPower(8...13, channel: row)) µV²")
    }
  }
}
