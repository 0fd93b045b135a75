import Foundation
import Testing

@testable import MinhangRecordings

struct GDFAnonymizationTests {
  /// Two channels of eight samples of `int16` in each of four records, a header 3 and an event table, names in every text.
  static func planted(version: String) -> (bytes: [UInt8], samples: Range<Int>) {
    let isFirst = version < "1.90"
    var header = [UInt8](repeating: 0, count: 256)
    func put(_ text: String, _ offset: Int) { for (k, byte) in text.utf8.enumerated() { header[offset + k] = byte } }
    func number(_ value: UInt64, _ offset: Int, _ width: Int) {
      for k in 0..<width { header[offset + k] = UInt8(truncatingIfNeeded: value >> UInt64(8 * k)) }
    }
    put("GDF \(version)", 0)
    put("MRN-00042 Müller", 8)
    put("Zaphod ward7", 88)
    if isFirst {
      put("2002030210111200", 168)
      number(256 * 4, 184, 8)
      put("Dr_Quirk", 192)
      put("Beeblebrox", 216)
    } else {
      put("ward7", 74)
      for k in 84..<88 { header[k] = 0x55 }
      number(UInt64(731_277) << 32, 168, 8)
      number(UInt64(709_000) << 32, 176, 8)
      number(4, 184, 2)
      put("ward7", 186)
      put("Dr_Quirk", 192)
      put("ward7x", 200)
    }
    number(4, 236, 8)
    number(1, 244, 4)
    number(1, 248, 4)
    number(2, 252, isFirst ? 4 : 2)
    var table: [UInt8] = []
    func field(_ bytes: [UInt8], _ width: Int) { for _ in 0..<2 { table += bytes + [UInt8](repeating: 0, count: width - bytes.count) } }
    field(Array("Cz".utf8), 16)
    field(Array("AgAgCl of Zaphod".utf8), 80)
    field(Array("uV".utf8), isFirst ? 8 : 6)
    if !isFirst { field([0xB3, 0x10], 2) }
    for value in [-3276.8, 3276.7] { field(SampleXDF.little(value), 8) }
    for value in [-32768, 32767] { field(isFirst ? SampleXDF.little(value, 8) : SampleXDF.little(Double(value)), 8) }
    field(Array("HP:1 Müller".utf8), isFirst ? 80 : 64)
    if !isFirst { field([], 16) }
    field(SampleXDF.little(8, 4), 4)
    field(SampleXDF.little(3, 4), 4)
    // Positions of electrodes are numbers and stay; behind them 20 bytes, of which the first hold an impedance.
    if isFirst { field(Array("xxxxZaphod Beeblebrox".utf8), 32) } else { field([], 12) }
    if !isFirst { field(Array("\0\0\0\0Zaphod ward7".utf8), 20) }
    let third = Array("\u{3}Zaphod Beeblebrox Å ström 19420517".utf8)
    var bytes = header + table + third + [UInt8](repeating: 0, count: 256 - third.count)
    let start = bytes.count
    for k in 0..<64 { bytes += SampleXDF.little(k * 37 - 500, 2) }
    let samples = start..<bytes.count
    bytes += [1] + (isFirst ? SampleXDF.little(8, 3) + SampleXDF.little(1, 4) : SampleXDF.little(1, 3) + [0, 0, 0, 0x41])
    bytes += SampleXDF.little(3, 4) + SampleXDF.little(769, 2)
    return (bytes + Array("Zaphod".utf8), samples)
  }

  @Test(arguments: ["1.25", "2.10", "2.20", "2.51"])
  func `no planted name is left and no sample changes`(version: String) throws {
    let (before, samples) = Self.planted(version: version)
    #expect(Planted.found(in: before).count >= 7)
    let (report, after) = try anonymized(before, "gdf")
    #expect(Planted.found(in: after).isEmpty, "\(Planted.found(in: after))")
    #expect(report.cutBytes == 6)
    // Samples and the event table; the 256 bytes of header 3 are gone.
    #expect(after[(samples.lowerBound - 256)...].elementsEqual(before[samples.lowerBound..<(before.count - 6)]))
    // Label, unit (in version 2 a code behind a text that is obsolete), calibration.
    #expect(after[256..<288] == before[256..<288])
    let unit = 256 + 2 * (version == "1.25" ? 96 : 102)
    #expect(after[unit..<(256 + 2 * 136)] == before[unit..<(256 + 2 * 136)])
    #expect(version == "1.25" || after[(256 + 2 * 96)..<unit].allSatisfy { $0 == 0 })
  }

  @Test func `dates move`() throws {
    let (second, _) = Self.planted(version: "2.20")
    let (_, moved) = try anonymized(second, "gdf", AnonymizationOptions(shiftDays: -7))
    #expect(Array(moved[168..<176]) == SampleXDF.little(Int(731_270) << 32, 8))
    let (first, _) = Self.planted(version: "1.25")
    let (_, text) = try anonymized(first, "gdf", AnonymizationOptions(shiftDays: -7))
    #expect(String(decoding: text[168..<184], as: UTF8.self) == "2002022310111200")
  }

  @Test func `a start that days would move off the calendar is refused, not wrapped around`() throws {
    for (start, days) in [(UInt64.max, 1), (1, -1), (UInt64(7) << 32, -7)] {
      var (bytes, _) = Self.planted(version: "2.20")
      for k in 0..<8 { bytes[168 + k] = UInt8(truncatingIfNeeded: start >> UInt64(8 * k)) }
      let error = #expect(throws: RecordingError.self) { try anonymized(bytes, "gdf", AnonymizationOptions(shiftDays: days)) }
      #expect(error?.code == .badRequest && error?.message.contains("cannot be moved by \(days) days") == true)
    }
  }

  @Test(arguments: [-1_000_000, 4_000_000, Int.max, Int.min])
  func `a start in words that days would move off the calendar is refused`(days: Int) throws {
    let (bytes, _) = Self.planted(version: "1.25")
    let error = #expect(throws: RecordingError.self) { try anonymized(bytes, "gdf", AnonymizationOptions(shiftDays: days)) }
    #expect(error?.code == .badRequest)
  }

  @Test func `a header that does not fit is refused`() throws {
    let (bytes, _) = Self.planted(version: "2.20")
    for cut in [100, 255, 300, 900] { #expect(throws: RecordingError.self) { try anonymized(Array(bytes[..<cut]), "gdf") } }
  }

  @Test(arguments: ["1.92", "2.20"])
  func `nothing stays behind the last whole record where their number is unknown`(version: String) throws {
    let (whole, samples) = Self.planted(version: version)
    var bytes = Array(whole[..<samples.upperBound]) + Array("Dr_Quirk".utf8)
    for k in 236..<244 { bytes[k] = 0xFF }
    let (report, after) = try anonymized(bytes, "gdf")
    #expect(Planted.found(in: after).isEmpty && report.cutBytes == 8)
    #expect(after[(samples.lowerBound - 256)...].elementsEqual(bytes[samples]) && Array(after[236..<244]) == SampleXDF.little(4, 8))
  }

  @Test(arguments: ["1.25", "1.92", "2.20"])
  func `what lies behind a NUL or in a field that is obsolete goes, and time stamps of events`(version: String) throws {
    let (whole, samples) = Self.planted(version: version)
    var bytes = Array(whole[..<samples.upperBound])
    func put(_ text: String, _ offset: Int) { for (k, byte) in text.utf8.enumerated() { bytes[offset + k] = byte } }
    put("Cz\0Zaphod", 256)
    put(version == "1.25" ? "uV\0ward7" : "ward7x", 256 + 2 * 96)
    if version != "1.25" { put("Dr_QuirkMRN-00042Müller", 212) }
    // Mode 5 has a time stamp behind each event.
    bytes += [5] + (version < "1.94" ? SampleXDF.little(8, 3) + SampleXDF.little(1, 4) : SampleXDF.little(1, 3) + [0, 0, 0, 0x41])
    bytes += SampleXDF.little(3, 4) + SampleXDF.little(769, 2) + Array("19420517".utf8)
    let (report, after) = try anonymized(bytes, "gdf")
    #expect(Planted.found(in: after).isEmpty, "\(Planted.found(in: after))")
    #expect(report.cutBytes == 0 && report.cleared.contains("label") && report.cleared.contains("time stamps of events"))
    #expect(after[(samples.lowerBound - 256)..<(samples.upperBound - 256)].elementsEqual(bytes[samples]))
    let path = temporaryPath("gdf")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(after).write(to: URL(fileURLWithPath: path))
    let reader = try Recording.open(path: path)
    #expect(try reader.events().map(\.label) == ["769"] && reader.recording.channels.map(\.label) == ["Cz", "Cz"])
  }
}
