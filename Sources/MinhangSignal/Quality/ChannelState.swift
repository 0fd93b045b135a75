import MinhangCore

/// What `InputCheck` remembers of one channel.
struct ChannelState: Sendable {
  /// Samples with a defect.
  struct Tally: Sendable, Hashable {
    var count = 0
    var firstSample = 0

    mutating func add(_ samples: Int, from sample: Int) {
      if count == 0 { firstSample = sample }
      count += samples
    }
  }

  private(set) var nonFinite = Tally()
  private(set) var flat = Tally()
  private(set) var atRail = Tally()

  private let mustMove: Bool
  /// Values from which on a sample is at a rail, in the units in which samples are handed out; infinite where there is no rail.
  private let lowerRail: Double
  private let upperRail: Double
  /// Equal samples in a row that are flat.
  private let flatLength: Int

  private var last = Double.nan
  private var runStart = 0
  private var runLength = 0

  init(_ channel: Channel, _ thresholds: InputCheck.Thresholds) {
    mustMove = channel.kind.isNeural || [.eog, .ecg, .emg].contains(channel.kind)
    flatLength = max(2, Int(exactly: (thresholds.flatDuration * channel.sampleRate).rounded(.up)) ?? Int.max)
    let factor = channel.unit.microvoltsPerUnit ?? 1
    if mustMove, let calibration = channel.calibration, calibration.isUsable {
      // Half a stored step towards the middle: the last ulp of a converted rail must not hide it.
      let margin = calibration.gain.magnitude / 2
      lowerRail = (min(calibration.physicalMinimum, calibration.physicalMaximum) + margin) * factor
      upperRail = (max(calibration.physicalMinimum, calibration.physicalMaximum) - margin) * factor
    } else {
      lowerRail = -.infinity
      upperRail = .infinity
    }
  }

  mutating func inspect(_ samples: UnsafeBufferPointer<Double>, firstSample: Int) {
    for (i, value) in samples.enumerated() {
      if value == last {
        runLength += 1
      } else {
        endRun()
        last = value
        runStart = firstSample + i
        runLength = 1
      }
      if !(value > lowerRail && value < upperRail) {
        if value.isFinite { atRail.add(1, from: firstSample + i) } else { nonFinite.add(1, from: firstSample + i) }
      }
    }
  }

  /// Ends the stretch of equal samples, at a change or a gap.
  mutating func endRun() {
    if mustMove && runLength >= flatLength { flat.add(runLength, from: runStart) }
    runLength = 0
    last = .nan
  }
}
