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
        6, stream: 1, Array("<info><first_timestamp>19420517</first_timestamp><sample_count>20</sample_count><who>ward7</who></info>".utf8))
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

  /// A stream's header with its format written in this way.
  private func header(_ stream: Int, _ format: String, _ more: String = "") -> [UInt8] {
    SampleXDF.chunk(
      2, stream: stream,
      Array(
        "<info>\(more)<name>N</name><type>EEG</type><channel_count>2</channel_count><nominal_srate>10</nominal_srate>\(format)</info>".utf8)
    )
  }

  @Test(arguments: [
    "<channel_format>String</channel_format>", "<channel_format >string</channel_format>", "<channel_format>cf_string</channel_format>",
    "<channel_format><![CDATA[string]]></channel_format>", "<channel_format> string\n</channel_format>",
  ])
  func `text goes however its format is spelt and wherever it lies`(format: String) throws {
    let signal = SampleXDF.header(1, format: "int16", channels: 2, rate: 10)
    let text = SampleXDF.chunk(
      2, stream: 2, Array("<info><channel_count>1</channel_count><nominal_srate>0</nominal_srate>\(format)</info>".utf8))
    let markers = SampleXDF.marker(2, "Zaphod") + SampleXDF.marker(2, "769")
    for order in [signal + text + markers, markers + signal + text, signal + markers + text] {
      let (report, after) = try anonymized(Array("XDF:".utf8) + order + samples[0], "xdf")
      #expect(Planted.found(in: after).isEmpty && report.cutAnnotations == 1)
      #expect(Data(after).range(of: Data(samples[0])) != nil)
      let path = temporaryPath("xdf")
      defer { try? FileManager.default.removeItem(atPath: path) }
      try Data(after).write(to: URL(fileURLWithPath: path))
      #expect(try Recording.open(path: path).events().map(\.label) == ["769"])
    }
  }

  @Test func `chunks of streams without a header that can be read go, and such as their samples do not fill`() throws {
    let damaged = SampleXDF.chunk(2, stream: 3, Array("<info><channel_count>ward7</channel_count></info>".utf8))
    let more = SampleXDF.chunk(3, stream: 1, [1, 1, 0, 1, 0, 2, 0] + Array("Dr_Quirk".utf8))
    let lost = SampleXDF.marker(9, "Zaphod") + damaged + SampleXDF.marker(3, "Müller") + more
    let bytes =
      Array("XDF:".utf8) + SampleXDF.header(1, format: "int16", channels: 2, rate: 10) + SampleXDF.marker(9, "Zaphod") + damaged
      + SampleXDF.marker(3, "Müller") + samples[0] + SampleXDF.boundaryChunk + more + SampleXDF.boundaryChunk + samples[1]
    let (report, after) = try anonymized(bytes, "xdf")
    #expect(Planted.found(in: after).isEmpty, "\(Planted.found(in: after))")
    #expect(report.cutBytes == lost.count && report.sampleBytes == samples[0].count + samples[1].count)
    #expect(report.warnings.contains { $0.message.contains("stream 9, which has no header") })
  }

  @Test(arguments: ["float32", "Float32", "<![CDATA[float32]]>", "float"], [true, false])
  func `a signal is read again, wherever its description stands`(format: String, isFirst: Bool) throws {
    let place = "<location><X>-12.5</X><Y>7</Y><Z>100.25</Z><note>Zaphod</note></location>"
    let description =
      "<desc><channels><channel><label>C3</label><unit>microvolts</unit><type>EEG</type>\(place)</channel><channel><label>Fz</label><unit>MRN-00042</unit><type>ward7</type></channel></channels></desc>"
    let element = "<channel_format>\(format)</channel_format>"
    let head = isFirst ? header(1, element, description) : header(1, element + description)
    let values = (0..<20).flatMap { [UInt8(0)] + SampleXDF.little(Int(Float($0).bitPattern), 4) + SampleXDF.little(0, 4) }
    let bytes = Array("XDF:".utf8) + head + SampleXDF.chunk(3, stream: 1, [1, 20, 8] + SampleXDF.little(5.0) + values.dropFirst())
    let (report, after) = try anonymized(bytes, "xdf")
    #expect(Planted.found(in: after).isEmpty && report.cleared.contains("unit") && report.cutBytes == 0)
    let paths = [temporaryPath("xdf"), temporaryPath("xdf")]
    defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
    try Data(bytes).write(to: URL(fileURLWithPath: paths[0]))
    try Data(after).write(to: URL(fileURLWithPath: paths[1]))
    var (old, new) = (try Recording.open(path: paths[0]), try Recording.open(path: paths[1]))
    #expect(new.recording.channels.map(\.position) == old.recording.channels.map(\.position))
    #expect(new.recording.channels[0].position != nil && new.recording.channels.map(\.kind) == old.recording.channels.map(\.kind))
    #expect(try old.read(0..<20, of: [0, 1]) == new.read(0..<20, of: [0, 1]))
  }

  @Test func `names of streams become their type and a number, unless they are technical`() throws {
    var bytes = Array("XDF:".utf8)
    for (k, (name, type)) in [("Zaphod", "EEG"), ("ward7", "Müller"), ("Markers", "Markers")].enumerated() {
      let text = "<info><name>\(name)</name><type>\(type)</type><channel_count>1</channel_count><nominal_srate>10</nominal_srate>"
      bytes += SampleXDF.chunk(2, stream: k + 1, Array((text + "<channel_format>int8</channel_format></info>").utf8))
    }
    let (report, after) = try anonymized(bytes, "xdf")
    #expect(Planted.found(in: after).isEmpty && report.cleared.contains("name") && report.cleared.contains("type"))
    for name in ["EEG-1", "Stream-2", "Markers"] { #expect(Data(after).range(of: Data("<name>\(name)</name>".utf8)) != nil) }
  }

  @Test func `clock offsets that are no times go, and so do a footer's times`() throws {
    let head = SampleXDF.header(1, format: "int16", channels: 2, rate: 10)
    let name = Array("Beeblebrox".utf8)
    let clocks = [
      Array(name.prefix(8)) + SampleXDF.little(1.0), SampleXDF.little(1.0) + SampleXDF.little(Double.nan),
      SampleXDF.little(2e13) + SampleXDF.little(1.0), SampleXDF.little(1.0) + SampleXDF.little(-Double.infinity),
    ].map { SampleXDF.chunk(4, stream: 1, $0) }
    let footer = Array(
      "<info><first_timestamp>42</first_timestamp><last_timestamp>7</last_timestamp><sample_count>2e1</sample_count></info>".utf8)
    let bytes =
      Array("XDF:".utf8) + head + samples[0] + SampleXDF.clock + clocks.joined() + samples[1] + SampleXDF.chunk(6, stream: 1, footer)
    let (report, after) = try anonymized(bytes, "xdf")
    #expect(report.cutBytes == clocks.joined().count)
    let end = SampleXDF.chunk(6, stream: 1, Array("<?xml version=\"1.0\"?><info><sample_count>20</sample_count></info>".utf8))
    #expect(after.suffix(end.count + samples[1].count + SampleXDF.clock.count) == SampleXDF.clock + samples[1] + end)
  }

  @Test func `what is packed is written unpacked`() throws {
    let (report, after) = try anonymized(SampleGZip.packed(planted), "xdfz")
    #expect(try after == anonymized(planted, "xdf").bytes && report.sampleBytes == samples[0].count + samples[1].count)
    let cut = try anonymized(SampleGZip.packed(planted, .stored).dropLast(8), "xdfz")
    #expect(cut.report.warnings.contains { $0.code == .compression })
  }
}
