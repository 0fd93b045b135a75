import Foundation
import Testing

@testable import MinhangRecordings

struct XDFAnonymizationTests {
  private let samples = [SampleXDF.samples(1, from: 0, count: 10), SampleXDF.samples(1, from: 10, count: 10)]

  private var planted: [UInt8] {
    let more =
      "<source_id>MRN-00042</source_id><session_id>ward7</session_id><hostname>Zaphod</hostname><uid>Beeblebrox</uid><created_at>19420517</created_at>"
      + "<desc><channels><channel><label>Cz</label><unit>uV</unit><type>EEG</type><operator>Dr_Quirk</operator></channel></channels>"
      + "<subject><name>Müller</name></subject><synchronization><can_drop_samples>true</can_drop_samples></synchronization></desc>"
    let head = Array(
      "<?xml version=\"1.0\"?><info><version>1.0</version><datetime>2021-03-01T10:11:12+0100</datetime><by>Å ström</by></info>".utf8)
    return Array("XDF:".utf8) + SampleXDF.chunk(1, head) + SampleXDF.header(1, format: "int16", channels: 2, rate: 10, more: more)
      + SampleXDF.header(2, format: "string", channels: 1, rate: 0) + samples[0] + SampleXDF.marker(2, "Zaphod") + SampleXDF.clock
      + SampleXDF.boundaryChunk + samples[1] + SampleXDF.chunk(99, Array("Müller".utf8))
      + SampleXDF.chunk(
        6, stream: 1, Array("<info><first_timestamp>1.5</first_timestamp><sample_count>20</sample_count><who>ward7</who></info>".utf8))
  }

  @Test func `no planted name is left and no sample changes`() throws {
    #expect(Planted.found(in: planted).count == Planted.names.count)
    let (report, after) = try anonymized(planted, "xdf")
    #expect(Planted.found(in: after).isEmpty, "\(Planted.found(in: after))")
    let data = Data(after)
    for chunk in samples + [SampleXDF.clock, SampleXDF.boundaryChunk] { #expect(data.range(of: Data(chunk)) != nil) }
    #expect(data.range(of: Data("2021".utf8)) == nil)
    #expect(data.range(of: Data("<can_drop_samples>true</can_drop_samples>".utf8)) != nil)
    #expect(data.range(of: Data("<label>Cz</label><unit>uV</unit>".utf8)) != nil)
    #expect(data.range(of: Data("<sample_count>20</sample_count>".utf8)) != nil)
    #expect(report.cutAnnotations == 1)
    #expect(report.sampleBytes == samples[0].count + samples[1].count)
  }

  @Test func `markers stay on request and dates move`() throws {
    let (report, after) = try anonymized(planted, "xdf", AnonymizationOptions(shiftDays: 1, keepsAnnotations: true))
    #expect(Data(after).range(of: Data(SampleXDF.marker(2, "Zaphod"))) != nil)
    #expect(Data(after).range(of: Data("<datetime>2021-03-02T10:11:12+0100</datetime>".utf8)) != nil)
    #expect(report.cutAnnotations == 0)
    // What was written is whole.
    let path = temporaryPath("xdf")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(after).write(to: URL(fileURLWithPath: path))
    #expect(try !RecordingRepair.repair(path: path, to: WritingTarget(path: path + ".new")).isNeeded)
  }
}
