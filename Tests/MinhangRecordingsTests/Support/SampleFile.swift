import Foundation
import MinhangCore

@testable import MinhangRecordings

/// A small EDF or BDF file, made byte by byte so that each rule can be kept or broken on its own.
struct SampleFile {
  struct Signal {
    var label: String
    var transducer = "AgAgCl electrode"
    var unit = "uV"
    var physicalMinimum = "-3276.8"
    var physicalMaximum = "3276.7"
    var digitalMinimum = "-32768"
    var digitalMaximum = "32767"
    var prefilter = "HP:0.1Hz LP:75Hz"
    var samples: Int
    var samplesText: String?
    /// The stored number of a sample, by its index in the whole file.
    var value: (Int) -> Int = { $0 % 1000 - 500 }
    /// Bytes of each record instead of numbers: annotations.
    var annotations: [[UInt8]]?

    init(_ label: String, samples: Int) {
      self.label = label
      self.samples = samples
    }
  }

  var family = EDFFamily.edf
  var version: [UInt8]?
  var patient: [UInt8] = Array("S01 F 02-MAY-1951 Test_Subject".utf8)
  var recording: [UInt8] = Array("Startdate 02-MAR-2002 EMG561 BK/JOP Sony".utf8)
  var startDate = "02.03.02"
  var startTime = "10.11.12"
  var headerBytes: String?
  var reserved = ""
  var recordCount: String?
  var recordDuration = "1"
  var signalCount: String?
  var signals: [Signal]
  var records = 4
  var tail: [UInt8] = []

  /// Two channels, plain EDF.
  init(family: EDFFamily = .edf, signals: [Signal] = [Signal("EEG Fz", samples: 8), Signal("EEG Cz", samples: 8)]) {
    self.family = family
    self.signals = signals
    if family == .bdf {
      reserved = "24BIT"
      for k in self.signals.indices {
        self.signals[k].digitalMinimum = "-8388608"
        self.signals[k].digitalMaximum = "8388607"
        self.signals[k].physicalMinimum = "-262144"
        self.signals[k].physicalMaximum = "262143.9"
      }
    }
  }

  /// The same with annotations: for each record a list of lists, or only its time.
  static func plus(_ variant: String = "+C", family: EDFFamily = .edf, lists: [String?] = [], times: [String]? = nil) -> SampleFile {
    var file = SampleFile(family: family)
    file.reserved = family.rawValue + variant
    file.records = max(4, lists.count)
    let blocks = (0..<file.records).map { record in
      let time = times?[record] ?? "+\(record)\u{14}\u{14}\0"
      return Array((time + ((record < lists.count ? lists[record] : nil) ?? "")).utf8)
    }
    file.addAnnotations(blocks)
    return file
  }

  /// Adds an annotation signal wide enough for the blocks.
  mutating func addAnnotations(_ blocks: [[UInt8]], samples: Int? = nil) {
    let width = family.bytesPerSample
    let most = max(blocks.map(\.count).max() ?? 0, 60)
    var signal = Signal(family.annotationLabel, samples: samples ?? (most + width - 1) / width)
    signal.transducer = ""
    signal.unit = ""
    signal.prefilter = ""
    signal.physicalMinimum = "-1"
    signal.physicalMaximum = "1"
    signal.digitalMinimum = String(family.digitalRange.lowerBound)
    signal.digitalMaximum = String(family.digitalRange.upperBound)
    signal.annotations = blocks
    signals.append(signal)
  }

  private func field(_ text: String, _ width: Int) -> [UInt8] { field(Array(text.utf8), width) }

  private func field(_ bytes: [UInt8], _ width: Int) -> [UInt8] {
    Array(bytes.prefix(width)) + [UInt8](repeating: 0x20, count: max(0, width - bytes.count))
  }

  var header: [UInt8] {
    var bytes = family == .edf ? field("0", 8) : [UInt8(0xFF)] + Array("BIOSEMI".utf8)
    if let version { bytes = field(version, 8) }
    bytes += field(patient, 80) + field(recording, 80) + field(startDate, 8) + field(startTime, 8)
    bytes += field(headerBytes ?? String(256 * (signals.count + 1)), 8) + field(reserved, 44)
    bytes += field(recordCount ?? String(records), 8) + field(recordDuration, 8) + field(signalCount ?? String(signals.count), 4)
    for (text, width): ((Signal) -> String, Int) in [
      (\.label, 16), (\.transducer, 80), (\.unit, 8), (\.physicalMinimum, 8), (\.physicalMaximum, 8), (\.digitalMinimum, 8),
      (\.digitalMaximum, 8), (\.prefilter, 80), ({ $0.samplesText ?? String($0.samples) }, 8), ({ _ in "" }, 32),
    ] {
      for signal in signals { bytes += field(text(signal), width) }
    }
    return bytes
  }

  var bytes: [UInt8] {
    var bytes = header
    let width = family.bytesPerSample
    for record in 0..<records {
      for signal in signals {
        if let annotations = signal.annotations {
          let block = record < annotations.count ? annotations[record] : []
          bytes += Array((block + [UInt8](repeating: 0, count: signal.samples * width)).prefix(signal.samples * width))
        } else {
          for k in 0..<signal.samples {
            let number = signal.value(record * signal.samples + k)
            for byte in 0..<width { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
          }
        }
      }
    }
    return bytes + tail
  }

  /// Opens the file.
  func open(_ suffix: String? = nil) throws -> EDFReader {
    try opened(bytes, suffix ?? family.rawValue.lowercased())
  }

  /// The error on opening; nil where it opens.
  func error() -> RecordingError? {
    do { _ = try open() } catch { return error as? RecordingError }
    return nil
  }
}

/// Opens bytes as a file that is gone again afterwards: a reader keeps it open.
func opened(_ bytes: [UInt8], _ suffix: String = "edf") throws -> EDFReader {
  let path = temporaryPath(suffix)
  defer { try? FileManager.default.removeItem(atPath: path) }
  try Data(bytes).write(to: URL(fileURLWithPath: path))
  return try EDFReader(path: path)
}

/// A name for a file that does not exist yet.
func temporaryPath(_ suffix: String) -> String {
  FileManager.default.temporaryDirectory.path + "/minhang-test-\(UUID().uuidString).\(suffix)"
}

extension RecordingInfo {
  /// The kinds of the warnings, in order.
  var warningCodes: [RecordingWarning.Code] { warnings.map(\.code) }
}
