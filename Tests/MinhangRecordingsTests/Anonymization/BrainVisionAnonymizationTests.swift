import Foundation
import Testing

@testable import MinhangRecordings

struct BrainVisionAnonymizationTests {
  private let header = """
    Brain Vision Data Exchange Header File Version 1.0
    ; made by Zaphod
    [Common Infos]
    Codepage=UTF-8
    DataFile=Müller.eeg
    MarkerFile=Müller.vmrk
    DataFormat=BINARY
    DataOrientation=MULTIPLEXED
    NumberOfChannels=2
    SamplingInterval=4000
    Patient=MRN-00042
    [User Infos]
    Operator=Dr_Quirk
    [Binary Infos]
    BinaryFormat=INT_16
    [Channel Infos]
    Ch1=Cz,,0.5,µV,Beeblebrox
    Ch2=Fz\\1x,Ref,0.5,µV
    [Coordinates]
    Ch1=1,0,90
    Ch2=1,ward7,0
    [Comment]
    [Channel Infos]
    Ch3=Zaphod,,1,µV
    [Coordinates]
    Ch1=1,2,19420517
    Recorded on ward7 by Å ström, born 19420517
    Zaphod=Beeblebrox
    """
  private let markers = """
    Brain Vision Data Exchange Marker File, Version 1.0
    [Common Infos]
    Codepage=UTF-8
    DataFile=Müller.eeg
    [Marker Infos]
    ; Zaphod
    Mk1=New Segment,Beeblebrox,1,1,0,20210301101112000000
    Mk2=Stimulus,S  1,5,1,0
    Mk3=Comment,Dr_Quirk came,7,1,0
    Mk4=Stimulus,Zaphod,8,1,0
    Mk5=Response,R 12,9,1,0,ward7
    [Marker User Infos]
    Who=MRN-00042
    """

  private func run(_ options: AnonymizationOptions = AnonymizationOptions()) throws -> (
    header: String, markers: String, data: Data, all: [UInt8]
  ) {
    let folder = temporaryPath("d")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, bytes) in [
      ("Müller.vhdr", Data(header.utf8)), ("Müller.vmrk", Data(markers.utf8)), ("Müller.eeg", Data((0..<40).map { UInt8($0) })),
    ] {
      try bytes.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    let report = try Anonymization.anonymize(
      path: "\(folder)/Müller.vhdr", to: WritingTarget(path: "\(folder)/sub-01.vhdr"), options: options)
    #expect(report.files.map { ($0 as NSString).lastPathComponent } == ["sub-01.vhdr", "sub-01.eeg", "sub-01.vmrk"])
    let files = try report.files.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    return (
      String(decoding: files[0], as: UTF8.self), String(decoding: files[2], as: UTF8.self), files[1],
      [UInt8](files[0] + files[1] + files[2])
    )
  }

  @Test func `no planted name is left and no sample changes`() throws {
    #expect(Planted.found(in: Array((header + markers).utf8)).count == Planted.names.count)
    let out = try run()
    #expect(Planted.found(in: out.all).isEmpty, "\(Planted.found(in: out.all))")
    #expect(out.data == Data((0..<40).map { UInt8($0) }))
    #expect(out.header.contains("DataFile=sub-01.eeg\r\nMarkerFile=sub-01.vmrk\r\n"))
    #expect(out.header.contains("Ch1=Cz,,0.5,µV\r\nCh2=Fz\\1x,Ref,0.5,µV\r\n"))
    #expect(out.header.contains("Ch1=1,0,90\r\n"))
    #expect(out.markers.hasSuffix("Mk1=New Segment,,1,1,0\r\nMk2=Stimulus,S  1,5,1,0\r\nMk3=Response,R 12,9,1,0\r\n"))
  }

  @Test func `what lies behind the last sample goes, and lengths of gaps that dates held are told`() throws {
    var sample = BrainVisionSample()
    sample.data += [1, 2]
    sample.markers = [
      "Mk1=New Segment,,1,1,0,20240517093012250000", "Mk2=New Segment,,51,1,0,20240517093112250000", "Mk3=Comment,Zaphod,60,1,0",
    ]
    try sample.with { path in
      let target = path.replacingOccurrences(of: "made.vhdr", with: "sub-1.vhdr")
      let report = try Anonymization.anonymize(path: path, to: WritingTarget(path: target))
      #expect(report.cutBytes == 2 && report.sampleBytes == 600 && report.cleared.contains("lengths of gaps between segments"))
      let data = try Data(contentsOf: URL(fileURLWithPath: target.replacingOccurrences(of: ".vhdr", with: ".eeg")))
      #expect(Array(data) == Array(sample.data.dropLast(2)))
      #expect(try Recording.open(path: target).recording.start == nil)
      let moved = try Anonymization.anonymize(
        path: path, to: WritingTarget(path: target, isReplacing: true), options: AnonymizationOptions(shiftDays: -36_525))
      #expect(!moved.cleared.contains("lengths of gaps between segments"))
      let info = try Recording.open(path: target).recording
      #expect(info.start?.iso8601 == "1924-05-17T09:30:12.25" && info.spans.map(\.start) == [0, 60])
    }
  }

  @Test func `words beside the numbers of text data go, the numbers stay`() throws {
    var sample = BrainVisionSample()
    sample["DataFormat"] = "ASCII"
    sample["DataOrientation"] = "VECTORIZED"
    sample.format = ["[ASCII Infos]", "DecimalSymbol=.", "SkipLines=1", "SkipColumns=1"]
    sample.data = Array("Zaphod Beeblebrox, ward7\r\nMüller 1 2.5 3\r\nDr_Quirk 4 5 6\r\nP 7 8 -9e1\r\n".utf8)
    try sample.with { path in
      let target = path.replacingOccurrences(of: "made.vhdr", with: "sub-1.vhdr")
      _ = try Anonymization.anonymize(path: path, to: WritingTarget(path: target))
      let text = try String(contentsOfFile: target.replacingOccurrences(of: ".vhdr", with: ".eeg"), encoding: .utf8)
      #expect(text == "\r\nx 1 2.5 3\r\nx 4 5 6\r\nx 7 8 -9e1\r\n")
      var (old, new) = (try Recording.open(path: path), try Recording.open(path: target))
      #expect(try old.read(0..<3, of: [0, 1, 2]) == new.read(0..<3, of: [0, 1, 2]))
    }
  }

  @Test func `fields of channels stay where they are what they should be`() throws {
    var sample = BrainVisionSample()
    sample.channels = ["Ch1=Fz,Zaphod,0.5,µV", "Ch2=Cz,Fz,0.1 ward7,MRN-00042", "Ch3=Pz,linked mastoids,,µV/m²"]
    // Of a key that is there twice the reader takes the last.
    sample.common.append(("SamplingInterval", "2000"))
    sample.markers = ["Mk1=Response,P1970,26,5,0", "Mk2=Event,254,51,0,2", "Mk3=SyncStatus,Sync On,60,1,0", "Mk4=Zaphod"]
    try sample.with { path in
      let target = path.replacingOccurrences(of: "made.vhdr", with: "sub-1.vhdr")
      let report = try Anonymization.anonymize(path: path, to: WritingTarget(path: target))
      let text = try String(contentsOfFile: target, encoding: .utf8)
      #expect(text.contains("Ch1=Fz,,0.5,µV\r\nCh2=Cz,Fz,0,n/a\r\nCh3=Pz,linked mastoids,1,µV/m²\r\n"))
      #expect(report.cleared.contains("reference") && report.cleared.contains("unit") && report.cutAnnotations == 2)
      var (old, new) = (try Recording.open(path: path), try Recording.open(path: target))
      #expect(new.recording.channels.map(\.sampleRate) == [500, 500, 500])
      #expect(try new.events() == (try old.events().filter { !$0.label.contains("1970") }))
      #expect(try old.read(0..<100, of: [0, 1, 2]) == new.read(0..<100, of: [0, 1, 2]))
      #expect(report.warnings == old.recording.warnings)
    }
  }

  @Test func `markers stay on request and dates move`() throws {
    let out = try run(AnonymizationOptions(shiftDays: -1, keepsAnnotations: true))
    #expect(out.markers.contains("Mk1=New Segment,,1,1,0,20210228101112000000\r\n"))
    #expect(out.markers.contains("Mk3=Comment,Dr_Quirk came,7,1,0\r\n"))
  }

  @Test(arguments: ["/etc/passwd", "../x.eeg", "a\\b", ".."])
  func `a header cannot name a file elsewhere`(name: String) throws {
    let path = temporaryPath("vhdr")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(header.replacingOccurrences(of: "DataFile=Müller.eeg", with: "DataFile=\(name)").utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: RecordingError.self) { try Anonymization.anonymize(path: path, to: WritingTarget(path: path + "2.vhdr")) }
  }
}
