import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Names that are planted in every field; each in UTF-8, Latin-1 and UTF-16, none may be in any byte afterwards.
enum Planted {
  static let names = ["Zaphod", "Beeblebrox", "Müller", "Å ström", "ward7", "19420517", "MRN-00042", "Dr_Quirk"]

  static func spellings(_ name: String) -> [[UInt8]] {
    let latin = name.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    return [Array(name.utf8), latin, name.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }]
  }

  /// The names that are in the bytes, in any spelling and case.
  static func found(in bytes: [UInt8], _ names: [String] = names) -> [String] {
    func lower(_ bytes: [UInt8]) -> Data { Data(bytes.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }) }
    let text = lower(bytes)
    return names.filter { name in spellings(name).contains { text.range(of: lower($0)) != nil } }
  }
}

/// Anonymises bytes: the report and the bytes of the new file.
func anonymized(
  _ bytes: [UInt8], _ suffix: String, _ options: AnonymizationOptions = AnonymizationOptions()
) throws -> (report: AnonymizationReport, bytes: [UInt8]) {
  let (source, target) = (temporaryPath(suffix), temporaryPath(suffix))
  defer { for path in [source, target] { try? FileManager.default.removeItem(atPath: path) } }
  try Data(bytes).write(to: URL(fileURLWithPath: source))
  let report = try Anonymization.anonymize(path: source, to: WritingTarget(path: target), options: options)
  #expect(try Data(contentsOf: URL(fileURLWithPath: source)) == Data(bytes), "the input has changed")
  return (report, [UInt8](try Data(contentsOf: URL(fileURLWithPath: target))))
}

struct EDFAnonymizationTests {
  /// A file with names in every field that takes text.
  private func planted(_ family: EDFFamily, _ variant: String = "+C") -> SampleFile {
    var file = SampleFile.plus(
      variant, family: family,
      lists: ["+0.5\u{14}Zaphod woke\u{14}\0", "+1.5\u{15}2\u{14}Müller\u{14}ward7\u{14}\0", nil, "+3\u{14}Dr_Quirk\u{14}\0"],
      times: ["+0.25\u{14}\u{14}Beeblebrox\u{14}\0", "+1.25\u{14}\u{14}\0", "+2.25\u{14}\u{14}\0", "+3.25\u{14}\u{14}\0"])
    file.patient = Planted.spellings("MRN-00042 F 17-MAY-1942 Müller")[1]
    file.recording = Array("Startdate 02-MAR-2002 ward7 Dr_Quirk Å ström".utf8)
    file.reserved += " Beeblebrox"
    for k in file.signals.indices {
      file.signals[k].transducer = "AgAgCl electrode of Zaphod"
      file.signals[k].prefilter = "HP:0.1Hz by Müller"
    }
    file.tail = Array("Zaphod 19420517".utf8)
    return file
  }

  @Test(arguments: EDFFamily.allCases, ["+C", "+D"])
  func `no planted name is left and no sample changes`(family: EDFFamily, variant: String) throws {
    let file = planted(family, variant)
    let before = file.bytes
    #expect(Planted.found(in: before).count == Planted.names.count)
    let (report, after) = try anonymized(before, family.rawValue.lowercased())
    #expect(Planted.found(in: after).isEmpty)
    // All of the same length but for the tail; samples byte for byte.
    #expect(after.count == before.count - file.tail.count)
    #expect(report.cutBytes == file.tail.count)
    let width = family.bytesPerSample
    let record = file.signals.reduce(0) { $0 + $1.samples * width }
    for k in 0..<4 {
      let start = file.header.count + k * record
      #expect(after[start..<(start + 16 * width)] == before[start..<(start + 16 * width)])
    }
    let reader = try opened(after, family.rawValue.lowercased())
    #expect(reader.recording.warnings.isEmpty)
    #expect(try reader.events().isEmpty)
    #expect(reader.recording.start == nil)
    #expect(reader.recording.identity == .anonymous)
    #expect(reader.recording.spans == (try opened(Array(before.dropLast(file.tail.count)), "edf")).recording.spans)
    #expect(report.cutAnnotations == 5)
  }

  @Test func `annotations stay on request`() throws {
    let file = SampleFile.plus(lists: ["+0.5\u{14}T1\u{14}\0", "+1.5\u{15}2\u{14}T2\u{14}\0"])
    let (report, after) = try anonymized(file.bytes, "edf", AnonymizationOptions(keepsAnnotations: true))
    #expect(try opened(after).events() == file.open().events())
    #expect(report.cutAnnotations == 0)
    #expect(after[file.header.count...] == file.bytes[file.header.count...])
  }

  @Test func `dates move by days, over the change of a year`() throws {
    let (_, after) = try anonymized(SampleFile.plus().bytes, "edf", AnonymizationOptions(shiftDays: -61))
    let start = try opened(after).recording.start
    #expect(start == RecordingDate(year: 2001, month: 12, day: 31, hour: 10, minute: 11, second: 12))
    // Before 1985 only the recording field of EDF+ knows the year.
    let (_, old) = try anonymized(SampleFile.plus().bytes, "edf", AnonymizationOptions(shiftDays: -30_000))
    let reader = try opened(old)
    #expect(reader.recording.start?.year == 1920)
    #expect(reader.recording.warnings.isEmpty)
    let error = #expect(throws: RecordingError.self) { try anonymized(SampleFile().bytes, "edf", AnonymizationOptions(shiftDays: -30_000)) }
    #expect(error?.code == .notRepresentable)
  }

  @Test func `technical texts stay`() throws {
    let (report, after) = try anonymized(SampleFile().bytes, "edf")
    let reader = try opened(after)
    #expect(reader.recording.channels.map(\.prefilter) == ["HP:0.1Hz LP:75Hz", "HP:0.1Hz LP:75Hz"])
    #expect(reader.recording.channels.map(\.transducer) == ["AgAgCl electrode", "AgAgCl electrode"])
    #expect(!report.cleared.contains("prefilter"))
  }

  @Test func `codes of annotations stay with their times, and the numbers of records are those written`() throws {
    var file = SampleFile.plus(
      lists: ["+0.5\u{14}T1\u{14}Zaphod\u{14}\0+0.75\u{15}2\u{14}769\u{14}\0", "+1.5\u{14}P1970\u{14}\0+1.6\u{14}Müller\u{14}\0"])
    file.recordCount = "-1"
    let (report, after) = try anonymized(file.bytes, "edf")
    #expect(report.cutAnnotations == 3 && Planted.found(in: after).isEmpty)
    let events = try opened(after).events()
    #expect(events == (try file.open().events()).filter { ["T1", "769"].contains($0.label) } && events.count == 2)
    #expect(String(decoding: after[236..<244], as: UTF8.self) == "4       ")
  }

  @Test(arguments: ["EDF Annotation", "EDF+Annotations", "edf annotations", "Annotations", "EEG Pz"])
  func `annotations under another label lose their texts, and a warning says so`(label: String) throws {
    var file = SampleFile.plus(lists: ["+0.5\u{14}Zaphod woke\u{14}\0", nil, "+2\u{14}Müller\u{14}\0"])
    file.signals[2].label = label
    let (report, after) = try anonymized(file.bytes, "edf")
    #expect(Planted.found(in: after).isEmpty)
    #expect(report.cutAnnotations == 2 && report.warnings.contains { $0.message.contains("holds annotations though its label is not") })
    let width = 2 * file.signals[2].samples
    for k in 0..<4 {
      let start = file.header.count + k * (32 + width)
      #expect(after[start..<(start + 32)] == file.bytes[start..<(start + 32)])
    }
    // Samples that happen to begin with a sign are samples.
    var plain = SampleFile()
    plain.signals[1].value = { $0 % 8 == 0 ? 0x302B : $0 }
    let (none, same) = try anonymized(plain.bytes, "edf")
    #expect(none.warnings.isEmpty && same[768...] == plain.bytes[768...])
  }

  @Test func `what lies behind a NUL in a label or unit goes`() throws {
    var file = SampleFile()
    file.signals[0].label = "Cz\0Zaphod"
    file.signals[1].unit = "uV\0ward7"
    file.signals[1].label = "Pz"
    let (report, after) = try anonymized(file.bytes, "edf")
    #expect(Planted.found(in: after).isEmpty && report.cleared.contains("label") && report.cleared.contains("physical dimension"))
    let channels = try opened(after).recording.channels
    #expect(channels.map(\.label) == ["Cz", "Pz"] && channels.allSatisfy { $0.unit == .microvolt })
  }

  @Test func `what the reader warns of is told, and text between header and data is refused`() throws {
    var file = SampleFile()
    file.headerBytes = "1024"
    let (report, after) = try anonymized(file.bytes, "edf")
    #expect(report.warnings.contains { $0.code == .headerLength })
    #expect(try opened(after).recording.warnings.isEmpty)
    var bytes = file.bytes
    bytes.insert(contentsOf: Array("Zaphod".utf8) + [UInt8](repeating: 0x20, count: 250), at: 768)
    let error = #expect(throws: RecordingError.self) { try anonymized(bytes, "edf") }
    #expect(error?.message.contains("could be text") == true)
  }
}
