import Foundation
import MinhangCore

@testable import MinhangRecordings

/// A small BrainVision recording, made line by line so that each rule can be kept or broken on its own.
struct BrainVisionSample {
  var identification = "Brain Vision Data Exchange Header File Version 1.0"
  /// Keys of `[Common Infos]`, in order.
  var common = [
    ("Codepage", "UTF-8"), ("DataFile", "made.eeg"), ("MarkerFile", "made.vmrk"), ("DataFormat", "BINARY"),
    ("DataOrientation", "MULTIPLEXED"), ("NumberOfChannels", "3"), ("SamplingInterval", "4000"),
  ]
  var format = ["[Binary Infos]", "BinaryFormat=INT_16"]
  var channels = ["Ch1=Fz,,0.5,µV", "Ch2=Cz,,0.1,mV", "Ch3=Pz,,,"]
  var rest: [String] = []
  /// Lines of `[Marker Infos]`; nil for no marker file.
  var markers: [String]? = ["Mk1=New Segment,,1,1,0,20240517093012250000", "Mk2=Stimulus,S  1,26,5,0", "Mk3=Comment,a\\1b,51,0,2"]
  var data: [UInt8] = Self.numbers(100, channels: 3).flatMap { Self.little(Int16($0)) }
  var lineEnd = "\r\n"
  var encoding = String.Encoding.utf8

  /// The stored numbers, sample by sample.
  static func numbers(_ samples: Int, channels: Int) -> [Int] {
    (0..<samples * channels).map { ($0 * 37) % 2001 - 1000 }
  }

  static func little(_ number: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: number.littleEndian) { Array($0) } }
  static func big(_ number: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

  subscript(key: String) -> String? {
    get { common.first { $0.0 == key }?.1 }
    set {
      guard let place = common.firstIndex(where: { $0.0 == key }) else {
        if let newValue { common.append((key, newValue)) }
        return
      }
      if let newValue { common[place].1 = newValue } else { common.remove(at: place) }
    }
  }

  var header: String {
    let lines =
      [identification, "; made by a test", "", "[Common Infos]"] + common.map { "\($0.0)=\($0.1)" } + [""] + format
      + ["", "[Channel Infos]"] + channels + rest
    return lines.joined(separator: lineEnd) + lineEnd
  }

  var markerText: String {
    ([
      "Brain Vision Data Exchange Marker File, Version 1.0", "", "[Common Infos]", "Codepage=UTF-8", "DataFile=made.eeg", "",
      "[Marker Infos]",
    ]
      + (markers ?? [])).joined(separator: lineEnd) + lineEnd
  }

  /// Writes the files into a new folder, hands out the header's path and removes the folder.
  func with<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = temporaryPath("folder")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try (header.data(using: encoding) ?? Data()).write(to: URL(fileURLWithPath: folder + "/made.vhdr"))
    try Data(data).write(to: URL(fileURLWithPath: folder + "/made.eeg"))
    if markers != nil { try Data(markerText.utf8).write(to: URL(fileURLWithPath: folder + "/made.vmrk")) }
    return try body(folder + "/made.vhdr")
  }

  /// Opens the recording; its files are gone afterwards, but open.
  func open() throws -> BrainVisionReader { try with { try BrainVisionReader(path: $0) } }

  /// The error on opening; nil where it opens.
  func error() -> RecordingError? {
    do { _ = try open() } catch { return error as? RecordingError }
    return nil
  }
}
