import MinhangCore

/// The entries of `[Channel Infos]` and `[Coordinates]`.
struct BrainVisionChannels {
  /// An entry as it stands.
  struct Entry {
    var label: String
    /// Units per stored number; nil where what is stated cannot be used.
    var resolution: Double?
    var unit: PhysicalUnit
    var position: SensorPosition?
  }

  /// Entry n−1 is channel n; without a hole.
  private(set) var entries: [Entry] = []

  init(_ text: BrainVisionDocument, path: String, log: inout WarningLog) throws(RecordingError) {
    guard let lines = text.sections["channel infos"] else {
      throw RecordingError(.badData, path: path, "header section [Channel Infos] is missing; expected an entry for each channel")
    }
    var byNumber: [Int: BrainVisionDocument.Line] = [:]
    for line in lines {
      guard let key = line.key else {
        log.add(.headerText, "header line \(line.number) \(text.text(line.value).quotedForDisplay()) has no equals sign; ignored")
        continue
      }
      guard let number = BrainVisionDocument.number(of: key, after: "ch") else {
        log.add(.headerText, "header line \(line.number): key \(text.text(key).quotedForDisplay()) is not Ch and a number; ignored")
        continue
      }
      guard number >= 1, byNumber.updateValue(line, forKey: number) == nil else {
        throw RecordingError(
          .badData, path: path,
          "header line \(line.number): channel number \(number) is \(number < 1 ? "below 1" : "there twice"); expected each number from 1 on once"
        )
      }
    }
    while let line = byNumber[entries.count + 1] { entries.append(Self.entry(text, line, log: &log)) }
    guard entries.count == byNumber.count else {
      throw RecordingError(
        .badData, path: path,
        "header entry \"Ch\(entries.count + 1)\" is missing, but there are entries with higher numbers; expected each number from 1 on")
    }
    for line in text.sections["coordinates"] ?? [] {
      guard let key = line.key, let number = BrainVisionDocument.number(of: key, after: "ch"), (1...max(1, entries.count)).contains(number),
        !entries.isEmpty
      else { continue }
      let values = BrainVisionDocument.fields(line.value).prefix(3).map { HeaderNumber.decimal(text.text($0))?.value ?? .nan }
      guard values.count == 3, values.allSatisfy(\.isFinite) else {
        log.add(.headerText, "header line \(line.number): coordinates are not three numbers; ignored")
        continue
      }
      // A radius of 0 says that the position is not known.
      guard values[0] != 0 else { continue }
      entries[number - 1].position = Self.position(radius: values[0], theta: values[1], phi: values[2])
    }
  }

  /// A position of spherical coordinates: theta from the vertex, phi from the right, degrees.
  static func position(radius: Double, theta: Double, phi: Double) -> SensorPosition {
    let (theta, phi) = (theta * .pi / 180, phi * .pi / 180)
    return SensorPosition(
      x: radius * Angle.sine(theta) * Angle.cosine(phi), y: radius * Angle.sine(theta) * Angle.sine(phi), z: radius * Angle.cosine(theta),
      unit: .headRadius)
  }

  /// Whether a number can be a resolution: with it every stored number is finite.
  static func isResolution(_ number: Double) -> Bool { number.isFinite && number != 0 && (number * 2_147_483_648).isFinite }

  private static func entry(_ text: BrainVisionDocument, _ line: BrainVisionDocument.Line, log: inout WarningLog) -> Entry {
    let fields = BrainVisionDocument.fields(line.value)
    func field(_ k: Int) -> String { k < fields.count ? text.field(fields[k]) : "" }
    let label = field(0)
    var (stated, unit) = (field(2), field(3))
    if fields.count > 4, HeaderNumber.whole(stated) != nil, BrainVisionDocument.whole(fields[3]) != nil {
      stated += "." + unit
      unit = field(4)
      log.add(.numberStyle, "header line \(line.number): the resolution is written with a comma; taken as \(stated.quotedForDisplay())")
    }
    var resolution: Double? = 1
    if !stated.isEmpty {
      let number = HeaderNumber.decimal(stated)?.value
      resolution = number.flatMap { isResolution($0) ? $0 : nil }
      if resolution == nil {
        log.add(
          .calibration,
          "header line \(line.number): the resolution is \(stated.quotedForDisplay()); expected a number other than 0; the channel keeps its stored numbers"
        )
      } else if let number, number < 0 {
        log.add(.range, "header line \(line.number): the resolution is negative: \(stated.quotedForDisplay())")
      }
    }
    return Entry(
      label: label, resolution: resolution, unit: unit.isEmpty ? .microvolt : (unit == "n/a" ? PhysicalUnit.none : PhysicalUnit(unit)),
      position: nil)
  }

  /// The channels of the recording, each with a name of its own.
  func channels(count: Int, header: BrainVisionHeader, sampleCount: Int, log: inout WarningLog) -> [Channel] {
    var taken: Set<String> = []
    var next: [String: Int] = [:]
    return entries.prefix(count).enumerated().map { index, entry in
      var name = ChannelName.cleaned(entry.label)
      if name.isEmpty {
        name = "Channel\(index + 1)"
        log.add(.label, "channel \(index + 1) has no name; it is named \(name.quotedForDisplay())")
      }
      if entry.label.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
        log.add(.label, "channel \(index + 1) has control characters in its name \(entry.label.quotedForDisplay())")
      }
      let wanted = name
      while !taken.insert(name.lowercased()).inserted {
        let number = next[wanted.lowercased()] ?? 2
        next[wanted.lowercased()] = number + 1
        name = "\(wanted)-\(number)"
      }
      if name != wanted {
        log.add(
          .label, "channel \(index + 1) has a name that is taken: \(entry.label.quotedForDisplay()); it is named \(name.quotedForDisplay())"
        )
      }
      var calibration: Calibration?
      var storedStep: Double?
      if let resolution = entry.resolution {
        calibration = header.coding?.digitalRange.map {
          Calibration(
            digitalMinimum: $0.lowerBound, digitalMaximum: $0.upperBound, physicalMinimum: Double($0.lowerBound) * resolution,
            physicalMaximum: Double($0.upperBound) * resolution)
        }
        if calibration == nil { storedStep = resolution }
      } else {
        // Not usable: the channel hands out stored numbers.
        calibration = Calibration(digitalMinimum: 0, digitalMaximum: 1, physicalMinimum: 0, physicalMaximum: 0)
      }
      return Channel(
        index: index, name: name, label: entry.label, kind: ChannelKind(label: entry.label, unit: entry.unit), unit: entry.unit,
        sampleRate: header.sampleRate, sampleCount: sampleCount, calibration: calibration, storedStep: storedStep,
        position: entry.position)
    }
  }

  /// For each channel the factor from stored numbers to µV, or to the channel's unit where that is not a voltage.
  func scales(count: Int) -> [Double] {
    entries.prefix(count).map { entry in entry.resolution.map { $0 * (entry.unit.microvoltsPerUnit ?? 1) } ?? 1 }
  }
}
