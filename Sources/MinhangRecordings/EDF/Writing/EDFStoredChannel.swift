import MinhangCore

/// How one channel is described and stored in a file that is written.
struct EDFStoredChannel: Sendable {
  var label: String
  var unit: String
  var physicalMinimum: String
  var physicalMaximum: String
  var digitalMinimum: Int
  var digitalMaximum: Int
  var prefilter: String
  var transducer: String
  var quantizer: SampleQuantizer
  /// How many times wider the range is than the one asked for: its ends are numbers of eight characters.
  var coarsening = 1.0

  /// One step of the stored numbers, in the unit in which samples are handed out.
  var step: Double { abs(quantizer.scale.gain * quantizer.scale.factor) }

  /// Describes a channel.
  ///
  /// The physical range is that of the channel's calibration, in its unit; numbers that do not fit eight characters are rounded outwards. A
  /// digital range that the family cannot hold becomes the family's whole range.
  static func make(_ channel: Channel, label: String, family: EDFFamily, path: String) throws(RecordingError) -> EDFStoredChannel {
    guard let calibration = channel.calibration else {
      throw RecordingError(
        .notRepresentable, path: path, "channel \(channel.name.quotedForDisplay()) has no physical range; expected a calibration")
    }
    if channel.kind == .trigger && calibration.digitalMinimum == 0 && calibration.digitalMaximum == 0xFF_FFFF {
      return EDFStoredChannel(status: channel, label: label, family: family)
    }
    return try EDFStoredChannel(channel, calibration: calibration, label: label, family: family, path: path)
  }

  private init(_ channel: Channel, calibration: Calibration, label: String, family: EDFFamily, path: String) throws(RecordingError) {
    var calibration = calibration
    self.label = label
    prefilter = HeaderField.ascii(channel.prefilter, width: 80)
    transducer = HeaderField.ascii(channel.transducer, width: 80)
    unit = HeaderField.ascii(channel.unit.symbol, width: 8)
    let whole = family.digitalRange
    if !calibration.isUsable {
      // Stored numbers are all there is: they are their own unit.
      calibration = Calibration(
        digitalMinimum: whole.lowerBound, digitalMaximum: whole.upperBound, physicalMinimum: Double(whole.lowerBound),
        physicalMaximum: Double(whole.upperBound))
      unit = ""
    }
    if calibration.digitalMinimum > calibration.digitalMaximum {
      calibration = Calibration(
        digitalMinimum: calibration.digitalMaximum, digitalMaximum: calibration.digitalMinimum,
        physicalMinimum: calibration.physicalMaximum, physicalMaximum: calibration.physicalMinimum)
    }
    let fits = whole.contains(calibration.digitalMinimum) && whole.contains(calibration.digitalMaximum)
    digitalMinimum = fits ? calibration.digitalMinimum : whole.lowerBound
    digitalMaximum = fits ? calibration.digitalMaximum : whole.upperBound
    let isInverted = calibration.physicalMinimum > calibration.physicalMaximum
    guard let low = HeaderField.number(calibration.physicalMinimum, up: isInverted),
      let high = HeaderField.number(calibration.physicalMaximum, up: !isInverted), let lowValue = Double(low),
      let highValue = Double(high)
    else {
      throw RecordingError(
        .notRepresentable, path: path,
        "channel \(channel.name.quotedForDisplay()) has a physical range of \(calibration.physicalMinimum)…\(calibration.physicalMaximum); expected numbers of 8 characters"
      )
    }
    (physicalMinimum, physicalMaximum) = (low, high)
    let written = Calibration(
      digitalMinimum: digitalMinimum, digitalMaximum: digitalMaximum, physicalMinimum: lowValue, physicalMaximum: highValue)
    let factor = channel.calibration?.isUsable == true ? channel.unit.microvoltsPerUnit ?? 1 : 1
    let scale = SampleScale(written, factor: factor)
    guard scale.isUsable else {
      throw RecordingError(
        .notRepresentable, path: path,
        "channel \(channel.name.quotedForDisplay()) has the physical range \(low)…\(high); expected a larger one")
    }
    coarsening = abs((highValue - lowValue) / (calibration.physicalMaximum - calibration.physicalMinimum))
    quantizer = SampleQuantizer(scale: scale, range: whole, coding: family == .edf ? .int16 : .int24, mask: nil)
  }

  /// A BDF status channel: its 24 bits as they are in BDF; in EDF, which has 16, the trigger codes alone.
  private init(status channel: Channel, label: String, family: EDFFamily) {
    self.label = label
    prefilter = HeaderField.ascii(channel.prefilter, width: 80)
    transducer = HeaderField.ascii(channel.transducer, width: 80)
    unit = "Boolean"
    (digitalMinimum, digitalMaximum) = (family.digitalRange.lowerBound, family.digitalRange.upperBound)
    if family == .bdf {
      (physicalMinimum, physicalMaximum) = (String(digitalMinimum), String(digitalMaximum))
      quantizer = SampleQuantizer(scale: .raw, range: 0...0xFF_FFFF, coding: .unsigned24, mask: nil)
    } else {
      (physicalMinimum, physicalMaximum) = ("0", "65535")
      let written = Calibration(
        digitalMinimum: digitalMinimum, digitalMaximum: digitalMaximum, physicalMinimum: 0, physicalMaximum: 65535)
      quantizer = SampleQuantizer(scale: SampleScale(written), range: family.digitalRange, coding: .int16, mask: 0xFFFF)
    }
  }
}
