import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// The rules of the format, one by one.
struct BrainVisionRulesTests {
  /// What every variant of the sample file holds, µV.
  private func expected(_ channel: Int, _ sample: Int) -> Double {
    Double(BrainVisionSample.numbers(100, channels: 3)[sample * 3 + channel]) * [0.5, 100, 1][channel]
  }

  private func check(_ sample: BrainVisionSample) throws {
    var reader = try sample.open()
    #expect(reader.recording.warnings == [])
    let block = try reader.read(0..<100, of: [0, 1, 2])
    let part = try reader.read(37..<61, of: [2, 0])
    for channel in 0..<3 {
      for k in 0..<100 { #expect(abs(block[channel: channel, sample: k] - expected(channel, k)) <= 1e-12 * abs(expected(channel, k))) }
    }
    for k in 0..<24 {
      #expect(part[channel: 0, sample: k] == block[channel: 2, sample: 37 + k])
      #expect(part[channel: 1, sample: k] == block[channel: 0, sample: 37 + k])
    }
  }

  @Test(arguments: ["INT_16", "INT_32", "IEEE_FLOAT_32"], [false, true])
  func `every binary format, orientation and byte order`(format: String, isBig: Bool) throws {
    for isVectorized in [false, true] {
      var sample = BrainVisionSample()
      sample.format = ["[Binary Infos]", "BinaryFormat=\(format)"] + (isBig ? ["UseBigEndianOrder=YES"] : [])
      sample["DataOrientation"] = isVectorized ? "VECTORIZED" : "MULTIPLEXED"
      var numbers = BrainVisionSample.numbers(100, channels: 3)
      if isVectorized { numbers = (0..<3).flatMap { channel in (0..<100).map { numbers[$0 * 3 + channel] } } }
      sample.data = numbers.flatMap { number -> [UInt8] in
        switch format {
        case "INT_16": isBig ? BrainVisionSample.big(Int16(number)) : BrainVisionSample.little(Int16(number))
        case "INT_32": isBig ? BrainVisionSample.big(Int32(number)) : BrainVisionSample.little(Int32(number))
        default: isBig ? BrainVisionSample.big(Float(number).bitPattern) : BrainVisionSample.little(Float(number).bitPattern)
        }
      }
      try check(sample)
    }
  }

  @Test func `unsigned numbers`() throws {
    var sample = BrainVisionSample()
    sample.format[1] = "BinaryFormat=UINT_16"
    sample.data = [0, 1, 65535].flatMap { BrainVisionSample.little(UInt16($0)) }
    var reader = try sample.open()
    let block = try reader.read(0..<1, of: [0, 1, 2])
    #expect((0..<3).map { block[channel: $0, sample: 0] } == [0, 100, 65535])
  }

  @Test(arguments: [".", ","]) func `numbers as text`(symbol: String) throws {
    for isVectorized in [false, true] {
      var sample = BrainVisionSample()
      sample["DataFormat"] = "ASCII"
      sample["DataOrientation"] = isVectorized ? "VECTORIZED" : "MULTIPLEXED"
      sample.format = ["[ASCII Infos]", "DecimalSymbol=\(symbol)", "SkipLines=1", "SkipColumns=1"]
      let numbers = BrainVisionSample.numbers(100, channels: 3)
      var rows: [[Int]] = []
      if isVectorized {
        for channel in 0..<3 { rows.append((0..<100).map { numbers[$0 * 3 + channel] }) }
      } else {
        for k in 0..<100 { rows.append(Array(numbers[(k * 3)..<(k * 3 + 3)])) }
      }
      var text = "a head\n"
      for row in rows { text += "name " + row.map { "\($0)\(symbol)00" }.joined(separator: " ") + "\n" }
      sample.data = Array(text.utf8)
      try check(sample)
    }
  }

  @Test(arguments: [false, true], ["\n", "\r\n", "\r"])
  func `text data longer than a piece come whole, numbers across its end too`(isVectorized: Bool, lineEnd: String) throws {
    var sample = BrainVisionSample()
    sample["DataFormat"] = "ASCII"
    sample["DataOrientation"] = isVectorized ? "VECTORIZED" : "MULTIPLEXED"
    sample.format = ["[ASCII Infos]", "DecimalSymbol=."]
    sample.markers = nil
    sample["MarkerFile"] = nil
    let count = 40_000
    // Numbers of all widths, so that the ends of pieces fall everywhere.
    func number(_ sample: Int, _ channel: Int) -> Int { (sample &* 7919 &+ channel &* 31) % [10, 1000, 100_000, 3][sample % 4] }
    let rows = isVectorized ? 3 : count
    let columns = isVectorized ? count : 3
    var text = ""
    for row in 0..<rows {
      for column in 0..<columns {
        text += "\(isVectorized ? number(column, row) : number(row, column))\(column + 1 < columns ? " " : lineEnd)"
      }
    }
    sample.data = Array(text.utf8)
    var reader = try sample.open()
    #expect(reader.recording.warnings.isEmpty && reader.recording.channels[0].sampleCount == count)
    let block = try reader.read(0..<count, of: [2, 0])
    #expect((0..<count).allSatisfy { block[channel: 0, sample: $0] == Double(number($0, 2)) })
    #expect((0..<count).allSatisfy { block[channel: 1, sample: $0] == Double(number($0, 0)) * 0.5 })
  }

  @Test func `damaged text data are told by line and column`() throws {
    var sample = BrainVisionSample()
    sample["DataFormat"] = "ASCII"
    sample.format = ["[ASCII Infos]", "DecimalSymbol=."]
    func outcome(_ text: String) -> (error: String?, warnings: [String], count: Int) {
      sample.data = Array(text.utf8)
      do {
        let info = try sample.open().recording
        return (nil, info.warnings.map(\.message), info.channels[0].sampleCount)
      } catch { return ((error as? RecordingError)?.message, [], 0) }
    }
    #expect(outcome("1 2 3\n4 5 x\n").error == "data line 2, column 3 is \"x\"; expected a number")
    #expect(outcome("1 2 3\n4 5\n6 7 8\n").error == "data line 2 has 2 numbers; expected 3")
    let cut = outcome("1 2 3\n\n4 5 6\n7 8")
    #expect(cut.count == 2 && cut.warnings.contains("the last data line has 2 of 3 numbers; left out"))
    #expect(outcome(String(repeating: "1", count: 400_000)).error?.contains("word of more than 4096 bytes") == true)
  }

  @Test(arguments: [
    ("1     Fz         1      0.5 µV      DC     250      Off      0", "HP:DC LP:250Hz"),
    ("1     Fz         1      0.5 µV      10     1000     50", "HP:0.01592Hz LP:1000Hz N:50Hz"),
    ("1     Fz         1      0.5 µV      0,3    Off      Off", "HP:0.5305Hz"),
    ("1     Other      1      0.5 µV      10     1000     50", ""), ("2     Fz         1      0.5 µV      10     1000     50", ""),
    ("1     Fz         1      0.5 µV      10     often    50", ""), ("1     Fz         1      0.5 µV", ""),
    ("1  Fz  1  0.5  10  1000  50\r\n1  Fz  1  0.5  10  1000  50", ""),
  ])
  func `a recorder's table of filters becomes words on them where it is certain`(row: String, words: String) throws {
    var sample = BrainVisionSample()
    let columns = "#     Name      Phys. Chn.    Resolution / Unit   Low Cutoff [s]   High Cutoff [Hz]   Notch [Hz]    Series Res. [kOhm]"
    sample.rest = ["", "[Comment]", "Channels", "--------", columns, row, "", "S o f t w a r e  F i l t e r s", "Disabled"]
    let info = try sample.open().recording
    #expect(info.channels.map(\.prefilter) == [words, "", ""] && info.warnings.isEmpty)
  }

  @Test func `of the filters of amplifier and software the narrowest counts`() throws {
    var sample = BrainVisionSample()
    sample.rest = [
      "[Comment]", "#  Name  Low Cutoff [Hz]  High Cutoff [Hz]  Notch [Hz]", "1  Fz  0.1  1000  Off", "2  Cz  DC  1000  60",
      "3  Pz  1  9  Off",
      "", "#  Low Cutoff [Hz]  High Cutoff [Hz]  Notch [Hz]", "1  0.5  50  50", "2  DC  Off  50",
    ]
    #expect(try sample.open().recording.channels.map(\.prefilter) == ["HP:0.5Hz LP:50Hz N:50Hz", "HP:DC LP:1000Hz N:50Hz N:60Hz", ""])
  }

  @Test func `text data that are none are refused`() throws {
    var sample = BrainVisionSample()
    sample["DataFormat"] = "ASCII"
    #expect(sample.error()?.message.hasPrefix("data line 1") == true)
  }

  @Test func `a header states rate, units, names and calibrations`() throws {
    var sample = BrainVisionSample()
    sample["SamplingInterval"] = "3906.25"
    sample.channels = ["Ch2=Cz\\1 left,ref,0.1,mV", "Ch1=Fz,,0.5,", "Ch3=Temp,,2,C"]
    let info = try sample.open().recording
    #expect(info.channels.map(\.label) == ["Fz", "Cz, left", "Temp"])
    #expect(info.channels.map(\.unit.symbol) == ["µV", "mV", "C"])
    #expect(info.channels[0].sampleRate == 256 && info.channels[0].sampleCount == 100)
    #expect(info.channels[0].calibration?.gain == 0.5 && info.channels[2].kind == .misc)
    #expect(info.start?.iso8601 == "2024-05-17T09:30:12.25")
    #expect(info.warnings == [] && info.format.name == "BrainVision")
  }

  @Test func `markers`() throws {
    var sample = BrainVisionSample()
    sample.markers! += ["Mk4=,plain,60,,", "Mk5=Stimulus,,61,1,0"]
    let events = try sample.open().events()
    #expect(
      events == [
        Event(onset: 0.1, duration: 0.02, label: "Stimulus/S  1"), Event(onset: 0.2, duration: nil, label: "Comment/a,b", channel: 1),
        Event(onset: 0.236, label: "plain"), Event(onset: 0.24, duration: 0.004, label: "Stimulus/"),
      ])
  }

  @Test func `new segments with dates are gaps`() throws {
    var sample = BrainVisionSample()
    // 40 samples are 0.16 s; the second segment begins 1.1 s after the first.
    sample.markers = [
      "Mk1=New Segment,,1,1,0,20240517235959500000", "Mk2=New Segment,,41,1,0,20240518000000600000", "Mk3=Stimulus,S 1,46,1,0",
    ]
    var reader = try sample.open()
    let info = reader.recording
    #expect(info.spans.map(\.start) == [0, 1.1] && info.warnings == [])
    #expect(info.timeline(of: 0).segments.map(\.sampleCount) == [40, 60])
    #expect(try abs(reader.events()[0].onset - 1.12) < 1e-12)
    #expect(try reader.read(40..<50, of: [0]).segment == 1)
    var lengths: [Int] = []
    try reader.forEachBlock(of: [0], blockSize: 1000) { lengths.append($0.sampleCount) }
    #expect(lengths == [40, 60])
  }

  @Test func `new segments without dates are breaks of unknown length`() throws {
    var sample = BrainVisionSample()
    sample.markers = ["Mk1=New Segment,,1,1,0", "Mk2=New Segment,,41,1,0"]
    let info = try sample.open().recording
    #expect(info.spans.map(\.start) == [0, 0.16] && info.timeline(of: 0).segments.count == 2)
    #expect(info.warnings == [] && info.notes.map(\.code) == [.gap])
  }

  @Test func `segmented data break at each segment`() throws {
    var sample = BrainVisionSample()
    sample.common += [("SegmentationType", "MARKERBASED"), ("SegmentDataPoints", "25"), ("DataPoints", "100")]
    let info = try sample.open().recording
    #expect(info.timeline(of: 0).segments.map(\.firstSample) == [0, 25, 50, 75] && info.warnings == [])
  }

  @Test func `coordinates`() throws {
    var sample = BrainVisionSample()
    sample.rest = ["", "[Coordinates]", "Ch1=1,90,0", "Ch2=1,0,0", "Ch3=0,0,0"]
    let channels = try sample.open().recording.channels
    #expect(channels[0].position.map { abs($0.x - 1) < 1e-15 && abs($0.y) < 1e-15 && abs($0.z) < 1e-15 } == true)
    #expect(channels[1].position == SensorPosition(x: 0, y: 0, z: 1, unit: .headRadius) && channels[2].position == nil)
  }

  @Test(arguments: ["\n", "\r\n", "\r"]) func `line ends, comments and free text`(lineEnd: String) throws {
    var sample = BrainVisionSample()
    sample.lineEnd = lineEnd
    sample.rest = ["; Ch9=no", "", "[Comment]", "Ch4=not a channel", "[Common Infos]", "NumberOfChannels=9"]
    try check(sample)
  }

  @Test func `old headers in Windows-1252`() throws {
    var sample = BrainVisionSample()
    sample["Codepage"] = nil
    sample.encoding = .windowsCP1252
    sample.identification = "BrainVision Data Exchange Header File Version 1.0"
    try check(sample)
    sample["Codepage"] = "UTF-8"
    #expect(try sample.open().recording.warningCodes == [.headerText])
  }

  @Test func `the header's own name, and no marker file`() throws {
    var sample = BrainVisionSample()
    sample["DataFile"] = "$b.eeg"
    sample["MarkerFile"] = nil
    sample.markers = nil
    try check(sample)
    #expect(try sample.open().events() == [])
  }
}
