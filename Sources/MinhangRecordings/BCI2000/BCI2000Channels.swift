import MinhangCore

/// From the parameters of a header to the channels of a recording.
struct BCI2000Channels {
  var channels: [Channel] = []
  var scales: [SampleScale] = []

  /// The physical value is `(stored − SourceChOffset) · SourceChGain`, in µV unless the gain has a unit of its own.
  init(_ parameters: BCI2000Parameters, layout: BCI2000Layout, sampleRate: Double, log: inout WarningLog) {
    let count = layout.channelCount
    let labels = parameters["ChannelNames"] ?? []
    let offsets = parameters["SourceChOffset"]
    let gains = parameters["SourceChGain"]
    if !labels.isEmpty && labels.count != count {
      log.add(.label, "parameter ChannelNames has \(labels.count) names for \(count) channels")
    }
    for (name, list) in [("SourceChOffset", offsets), ("SourceChGain", gains)] where list?.count != count {
      let what = list.map { "has \($0.count) values" } ?? "is missing"
      log.add(.calibration, "parameter \(name) \(what) for \(count) channels; those without keep their stored numbers")
    }
    if labels.isEmpty { log.note(.label, "parameter ChannelNames names no channels; they are numbered") }
    channels.reserveCapacity(count)
    var names = GDFNames()
    var others = 0
    for index in 0..<count {
      let label = index < labels.count ? labels[index] : ""
      let name = names.unique(label.isEmpty && labels.count <= index ? "Channel\(index + 1)" : label, number: index + 1, log: &log)
      var unit = PhysicalUnit.microvolt
      var scale: SampleScale?
      if let offset = Self.value(offsets, index, "SourceChOffset", log: &log),
        let gain = Self.value(gains, index, "SourceChGain", log: &log)
      {
        unit = Self.unit(gain.unit)
        if unit.microvoltsPerUnit == nil { others += 1 }
        let wanted = SampleScale(offset: -offset.value, gain: gain.value, factor: unit.microvoltsPerUnit ?? 1)
        if wanted.isUsable && (wanted.gain * 4_294_967_296).isFinite {
          scale = wanted
          if wanted.gain < 0 { log.add(.range, "SourceChGain of channel \(index + 1) is negative: its polarity is reversed") }
        } else {
          log.add(
            .calibration,
            "SourceChGain of channel \(index + 1) is \(gain.value); expected a number other than 0; it keeps its stored numbers")
        }
      }
      channels.append(
        Channel(
          index: index, name: name, label: label.isEmpty ? name : label, kind: ChannelKind(label: label, unit: unit), unit: unit,
          sampleRate: sampleRate, sampleCount: layout.sampleCount, calibration: Self.calibration(scale, layout.sampleType)))
      scales.append(scale ?? .raw)
    }
    if others > 0 { log.note(.unit, "\(others) channels have a SourceChGain in a unit that is no voltage") }
  }

  private static func value(_ list: [String]?, _ index: Int, _ name: String, log: inout WarningLog) -> (value: Double, unit: String)? {
    guard let list, index < list.count else { return nil }
    if let quantity = BCI2000Parameters.quantity(list[index]), quantity.value.isFinite { return quantity }
    log.add(
      .calibration,
      "\(name) of channel \(index + 1) is \(list[index].quotedForDisplay()); expected a number; the channel keeps its stored numbers")
    return nil
  }

  /// The unit of a gain: `muV` is how BCI2000 writes µV.
  private static func unit(_ text: String) -> PhysicalUnit {
    if text.isEmpty || text.lowercased() == "muv" { return .microvolt }
    return PhysicalUnit(text)
  }

  /// The map over the whole range of the stored numbers; one that is not usable says that they are handed out as they are.
  private static func calibration(_ scale: SampleScale?, _ type: GDFSampleType) -> Calibration? {
    guard let scale else { return Calibration(digitalMinimum: 0, digitalMaximum: 0, physicalMinimum: 0, physicalMaximum: 0) }
    guard type.isInteger else { return nil }
    let half = 1 << (8 * type.byteCount - 1)
    func physical(_ digital: Int) -> Double { (Double(digital) + scale.offset) * scale.gain }
    return Calibration(
      digitalMinimum: -half, digitalMaximum: half - 1, physicalMinimum: physical(-half), physicalMaximum: physical(half - 1))
  }
}
