import MinhangCore

/// What the header says about one signal.
struct GDFSignalHeader {
  var index: Int
  var label: String
  var transducer: String
  var unit: PhysicalUnit
  var physicalMinimum: Double
  var physicalMaximum: Double
  var digitalMinimum: Double
  var digitalMaximum: Double
  var prefilter: String
  var samplesPerRecord: Int
  var type: GDFSampleType
  var position: SensorPosition?

  /// Reads the headers of all signals: each field is stored for all of them before the next.
  static func all(
    _ numbers: LittleEndianBytes, signalCount ns: Int, isFirst: Bool, path: String, log: inout WarningLog
  ) throws(RecordingError) -> [GDFSignalHeader] {
    var signals: [GDFSignalHeader] = []
    for i in 0..<ns {
      let code = numbers.u32(220 * ns + 4 * i)
      let label = numbers.text(16 * i, 16)
      guard let type = GDFSampleType(code: code) else {
        throw RecordingError(
          .badData, path: path,
          "data type of signal \(i + 1) \(label.quotedForDisplay()) at byte \(256 + 220 * ns + 4 * i) is \(code); expected 1…8, 16…18, or a whole number of bytes from 263 or 519 on"
        )
      }
      func digital(_ place: Int) -> Double { isFirst ? Double(numbers.i64(place)) : numbers.f64(place) }
      var signal = GDFSignalHeader(
        index: i, label: label, transducer: numbers.text(16 * ns + 80 * i, 80), unit: .none,
        physicalMinimum: numbers.f64(104 * ns + 8 * i), physicalMaximum: numbers.f64(112 * ns + 8 * i),
        digitalMinimum: digital(120 * ns + 8 * i), digitalMaximum: digital(128 * ns + 8 * i), prefilter: "",
        samplesPerRecord: numbers.u32(216 * ns + 4 * i), type: type, position: nil)
      if isFirst {
        signal.unit = PhysicalUnit(numbers.text(96 * ns + 8 * i, 8))
        signal.prefilter = numbers.text(136 * ns + 80 * i, 80)
      } else {
        signal.unit = GDFUnits.unit(code: numbers.u16(102 * ns + 2 * i), text: numbers.text(96 * ns + 6 * i, 6))
        signal.prefilter = prefilter(
          highpass: numbers.f32(208 * ns + 4 * i), lowpass: numbers.f32(204 * ns + 4 * i), notch: numbers.f32(212 * ns + 4 * i))
        let place = (0..<3).map { numbers.f32(224 * ns + 12 * i + 4 * $0) }
        if place.allSatisfy(\.isFinite), place.contains(where: { $0 != 0 }) {
          signal.position = SensorPosition(x: place[0], y: place[1], z: place[2], unit: .unknown)
        }
      }
      signals.append(signal)
    }
    return signals
  }

  private static func prefilter(highpass: Double, lowpass: Double, notch: Double) -> String {
    var parts: [String] = []
    // Stored as 32-bit numbers: shown as such.
    if highpass.isFinite && highpass >= 0 { parts.append("HP:\(Float(highpass))Hz") }
    if lowpass.isFinite && lowpass > 0 { parts.append("LP:\(Float(lowpass))Hz") }
    if notch.isFinite && notch > 0 { parts.append("N:\(Float(notch))Hz") }
    return parts == ["HP:0.0Hz"] ? "" : parts.joined(separator: " ")
  }

  // MARK: - Calibration

  /// What makes the calibration unusable; nil where it is usable.
  var calibrationDefect: String? {
    let all = [physicalMinimum, physicalMaximum, digitalMinimum, digitalMaximum]
    if !all.allSatisfy(\.isFinite) { return "a range that is not a number" }
    if physicalMinimum == physicalMaximum { return "equal physical minimum and maximum \(physicalMinimum)" }
    if digitalMinimum == digitalMaximum { return "equal digital minimum and maximum \(digitalMinimum)" }
    return scale(factor: 1).isUsable ? nil : "a range beyond counting"
  }

  func scale(factor: Double) -> SampleScale {
    let gain = (physicalMaximum - physicalMinimum) / (digitalMaximum - digitalMinimum)
    return SampleScale(offset: physicalMaximum / gain - digitalMaximum, gain: gain, factor: factor)
  }

  /// The calibration for the channel: only where the stored numbers are whole and it says all, or where there is none that is usable.
  func calibration(isUsable: Bool) -> Calibration? {
    guard isUsable else { return Calibration(digitalMinimum: 0, digitalMaximum: 0, physicalMinimum: 0, physicalMaximum: 0) }
    guard type.isInteger, let low = Int(exactly: digitalMinimum), let high = Int(exactly: digitalMaximum),
      !high.subtractingReportingOverflow(low).overflow
    else { return nil }
    return Calibration(
      digitalMinimum: low, digitalMaximum: high, physicalMinimum: physicalMinimum, physicalMaximum: physicalMaximum)
  }
}
