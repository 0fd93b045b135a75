import MinhangCore

/// The channels of a data set.
enum EEGLABChannels {
  /// Channels with names, kinds, units and positions from field `chanlocs`.
  ///
  /// EEGLAB's files state no unit; its documentation says that `EEG.data` are microvolts. That is taken, and noted, unless the caller says
  /// another unit. A field `unit` of a channel, where there is one, is believed.
  static func channels(_ fields: EEGLABFields, count: Int, rate: Double, samples: Int, options: OpeningOptions, log: inout WarningLog)
    -> [Channel]
  {
    let places = fields.list("chanlocs")
    if places.isEmpty {
      log.note(.label, "field chanlocs is empty; the channels are named by their numbers")
    } else if places.count != count {
      log.add(.label, "field chanlocs names \(places.count) channels; the data have \(count)")
    }
    var nose = "+X"
    if case .structures(let info) = fields["chaninfo"], let text = info["nosedir", of: 0].text { nose = text.trimmingSpaces.uppercased() }
    var unique = UniqueNames()
    var byConvention = 0
    let channels = (0..<count).map { index in
      let place = index < places.count ? places[index] : nil
      func field(_ name: String) -> MATValue { place.map { $0.0[name, of: $0.1] } ?? .empty }
      var label = field("labels").text ?? field("labels").number.map(EEGLABEvents.label) ?? ""
      if label.trimmingSpaces.isEmpty { label = "ch\(index + 1)" }
      let cleaned = ChannelName.cleaned(label)
      let name = unique.unique(cleaned.isEmpty ? "ch\(index + 1)" : cleaned)
      if name.isChanged {
        log.add(
          .label, "channel \(index + 1) has the label \(label.quotedForDisplay()) of another; it is named \(name.name.quotedForDisplay())")
      }
      let stated = (field("unit").text ?? "").trimmingSpaces
      var unit = stated.isEmpty ? options.unit ?? .microvolt : PhysicalUnit(stated)
      let kind = kind(ofType: field("type").text ?? "") ?? ChannelKind(label: label, unit: unit)
      if stated.isEmpty, options.unit == nil, kind == .misc || kind == .trigger { unit = .none }
      if stated.isEmpty, options.unit == nil, unit == .microvolt { byConvention += 1 }
      return Channel(
        index: index, name: name.name, label: label, kind: kind, unit: unit, sampleRate: rate, sampleCount: samples,
        position: position(x: field("X").number, y: field("Y").number, z: field("Z").number, nose: nose))
    }
    if byConvention > 0 {
      log.note(
        .unit,
        "the file states no unit of \(byConvention == count ? "its samples" : "\(byConvention) of \(count) channels"); microvolts are taken, "
          + "by the convention of EEGLAB (--input-unit says another)")
    }
    return channels
  }

  private static func kind(ofType type: String) -> ChannelKind? {
    switch type.trimmingSpaces.lowercased() {
    case "": nil
    case "ekg": .ecg
    case "ref", "fid": .reference
    case "trig", "stim", "trg", "marker", "status": .trigger
    case "veog", "heog": .eog
    case let known: ChannelKind(rawValue: known)
    }
  }

  /// The file counts X towards the nose unless it says otherwise, Y to the left, Z up.
  private static func position(x: Double?, y: Double?, z: Double?, nose: String) -> SensorPosition? {
    guard let x, let y, let z, x.isFinite, y.isFinite, z.isFinite else { return nil }
    let (right, front): (Double, Double) =
      switch nose {
      case "-X": (y, -x)
      case "+Y": (x, y)
      case "-Y": (-x, -y)
      default: (-y, x)
      }
    return SensorPosition(x: right, y: front, z: z, unit: .unknown)
  }
}
