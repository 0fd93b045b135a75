import MinhangCore

/// How the samples of channels are stored.
struct BrainVisionPlan {
  /// 16-bit whole numbers; else 32-bit floats.
  let isWhole: Bool
  /// For each channel the resolution that the header states, in the unit that it states: the step in which the source stores it, or 1.
  let resolutions: [Double]
  /// The units.
  let units: [PhysicalUnit]
  /// For each channel the factor from stored numbers to what is handed out.
  let scales: [Double]

  var bytesPerSample: Int { isWhole ? 2 : 4 }
  var frameBytes: Int { max(1, scales.count * bytesPerSample) }

  init(_ channels: [Channel]) {
    isWhole = !channels.isEmpty && channels.allSatisfy { $0.calibration.map(Self.isExact) ?? false }
    let steps = channels.map { channel -> Double? in
      let step = channel.calibration.map { $0.isUsable ? $0.gain : nil } ?? channel.storedStep
      return step.flatMap { BrainVisionChannels.isResolution($0) ? $0 : nil }
    }
    resolutions = steps.map { $0 ?? 1 }
    // A channel without a step has its samples in the unit in which they are handed out.
    units = zip(channels, steps).map { $1 == nil ? $0.signalUnit : $0.unit }
    scales = zip(resolutions, units).map { $0 * ($1.microvoltsPerUnit ?? 1) }
  }

  /// Whether 16-bit numbers hold all numbers of a calibration, and its zero is 0: the format has no offset.
  private static func isExact(_ calibration: Calibration) -> Bool {
    guard calibration.isUsable, BrainVisionChannels.isResolution(calibration.gain),
      min(calibration.digitalMinimum, calibration.digitalMaximum) >= -32768,
      max(calibration.digitalMinimum, calibration.digitalMaximum) <= 32767
    else { return false }
    let offset = calibration.physicalMaximum / calibration.gain - Double(calibration.digitalMaximum)
    return abs(offset) <= 1e-9
  }
}
