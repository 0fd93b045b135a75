import ArgumentParser
import MinhangBCI

/// The transforms that `tfr --method` names.
enum TimeFrequencyMethod: String, CaseIterable, ExpressibleByArgument {
  case morlet, stft
}

/// A transform of trials to power over time and frequency.
struct TrialTransform {
  /// Hz.
  let frequencies: [Double]
  /// Where the powers lie, samples from the event.
  let offsets: [Int]
  /// Samples by which a trial is widened on both sides.
  let margin: Int

  private let stretch: Range<Int>
  /// Gives the power of one channel and frequency at each offset, from a widened trial's map.
  private let power: (TimeFrequencyMap, _ channel: Int, _ frequency: Int) -> [Double]
  private let map: (SignalBlock) throws -> TimeFrequencyMap

  /// Wavelets at frequencies of one's choice, power µV² at every sample.
  ///
  /// - Parameter stretch: The trial, samples from the event.
  static func morlet(
    frequencies: [Double], cycles: Double, sampleRate: Double, stretch: Range<Int>, threads: Int
  ) throws(SignalError) -> TrialTransform {
    let transform = try MorletTransform(sampleRate: sampleRate, frequencies: frequencies, cycles: [cycles], threads: threads)
    // The half of the longest wavelet, five standard deviations of its envelope.
    let margin = Int((5 * cycles / (2 * Double.pi * (frequencies.first ?? 1)) * sampleRate).rounded(.up))
    return TrialTransform(
      frequencies: frequencies, offsets: Array(stretch), margin: margin, stretch: stretch,
      power: { Array($0.power(channel: $1, frequency: $2)[margin..<(margin + stretch.count)]) }, map: { try transform.map(of: $0) })
  }

  /// Windows around every `step`-th sample, one-sided density µV²/Hz of the bins within a range.
  ///
  /// - Parameters:
  ///   - window: Samples.
  ///   - step: Samples from one window to the next; no more than the window, and made as short as that.
  ///   - stretch: The trial, samples from the event.
  static func shortTime(
    window length: Int, step: Int, taper: Taper, within range: ClosedRange<Double>, sampleRate: Double, stretch: Range<Int>, threads: Int
  ) throws(SignalError) -> TrialTransform {
    let step = min(step, length)
    let transform = try ShortTimeFourierTransform(
      sampleRate: sampleRate, windowLength: length, step: step, taper: taper, scale: .density, threads: threads)
    let bins = (0...(length / 2)).filter { range.contains(Double($0) * sampleRate / Double(length)) }
    // Whole steps, so that a window lies around the trial's first sample.
    let margin = (length / 2 + step) / step * step
    let places = Array(Swift.stride(from: 0, to: stretch.count, by: step))
    return TrialTransform(
      frequencies: bins.map { Double($0) * sampleRate / Double(length) }, offsets: places.map { stretch.lowerBound + $0 }, margin: margin,
      stretch: stretch,
      power: { map, channel, frequency in
        let bin = bins[frequency]
        // One-sided: a bin stands for its mirror image too, except where it is its own.
        let sides = bin == 0 || 2 * bin == length ? 1.0 : 2.0
        let first = map.samples.firstIndex(of: margin) ?? 0
        let row = map.power(channel: channel, frequency: bin)
        return places.indices.map { sides * row[first + $0] }
      }, map: { transform.map(of: $0) })
  }

  /// The mean power over trials, `[channels × frequencies × offsets]`.
  ///
  /// - Parameters:
  ///   - trials: Samples of the events; each widened trial lies in the recording.
  ///   - report: Gets the number of trials done.
  func meanPower(of recording: OpenedRecording, trials: [Int], report: (Int) -> Void) throws -> [Double] {
    var sum = [Double](repeating: 0, count: recording.channels.count * frequencies.count * offsets.count)
    var reader = recording.reader
    var block = SignalBlock(channelCount: recording.channels.count, sampleCount: 0)
    for (done, trial) in trials.enumerated() {
      try reader.read((trial + stretch.lowerBound - margin)..<(trial + stretch.upperBound + margin), of: recording.channels, into: &block)
      block.firstSample = 0
      let map = try map(block)
      for c in recording.channels.indices {
        for f in frequencies.indices {
          let base = (c * frequencies.count + f) * offsets.count
          for (t, value) in power(map, c, f).enumerated() { sum[base + t] += value / Double(trials.count) }
        }
      }
      report(done + 1)
    }
    return sum
  }
}
