import Foundation
import MinhangCore

@testable import MinhangRecordings

/// A recording made up from a seed, to be written and read back.
struct MadeRecording {
  var family: EDFFamily
  var channels: [Channel]
  var spans: [TimeSpan]
  var events: [Event]
  var start: RecordingDate?
  /// For each channel its stored numbers.
  var numbers: [[Int]]

  /// - Parameters:
  ///   - rates: Sampling rate of each channel, Hz.
  ///   - spans: In whole seconds or such that every channel has whole samples.
  init(family: EDFFamily, rates: [Double], spans: [TimeSpan], eventCount: Int = 5, fraction: Double = 0, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    self.family = family
    self.spans = spans
    start = RecordingDate(year: 2021, month: 7, day: 4, hour: 23, minute: 59, second: 58, fraction: fraction)
    channels = []
    numbers = []
    let whole = family.digitalRange
    for (index, rate) in rates.enumerated() {
      let count = spans.reduce(0) { $0 + Int(($1.duration * rate).rounded()) }
      let unit: PhysicalUnit = [.microvolt, .millivolt, .volt, PhysicalUnit("degreeC")][index % 4]
      // Ranges as recorders have them, one with negative gain.
      let range: (Double, Double) = [(-3276.8, 3276.7), (5, -5), (-0.0125, 0.0124), (20, 45)][index % 4]
      let digital = index % 3 == 2 ? -2048...2047 : whole
      channels.append(
        Channel(
          index: index, name: "C\(index)", kind: unit.microvoltsPerUnit == nil ? .misc : .eeg, unit: unit, sampleRate: rate,
          sampleCount: count,
          calibration: Calibration(
            digitalMinimum: digital.lowerBound, digitalMaximum: digital.upperBound, physicalMinimum: range.0, physicalMaximum: range.1),
          prefilter: "HP:0.1Hz", transducer: "cup"))
      numbers.append((0..<count).map { _ in digital.lowerBound + generator.nextInteger(below: digital.count) })
    }
    let length = spans.map(\.end).max() ?? 10
    events = (0..<eventCount).map { k in
      let onset = (generator.nextUniform() * length * 1e4).rounded() / 1e4
      return Event(onset: onset, duration: k % 2 == 0 ? nil : 0.25, label: ["T1", "Öffnung 漢字", "left hand"][k % 3])
    }
    events = Event.sortedByOnset(events)
  }

  /// The samples of channels of one rate, in the units in which they are handed out.
  func block(_ channels: [Int], _ range: Range<Int>) -> SignalBlock {
    var block = SignalBlock(channelCount: channels.count, sampleCount: range.count, firstSample: range.lowerBound)
    for (row, channel) in channels.enumerated() {
      let scale = SampleScale(self.channels[channel].calibration!, factor: self.channels[channel].unit.microvoltsPerUnit ?? 1)
      for sample in range {
        let value = (Double(numbers[channel][sample]) + scale.offset) * scale.gain * scale.factor
        block[channel: row, sample: sample - range.lowerBound] = value
      }
    }
    return block
  }

  func writer(_ path: String, recordDuration: Double? = nil) throws -> EDFWriter {
    try EDFWriter(
      path: path, family: family, channels: channels, spans: spans, events: events, start: start, recordDuration: recordDuration)
  }

  /// Writes all channels in blocks of a size, group by group of one rate.
  @discardableResult
  func write(_ path: String, blockSize: Int, together: Bool = true, recordDuration: Double? = nil) throws -> EDFWriter {
    let writer = try writer(path, recordDuration: recordDuration)
    let rates = channels.map(\.sampleRate).reduce(into: [Double]()) { if !$0.contains($1) { $0.append($1) } }
    for rate in rates {
      let group = channels.indices.filter { channels[$0].sampleRate == rate }
      for part in together ? [group] : group.map({ [$0] }) {
        let count = channels[part[0]].sampleCount
        for start in stride(from: 0, to: count, by: blockSize) {
          try writer.write(block(part, start..<min(count, start + blockSize)), to: part)
        }
      }
    }
    try writer.finish()
    return writer
  }
}
