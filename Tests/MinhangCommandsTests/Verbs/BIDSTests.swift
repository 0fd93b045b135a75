import Foundation
import Testing

/// `minhang bids`, and datasets as inputs of other verbs.
struct BIDSTests {
  @Test func `runs become a dataset that every verb reads`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    let set = folder.path("study")
    let made = try Tool.run(
      ["bids", samples.run1, samples.run2, "--out", set, "--subject", "01", "--task", "hands", "--line-frequency", "50", "--json"])
    #expect(made.status == 0, "\(made.errors)")
    #expect((try made.object["recordings"] as? [[String: Any]])?.count == 2)
    let first = set + "/sub-01/eeg/sub-01_task-hands_run-1_eeg.edf"
    #expect(FileManager.default.contentsEqual(atPath: first, andPath: samples.run1))
    let listing = try Tool.run("info", "--json", set)
    let recordings = try listing.object["recordings"] as? [[String: Any]]
    #expect(recordings?.count == 2 && recordings?.first?["path"] as? String == first)
    // Several recordings: the way to choose is told.
    let unclear = try Tool.run("psd", set)
    #expect(unclear.status == 64 && unclear.errorLines.count == 1 && unclear.errors.contains("--entities run=1|2"), "\(unclear.errors)")
    let chosen = try Tool.run("events", set, "--entities", "run=2")
    #expect(try chosen.output == Tool.run("events", samples.run2).output)
    let scores = try Tool.run("evaluate", first, set + "/sub-01/eeg/sub-01_task-hands_run-2_eeg.edf", "--pipeline", "csp-lda", "--json")
    #expect(scores.status == 0, "\(scores.errors)")
    // Once more is refused, before anything is written.
    let again = try Tool.run(
      "bids", samples.run1, "--out", set, "--subject", "01", "--task", "hands", "--run", "1", "--line-frequency", "50")
    #expect(again.status == 73 && again.errorLines.count == 1, "\(again.errors)")
  }

  @Test func `channels that the dataset calls bad stay out`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    let set = folder.path("study")
    let words = ["bids", samples.run1, "--out", set, "--subject", "01", "--task", "hands", "--line-frequency", "n/a", "--quiet"]
    #expect(try Tool.run(words).status == 0)
    let table = set + "/sub-01/eeg/sub-01_task-hands_channels.tsv"
    var lines = try String(contentsOfFile: table, encoding: .utf8).split(separator: "\n").map(String.init)
    let name = String(lines[1].prefix { $0 != "\t" })
    lines[1] = String(lines[1].dropLast(3)) + "bad"
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: table))
    let spectrum = try Tool.run("psd", set)
    #expect(spectrum.status == 0 && spectrum.errors.contains("calls it bad"), "\(spectrum.errors)")
    #expect(!(spectrum.lines.first?.split(separator: "\t").contains { $0 == name } ?? true))
    #expect(try Tool.run("psd", set, "--no-sidecars").errors.isEmpty)
    let model = folder.path("m.minhang")
    let trained = try Tool.run("train", set, "--pipeline", "csp-lda", "-o", model)
    #expect(trained.status == 0 && trained.errors.contains("channel \(name) left out"), "\(trained.errors)")
  }

  @Test(arguments: [
    ["--subject", "0_1", "--task", "x", "--line-frequency", "50"], ["--subject", "01", "--task", "x y", "--line-frequency", "50"],
    ["--subject", "01", "--task", "x", "--line-frequency", "0"], ["--subject", "01", "--task", "x"],
    ["--subject", "01", "--task", "x", "--line-frequency", "50", "--run", "one"],
    ["--subject", "01", "--task", "x", "--line-frequency", "50", "--format", "csv"],
  ])
  func `a wrong word is a usage error and nothing is written`(words: [String]) throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    let outcome = try Tool.run(["bids", samples.run1, "--out", folder.path("study")] + words)
    #expect(outcome.status == 64 && outcome.errorLines.count == 1, "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("study")))
  }

  @Test func `times of recordings are cut or moved with their subject`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    let dated = folder.path("dated.vhdr")
    #expect(try Tool.run("convert", samples.run1, dated).status == 0)
    let marks = folder.path("dated.vmrk")
    let text = try String(contentsOfFile: marks, encoding: .utf8)
    let first = try #require(text.components(separatedBy: "\r\n").first { $0.hasPrefix("Mk1=") })
    try Data(text.replacingOccurrences(of: first, with: "Mk1=New Segment,,1,1,0,20240517093012794232").utf8).write(
      to: URL(fileURLWithPath: marks))
    func times(_ name: String, _ words: [String]) throws -> (times: [String], errors: String) {
      let set = folder.path(name)
      let made = try Tool.run(["bids", dated, "--out", set, "--subject", "1", "--task", "x", "--line-frequency", "50"] + words)
      #expect(made.status == 0, "\(made.errors)")
      #expect(FileManager.default.fileExists(atPath: set + "/sub-1/eeg/sub-1_task-x_eeg.vhdr"))
      let scans = try String(contentsOfFile: set + "/sub-1/sub-1_scans.tsv", encoding: .utf8).split(separator: "\n")
      return (scans.dropFirst().map { String($0.split(separator: "\t")[1]) }, made.errors)
    }
    #expect(try times("a", []).times == ["2024-05-17T09:30:12.794232"])
    #expect(try times("b", ["--anonymize"]).times == ["n/a"])
    let old = try times("c", ["--anonymize", "--shift-days", "-36525"])
    #expect(old.times == ["1924-05-17T09:30:12.794232"] && !old.errors.contains("1925") && !old.errors.contains("microsecond"))
    #expect(try times("d", ["--anonymize", "--shift-days", "-10"]).errors.contains("1925"))
    let alone = try Tool.run(
      "bids", dated, "--out", folder.path("e"), "--subject", "1", "--task", "x", "--line-frequency", "50", "--shift-days", "3")
    #expect(alone.status == 64)
    let moved = folder.path("moved.vhdr")
    #expect(try Tool.run("anonymize", dated, moved, "--shift-days", "-36525").status == 0)
    #expect(try String(contentsOfFile: folder.path("moved.vmrk"), encoding: .utf8).contains("Mk1=New Segment,,1,1,0,19240517093012794232"))
  }

  @Test func `an anonymised recording keeps its codes, copied or written anew, and what is cut is counted`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    let source = folder.path("marked.vhdr")
    #expect(try Tool.run("convert", samples.run1, source).status == 0)
    let marks = folder.path("marked.vmrk")
    let text = try String(contentsOfFile: marks, encoding: .utf8).replacingOccurrences(of: ",right_hand,", with: "Stimulus,S  2,")
    try Data(text.utf8).write(to: URL(fileURLWithPath: marks))
    func made(_ name: String, _ words: [String]) throws -> (events: [Substring], outcome: Tool.Outcome) {
      let set = folder.path(name)
      let outcome = try Tool.run(
        ["bids", source, "--out", set, "--subject", "1", "--task", "x", "--line-frequency", "50", "--anonymize", "--json"] + words)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let rows = try String(contentsOfFile: set + "/sub-1/eeg/sub-1_task-x_events.tsv", encoding: .utf8).split(separator: "\n")
      return (Array(rows.dropFirst()), outcome)
    }
    let (copied, anew) = (try made("copied", []), try made("anew", ["--format", "edf"]))
    #expect(copied.events == anew.events && !copied.events.isEmpty && copied.events.allSatisfy { $0.contains("Stimulus/S  2") })
    for outcome in [copied.outcome, anew.outcome] {
      #expect(outcome.errors.contains("warning:") && outcome.errors.contains("events were cut"))
      #expect(outcome.output.contains("\"cut_events\":") && !outcome.output.contains("\"cut_events\":0"))
    }
  }

  @Test func `an anonymised recording that is written anew has no text on sensors`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    let source = folder.path("named.edf")
    #expect(try Tool.run("convert", samples.run1, source).status == 0)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: source))
    let count = try #require(Int(String(decoding: bytes[252..<256], as: UTF8.self).filter(\.isNumber)))
    let sensor = 256 + 16 * count
    bytes.replaceSubrange(sensor..<(sensor + 9), with: Data("JohnSmith".utf8))
    let unit = 256 + 96 * count
    bytes.replaceSubrange(unit..<(unit + 8), with: Data("DrSmith ".utf8))
    try bytes.write(to: URL(fileURLWithPath: source))
    for words in [["--crop", "0:4"], ["--format", "bdf"], []] {
      let set = folder.path("set" + (words.last ?? "").filter(\.isLetter) + "\(words.count)")
      let outcome = try Tool.run(
        ["bids", source, "--out", set, "--subject", "1", "--task", "x", "--line-frequency", "50", "--anonymize"] + words)
      #expect(outcome.status == 0, "\(outcome.errors)")
      for file in try FileManager.default.subpathsOfDirectory(atPath: set) {
        guard let data = FileManager.default.contents(atPath: set + "/" + file) else { continue }
        for name in ["JohnSmith", "DrSmith"] { #expect(data.range(of: Data(name.utf8)) == nil, "\(file)") }
      }
    }
  }

  @Test func `events beside a recording of codes are no codes`() throws {
    let folder = try TemporaryFolder()
    // GDF 1.25: one channel of 16 samples of 16 bits in each of 4 records of a second.
    var bytes = [UInt8](repeating: 0, count: 512 + 128)
    func put(_ new: [UInt8], _ offset: Int) { bytes.replaceSubrange(offset..<(offset + new.count), with: new) }
    put(Array("GDF 1.25".utf8), 0)
    for (offset, value) in [(184, 512), (236, 4), (244, 1), (248, 1), (252, 1), (256 + 216, 16), (256 + 220, 3)] {
      put([UInt8(value & 255), UInt8(value >> 8)], offset)
    }
    put(Array("Cz".utf8), 256)
    put(Array("uV".utf8), 256 + 96)
    put([0, 0, 0, 0, 0, 0, 0x59, 0xC0, 0, 0, 0, 0, 0, 0, 0x59, 0x40], 256 + 104)
    put([0, 0x80, 255, 255, 255, 255, 255, 255, 255, 0x7F], 256 + 120)
    let source = folder.path("raw/sub-1/eeg/sub-1_task-x_eeg.gdf")
    try FileManager.default.createDirectory(atPath: folder.path("raw/sub-1/eeg"), withIntermediateDirectories: true)
    for (path, data) in [
      (source, Data(bytes)), (folder.path("raw/dataset_description.json"), Data(#"{"Name":"x","BIDSVersion":"1.8.0"}"#.utf8)),
      (
        folder.path("raw/sub-1/eeg/sub-1_task-x_events.tsv"),
        Data("onset\tduration\ttrial_type\n0.5\t0\tJohn Smith\n1\t0\tT1\n".utf8)
      ),
    ] { try data.write(to: URL(fileURLWithPath: path)) }
    let set = folder.path("set")
    let outcome = try Tool.run("bids", source, "--out", set, "--subject", "1", "--task", "x", "--line-frequency", "50", "--anonymize")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try String(contentsOfFile: set + "/sub-1/eeg/sub-1_task-x_events.tsv", encoding: .utf8).contains("T1"))
    for file in try FileManager.default.subpathsOfDirectory(atPath: set) {
      guard let data = FileManager.default.contents(atPath: set + "/" + file) else { continue }
      #expect(data.range(of: Data("John".utf8)) == nil, "\(file)")
    }
  }

  @Test func `a table of large numbers is written anew in a unit that holds them`() throws {
    let folder = try TemporaryFolder()
    let table = folder.path("raw.csv")
    var text = "time,A,B\n"
    for k in 0..<200 { text += "\(Double(k) / 100),\(75_067_811.5 * Double(k % 5 - 2)),\(Double(k % 7) - 3)\n" }
    try Data(text.utf8).write(to: URL(fileURLWithPath: table))
    let set = folder.path("study")
    let made = try Tool.run("bids", table, "--out", set, "--subject", "1", "--task", "x", "--line-frequency", "60", "--input-unit", "uV")
    #expect(made.status == 0, "\(made.errors)")
    let back = folder.path("back.csv")
    #expect(try Tool.run("convert", set, back).status == 0)
    let rows = try String(contentsOfFile: back, encoding: .utf8).split(separator: "\n").dropFirst().map {
      $0.split(separator: ",").map { Double($0) ?? .nan }
    }
    #expect(rows.count == 200)
    for (k, row) in rows.enumerated() {
      // Half a step of 24 bits over the range.
      #expect(abs(row[1] - 75_067_811.5 * Double(k % 5 - 2)) < 10 && abs(row[2] - (Double(k % 7) - 3)) < 1e-6)
    }
  }

  /// A recording of two channels at 8 and 2 Hz, 4 s, whole numbers of microvolts: GDF 1.25.
  private static var twoRates: Data {
    func little(_ value: Int, _ width: Int) -> Data { Data((0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }) }
    func real(_ value: Double) -> Data { little(Int(bitPattern: UInt(value.bitPattern)), 8) }
    func text(_ text: String, _ width: Int) -> Data { Data(text.padding(toLength: width, withPad: " ", startingAt: 0).utf8) }
    let samples = [8, 2]
    var bytes = text("GDF 1.25", 8) + text("X", 160) + text("2002030210111250", 16) + little(768, 8) + Data(count: 44)
    bytes += little(4, 8) + little(1, 4) + little(1, 4) + little(2, 4)
    bytes += text("Fast", 16) + text("Slow", 16) + text("", 160) + text("uV", 8) + text("uV", 8)
    for limit in [-1000.0, -1000, 1000, 1000] { bytes += real(limit) }
    for limit in [-1000, -1000, 1000, 1000] { bytes += little(limit, 8) }
    bytes += text("", 160) + little(samples[0], 4) + little(samples[1], 4) + little(3, 4) + little(3, 4) + Data(count: 64)
    for record in 0..<4 {
      for count in samples { for k in 0..<count { bytes += little((record * count + k) * 10, 2) } }
    }
    return bytes
  }

  @Test func `channels of several rates go into a file that holds them, sample by sample`() throws {
    let folder = try TemporaryFolder()
    let source = folder.path("two.gdf")
    try Self.twoRates.write(to: URL(fileURLWithPath: source))
    let set = folder.path("study")
    let made = try Tool.run("bids", source, "--out", set, "--subject", "1", "--task", "x", "--line-frequency", "50")
    #expect(made.status == 0 && made.errors.contains("written as BDF"), "\(made.errors)")
    let written = set + "/sub-1/eeg/sub-1_task-x_eeg.bdf"
    let channels = try #require(try Tool.run("info", "--json", written).object["channels"] as? [[String: Any]])
    #expect(channels.compactMap { $0["sampling_rate"] as? Double } == [8, 2])
    let table = try String(contentsOfFile: set + "/sub-1/eeg/sub-1_task-x_channels.tsv", encoding: .utf8)
    let column = try #require(table.split(separator: "\n").first?.split(separator: "\t").firstIndex(of: "sampling_frequency"))
    #expect(table.split(separator: "\n").dropFirst().map { $0.split(separator: "\t")[column] } == ["8", "2"])
    for (name, count) in [("Fast", 32), ("Slow", 8)] {
      let rows = try Tool.run("convert", written, folder.path("\(name).csv"), "--channels", name)
      #expect(rows.status == 0, "\(rows.errors)")
      let values = try String(contentsOfFile: folder.path("\(name).csv"), encoding: .utf8).split(separator: "\n").dropFirst().map {
        Double($0.split(separator: ",")[1]) ?? .nan
      }
      // Half a step of 24 bits over 2000 µV.
      #expect(values.count == count && values.enumerated().allSatisfy { abs($1 - Double($0 * 10)) <= 6e-5 }, "\(values)")
    }
  }
}
