import MinhangCore

/// What the second part of the header says about one signal.
///
/// In the file each field stands for all signals before the next field.
struct EDFSignalHeader {
  var index: Int
  var label: String
  var transducer: String
  var unit: String
  var prefilter: String
  var samplesPerRecord: Int
  /// The calibration; not usable where `calibrationDefect` says why.
  var calibration: Calibration
  var calibrationDefect: String?
  var isAnnotation: Bool
}

/// The second part of the header: 256 bytes a signal.
struct EDFSignalTable {
  /// A field: its name in messages and its width.
  struct Field {
    let name: String
    /// Bytes of all fields of one signal that come before this one.
    let before: Int
    let width: Int

    static let label = Field(name: "label", before: 0, width: 16)
    static let transducer = Field(name: "transducer", before: 16, width: 80)
    static let unit = Field(name: "physical dimension", before: 96, width: 8)
    static let physicalMinimum = Field(name: "physical minimum", before: 104, width: 8)
    static let physicalMaximum = Field(name: "physical maximum", before: 112, width: 8)
    static let digitalMinimum = Field(name: "digital minimum", before: 120, width: 8)
    static let digitalMaximum = Field(name: "digital maximum", before: 128, width: 8)
    static let prefilter = Field(name: "prefilter", before: 136, width: 80)
    static let samplesPerRecord = Field(name: "samples in a data record", before: 216, width: 8)
  }

  let signalCount: Int
  private let bytes: [UInt8]

  /// Takes the bytes that follow the fixed header.
  init(signalCount: Int, bytes: [UInt8]) {
    precondition(bytes.count == signalCount * 256, "\(bytes.count) header bytes of \(signalCount) signals")
    self.signalCount = signalCount
    self.bytes = bytes
  }

  private func raw(_ field: Field, _ signal: Int) -> ArraySlice<UInt8> {
    let offset = field.before * signalCount + field.width * signal
    return bytes[offset..<(offset + field.width)]
  }

  /// A field's text without padding.
  func text(_ field: Field, _ signal: Int) -> String { HeaderText.decoded(raw(field, signal)) }

  /// The beginning of a message: `signal 3 "Cz": header field "physical minimum" at byte 772 is "abc"`.
  func complaint(_ field: Field, _ signal: Int) -> String {
    let offset = EDFFixedHeader.byteCount + field.before * signalCount + field.width * signal
    let name = text(.label, signal).quotedForDisplay()
    return "signal \(signal + 1) \(name): header field \"\(field.name)\" at byte \(offset) is \(text(field, signal).quotedForDisplay())"
  }

  /// Reads all signals.
  ///
  /// - Throws: `badData` where the number of samples in a record is not a number; every other defect is repaired and logged.
  func signals(family: EDFFamily, path: String, log: inout WarningLog) throws(RecordingError) -> [EDFSignalHeader] {
    var signals: [EDFSignalHeader] = []
    signals.reserveCapacity(signalCount)
    let annotationLabels = EDFFamily.allCases.map(\.annotationLabel)
    var odd = 0
    for index in 0..<signalCount {
      let countText = text(.samplesPerRecord, index)
      guard let samples = HeaderNumber.whole(countText), (0...99_999_999).contains(samples) else {
        throw RecordingError(.badData, path: path, "\(complaint(.samplesPerRecord, index)); expected a whole number from 1")
      }
      let label = text(.label, index)
      let isAnnotation = annotationLabels.contains(label)
      let fields: [Field] = [.label, .transducer, .unit, .prefilter]
      if !fields.allSatisfy({ HeaderText.isPlain(raw($0, index)) }) { odd += 1 }
      var signal = EDFSignalHeader(
        index: index, label: label, transducer: text(.transducer, index), unit: HeaderText.decodedUnit(raw(.unit, index)),
        prefilter: text(.prefilter, index), samplesPerRecord: samples,
        calibration: Calibration(digitalMinimum: 0, digitalMaximum: 0, physicalMinimum: .nan, physicalMaximum: .nan),
        calibrationDefect: nil, isAnnotation: isAnnotation)
      if !isAnnotation { readCalibration(of: &signal, family: family, log: &log) }
      signals.append(signal)
    }
    if odd > 0 { log.note(.headerText, "\(odd) signals have text in the header that is not plain ASCII") }
    return signals
  }

  /// Reads the four numbers of the calibration.
  ///
  /// What cannot be used leaves the channel with its stored numbers.
  private func readCalibration(of signal: inout EDFSignalHeader, family: EDFFamily, log: inout WarningLog) {
    let index = signal.index
    var defect: String?
    func physical(_ field: Field) -> Double {
      guard let (value, hasComma) = HeaderNumber.decimal(text(field, index)), value.isFinite else {
        defect = defect ?? "\(complaint(field, index)); expected a decimal number"
        return .nan
      }
      if hasComma { log.add(.numberStyle, "\(complaint(field, index)); the comma is taken as a decimal point") }
      return value
    }
    func digital(_ field: Field) -> Int? {
      if let value = HeaderNumber.whole(text(field, index)) { return value }
      // "-32768.0" and "1e5" are clear, though not whole numbers as the rules want them.
      if let (value, _) = HeaderNumber.decimal(text(field, index)), let whole = Int(exactly: value), abs(whole) < 100_000_000 {
        log.add(.numberStyle, "\(complaint(field, index)); expected a whole number, read as \(whole)")
        return whole
      }
      defect = defect ?? "\(complaint(field, index)); expected a whole number"
      return nil
    }
    let low = physical(.physicalMinimum)
    let high = physical(.physicalMaximum)
    let digitalLow = digital(.digitalMinimum)
    let digitalHigh = digital(.digitalMaximum)
    signal.calibration = Calibration(
      digitalMinimum: digitalLow ?? 0, digitalMaximum: digitalHigh ?? 0, physicalMinimum: low, physicalMaximum: high)
    if defect == nil && low == high {
      defect = "\(complaint(.physicalMaximum, index)), equal to the physical minimum; expected another number"
    }
    if defect == nil && digitalLow == digitalHigh {
      defect = "\(complaint(.digitalMaximum, index)), equal to the digital minimum; expected a larger number"
    }
    if defect == nil && !SampleScale(signal.calibration).isUsable {
      defect = "\(complaint(.physicalMaximum, index)), which makes no usable range; expected a larger range"
    }
    if let defect {
      log.add(.calibration, "\(defect); the channel keeps its stored numbers")
      signal.calibrationDefect = defect
      return
    }
    checkRange(signal, family: family, log: &log)
  }

  /// Ranges that can be used but are not what the rules allow, or not believable.
  private func checkRange(_ signal: EDFSignalHeader, family: EDFFamily, log: inout WarningLog) {
    let calibration = signal.calibration
    if calibration.digitalMinimum > calibration.digitalMaximum {
      log.add(.range, "\(complaint(.digitalMaximum, signal.index)), below the digital minimum: the polarity is turned over")
    }
    for (field, value) in [(Field.digitalMinimum, calibration.digitalMinimum), (.digitalMaximum, calibration.digitalMaximum)]
    where !family.digitalRange.contains(value) {
      log.add(
        .range,
        "\(complaint(field, signal.index)); expected \(family.digitalRange.lowerBound)…\(family.digitalRange.upperBound), used as it stands"
      )
    }
    for (field, value) in [(Field.physicalMinimum, calibration.physicalMinimum), (.physicalMaximum, calibration.physicalMaximum)]
    where abs(value) >= 1e12 {
      log.add(.range, "\(complaint(field, signal.index)), which no sensor measures; used as it stands")
    }
  }
}
