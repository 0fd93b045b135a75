import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Places of damaged recordings where a name could stay.
struct AnonymizationLeakTests {
  @Test(arguments: ["EDF annotations", "EDF Annotation", "Annotations"], 0..<4)
  func `a signal whose label speaks of annotations is one, whatever its records begin with`(label: String, damage: Int) throws {
    let lists = (0..<4).map { "+\($0).5\u{14}Zaphod\u{14}\0" }
    var file = SampleFile.plus(lists: lists)
    let times = (0..<4).map { "+\($0)\u{14}\u{14}\0" }
    file.signals[2].label = label
    file.signals[2].annotations = (0..<4).map { k in
      switch damage {
      case 0: Array(("\0" + times[k] + lists[k]).utf8)
      case 1: Array((" " + times[k] + lists[k]).utf8)
      case 2: k == 2 ? [UInt8](repeating: 0x20, count: 60) : Array((times[k] + lists[k]).utf8)
      default: Array((times[k] + lists[k]).utf8.filter { $0 != 0x2B })
      }
    }
    let (report, after) = try anonymized(file.bytes, "edf")
    #expect(Planted.found(in: after).isEmpty)
    #expect(report.warnings.contains { $0.message.contains("holds annotations though its label is not") })
  }

  @Test func `most records decide whether a signal holds annotations`() throws {
    var file = SampleFile.plus(lists: (0..<4).map { "+\($0).5\u{14}Zaphod\u{14}\0" })
    file.signals[2].label = "EEG Pz"
    file.signals[2].annotations?[2] = Array("\0\0Zaphod".utf8)
    #expect(Planted.found(in: try anonymized(file.bytes, "edf").bytes).isEmpty)
    // In EDF+ there must be one.
    file.signals[2].annotations = [[UInt8]](repeating: Array("noted: Zaphod".utf8), count: 4)
    let error = #expect(throws: RecordingError.self) { try anonymized(file.bytes, "edf") }
    #expect(error?.code == .badData && error?.message.contains("EDF Annotations") == true)
  }

  @Test func `text between header and data is refused where the number of records does not prove that there is none`() throws {
    for variant in 0..<3 {
      var file = SampleFile.plus()
      file.headerBytes = String(1024 + 96)
      var bytes = file.header + Array("Zaphod".utf8) + [UInt8](repeating: 0x20, count: 90) + file.bytes[1024...]
      switch variant {
      case 0: bytes.replaceSubrange(236..<244, with: Array("-1      ".utf8))
      case 1: bytes += [1, 2]
      default: bytes.removeLast(10)
      }
      let error = #expect(throws: RecordingError.self) { try anonymized(bytes, "edf") }
      #expect(error?.message.contains("could be text") == true)
    }
  }

  @Test(arguments: EDFFamily.allCases)
  func `an annotation signal has the numbers that are usual, and durations are seconds`(family: EDFFamily) throws {
    var file = SampleFile.plus(family: family, lists: ["+0.5\u{15}1942-05-17.0815\u{14}T1\u{14}\0+0.6\u{15}2\u{14}T2\u{14}\0"])
    (file.signals[2].physicalMinimum, file.signals[2].digitalMaximum, file.signals[2].unit) = ("19420517", "19420517", "Tricia")
    let (_, after) = try anonymized(file.bytes, family.rawValue.lowercased())
    #expect(Planted.found(in: after, ["19420517", "1942-05-17", "Tricia"]).isEmpty)
    let events = try opened(after, family.rawValue.lowercased()).events()
    #expect(events.map(\.label) == ["T1", "T2"] && events.map(\.duration) == [nil, 2])
  }

  @Test func `an onset with a comma stays an onset`() throws {
    let file = SampleFile.plus(
      "+D", lists: ["+0,75\u{14}T1\u{14}\0", "+10,75\u{14}T1\u{14}\0"],
      times: ["+0,5\u{14}\u{14}\0", "+10,5\u{14}\u{14}\0", "+20,5\u{14}\u{14}\0", "+30,5\u{14}\u{14}\0"])
    let (before, after) = (try file.open(), try opened(try anonymized(file.bytes, "edf").bytes))
    #expect(after.recording.spans == before.recording.spans && before.recording.spans.count == 4)
    #expect(try after.events() == before.events() && before.events().count == 2)
  }

  @Test func `lists without a sign are told, and left out`() throws {
    let file = SampleFile.plus(lists: ["Zaphod\u{14}one\u{14}\0+0.5\u{14}T1\u{14}\0a\0\u{14}b\0"])
    let warnings = try file.open().recording.warnings.map(\.message)
    #expect(warnings.contains { $0.contains("data record 1 has the onset \"Zaphod\"; expected a sign and seconds, left out") })
    #expect(warnings.filter { $0.contains("expected a sign") }.count == 3)
    let (report, after) = try anonymized(file.bytes, "edf")
    #expect(Planted.found(in: after).isEmpty && report.cutAnnotations == 2)
    #expect(try opened(after).events().map(\.label) == ["T1"])
  }

  @Test(arguments: [false, true])
  func `text data end where the reader ends`(isVectorized: Bool) throws {
    var sample = BrainVisionSample()
    sample["DataFormat"] = "ASCII"
    sample["DataOrientation"] = isVectorized ? "VECTORIZED" : "MULTIPLEXED"
    sample.format = ["[ASCII Infos]", "DecimalSymbol=.", "SkipLines=0", "SkipColumns=0"]
    sample.data = Array(("1 2 3\r\n\r\n4 5 6\r\n7 8 9\r\n" + (isVectorized ? "42 19420517 42\r\n" : "19420517")).utf8)
    try sample.with { path in
      let target = path.replacingOccurrences(of: "made.vhdr", with: "sub-1.vhdr")
      let report = try Anonymization.anonymize(path: path, to: WritingTarget(path: target))
      let text = try String(contentsOfFile: target.replacingOccurrences(of: ".vhdr", with: ".eeg"), encoding: .utf8)
      #expect(text == "1 2 3\r\n\r\n4 5 6\r\n7 8 9\r\n")
      #expect(report.cutBytes == (isVectorized ? 16 : 8))
      var (old, new) = (try Recording.open(path: path), try Recording.open(path: target))
      #expect(try old.read(0..<3, of: [0, 1, 2]) == new.read(0..<3, of: [0, 1, 2]))
    }
  }

  @Test(arguments: [" lead", "a\nb", "trail ", "a\\b", "$b"])
  func `BrainVision files need a name that a header can state`(name: String) throws {
    try BrainVisionSample().with { path in
      let target = path.replacingOccurrences(of: "made.vhdr", with: name + ".vhdr")
      let error = #expect(throws: RecordingError.self) { try Anonymization.anonymize(path: path, to: WritingTarget(path: target)) }
      #expect(error?.code == .notRepresentable)
    }
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 7, 255], ["1.25", "2.20"])
  func `a table of events that the reader repairs stays as it reads it`(mode: Int, version: String) throws {
    var file = SampleGDF()
    file.version = version
    file.events = [.init(position: 3, type: 769, channel: 1, duration: 4), .init(position: 9, type: 770, channel: 0, duration: 2)]
    let tableByte = file.bytes.count - 8 - 24
    for count in [2, 7] {
      var bytes = file.bytes
      bytes[tableByte] = UInt8(mode)
      bytes[tableByte + (version == "1.25" ? 4 : 1)] = UInt8(count)
      let before = try events(bytes)
      let (_, after) = try anonymized(bytes, "gdf")
      #expect(try events(after) == before)
      #expect(count != 2 || before.map(\.label) == ["769", "770"])
    }
  }

  private func events(_ bytes: [UInt8]) throws -> [Event] {
    let path = temporaryPath("gdf")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try Recording.open(path: path).events()
  }
}
