import Foundation

@testable import MinhangRecordings

/// A small BCI2000 file, made byte by byte so that each rule can be kept or broken on its own.
struct SampleBCI2000 {
  struct State {
    var name: String
    var width: Int
    var byte: Int
    var bit: Int
    /// The value at a sample.
    var value: (Int) -> UInt64 = { _ in 0 }
  }

  var version: String?
  var format: String?
  var statedHeaderBytes: Int?
  var channelCount = 2
  var statedVectorBytes: Int?
  var vectorBytes = 4
  var samples = 16
  var states = [
    State(name: "Running", width: 1, byte: 0, bit: 0) { _ in 1 },
    State(name: "SourceTime", width: 16, byte: 0, bit: 1) { UInt64(100 + 8 * ($0 / 4)) },
    State(name: "StimulusCode", width: 5, byte: 2, bit: 1) { (4..<8).contains($0) ? 17 : $0 >= 12 ? 3 : 0 },
  ]
  var parameters = [
    "Source:Signal%20Properties int SourceCh= 2 16 1 % // number of channels",
    "Source intlist SampleBlockSize= 1 4",
    "Source:Signal%20Properties int SamplingRate= 8Hz 256Hz 1 % // sample rate",
    "Source:Signal%20Properties list ChannelNames= 2 Fz Left%20Hand // names",
    "Source:Signal%20Properties floatlist SourceChOffset= 2 0 10 0 % %",
    "Source:Signal%20Properties floatlist SourceChGain= 2 0.5muV 1e-3mV 0.003 % % // gains",
    "Storage string StorageTime= Wed%20Aug%2012%2016:15:00%202009 % % %",
    "Storage string SubjectName= Jane%20Doe Name % %",
    "Storage string SubjectSession= 002 001 % %",
    "Application:Matrix matrix Stimuli= { caption icon } 2 A B % % % % %",
  ]
  /// The stored number of a channel at a sample.
  var value: (_ channel: Int, _ sample: Int) -> Double = { Double(100 * $0 + $1 - 4) }
  /// Bytes behind the last whole sample.
  var rest: [UInt8] = []

  var header: [UInt8] {
    var text = " SourceCh= \(channelCount) StatevectorLen= \(statedVectorBytes ?? vectorBytes)"
    if let format { text += " DataFormat= \(format)" }
    text += "\r\n[ State Vector Definition ] \r\n"
    for state in states { text += "\(state.name) \(state.width) 0 \(state.byte) \(state.bit)\r\n" }
    text += "[ Parameter Definition ] \r\n" + parameters.map { $0 + "\r\n" }.joined() + "\r\n"
    let start = (version.map { "BCI2000V= \($0) " } ?? "") + "HeaderLen= "
    let length = start.utf8.count + 6 + text.utf8.count
    let shown = String(statedHeaderBytes ?? length)
    return Array((start + String(repeating: " ", count: max(0, 6 - shown.utf8.count)) + shown + text).utf8)
  }

  var bytes: [UInt8] {
    var bytes = header
    for sample in 0..<samples {
      for channel in 0..<channelCount {
        let number = value(channel, sample)
        switch format ?? "int16" {
        case "float32": bytes += SampleGDF.little(Float(number))
        case "int32": bytes += SampleGDF.little(Int(number), 4)
        default: bytes += SampleGDF.little(Int(number), 2)
        }
      }
      var vector = [UInt8](repeating: 0, count: vectorBytes)
      for state in states {
        let number = state.value(sample)
        for k in 0..<state.width where number >> UInt64(k) & 1 == 1 {
          let bit = 8 * state.byte + state.bit + k
          if bit / 8 < vectorBytes { vector[bit / 8] |= 1 << UInt8(bit % 8) }
        }
      }
      bytes += vector
    }
    return bytes + rest
  }

  static func read(_ bytes: [UInt8]) throws -> BCI2000Reader {
    let path = temporaryPath("dat")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try BCI2000Reader(path: path)
  }

  func reader() throws -> BCI2000Reader { try Self.read(bytes) }
}
