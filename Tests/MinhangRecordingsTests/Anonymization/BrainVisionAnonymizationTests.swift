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
