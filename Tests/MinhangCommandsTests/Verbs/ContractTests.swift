import Foundation
import MinhangCore
import Testing

/// What scripts rely on in every verb: exit statuses, one line an error, nothing half written.
struct ContractTests {
  @Test func `the version is one line`() throws {
    let outcome = try Tool.run("--version")
    #expect(outcome.status == 0)
    #expect(outcome.output == "\(Minhang.version)\n")
  }

  @Test(arguments: [
    ["frobnicate"], ["info"], ["psd", "x.edf", "--taper", "hand"], ["psd", "x.edf", "--overlap", "1"], ["decode", "x.edf"],
    ["bandpower", "x.edf", "--bands", "alpha"], ["bandpower", "x.edf", "--step", "1"], ["stream", "lsl:x", "--model", "m"],
    ["stream", "x.edf", "--model", "m", "--speed", "0"], ["simulate", "x.edf", "--paradigm", "sleep"], ["filter", "a.edf", "b.edf"],
    ["pipelines", "no-such"], ["psd", "x.edf", "--threads", "0"], ["filter", "a.edf", "b.edf", "--lowpass", "30", "--order", "0"],
  ])
  func `a wrong command line is status 64 and one line`(words: [String]) throws {
    let outcome = try Tool.run(words)
    #expect(outcome.status == 64, "\(outcome.errors)")
    #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test(arguments: ["info", "events", "psd", "bandpower"])
  func `a missing input is status 66 and named`(verb: String) throws {
    let outcome = try Tool.run(verb, "no-such-file.edf")
    #expect(outcome.status == 66)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.errors.contains("no-such-file.edf"))
  }

  @Test(arguments: ["info", "psd"])
  func `bad data is status 65 and one line`(verb: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("bad.edf")
    try Data("this is not a recording at all, whatever its name says\u{1B}[2J".utf8).write(to: URL(fileURLWithPath: path))
    let outcome = try Tool.run(verb, path)
    #expect(outcome.status == 65)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.errors.contains("expected"))
    #expect(!outcome.errors.contains("\u{1B}"))
  }

  @Test func `an existing output is not overwritten, and a failed run leaves none`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("rest.edf")
    let words = ["simulate", path, "--paradigm", "rest", "--duration", "4", "--channels", "4", "--quiet"]
    #expect(try Tool.run(words).status == 0)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let again = try Tool.run(words)
    #expect(again.status == 73)
    #expect(again.errorLines.count == 1)
    #expect(try Tool.run(words + ["--seed", "9", "--force"]).status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) != before)

    let out = folder.path("out.edf")
    #expect(try Tool.run("filter", path, out, "--lowpass", "4000").status == 64)
    #expect(try Tool.run("filter", path, folder.path("out.xyz"), "--lowpass", "40").status == 64)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == ["rest.edf", "rest.edf.truth.json"])
  }

  @Test(arguments: [true, false]) func `a recording comes through standard input as from its file`(isPiped: Bool) throws {
    let samples = try Samples.motorImagery.get()
    let content = try Data(contentsOf: URL(fileURLWithPath: samples.run1))
    for verb in [["info", "--json"], ["events"], ["bandpower"]] {
      let expected = try Tool.run(verb + [samples.run1])
      let outcome = try Tool.run(verb + ["-"], input: content, isPiped: isPiped)
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(outcome.output == expected.output.replacingOccurrences(of: "\"\(samples.run1)\"", with: "\"-\""))
    }
    // The words of a header would be read with other files than its own.
    let folder = try TemporaryFolder()
    #expect(try Tool.run("convert", samples.run1, folder.path("a.vhdr")).status == 0)
    let header = try Data(contentsOf: URL(fileURLWithPath: folder.path("a.vhdr")))
    #expect(try Tool.run(["info", "-"], input: header, isPiped: isPiped).status == 65)
    let nothing = try Tool.run(["info", "-"], input: Data(), isPiped: isPiped)
    #expect(nothing.status == 65 && nothing.errorLines == ["minhang: error: -: file size is 0 bytes; expected a recording"])
  }

  @Test func `warnings fail only under strict`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("rest.edf")
    #expect(try Tool.run("simulate", path, "--paradigm", "rest", "--duration", "4", "--channels", "2", "--quiet").status == 0)
    // Half of the last record is cut off: a defect that is repaired and told.
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try bytes.dropLast(100).write(to: URL(fileURLWithPath: path))
    let plain = try Tool.run("info", "--json", path)
    #expect(plain.status == 0)
    #expect(plain.errors.contains("minhang: warning: "))
    #expect((try plain.object["warnings"] as? [String])?.isEmpty == false)
    #expect(try Tool.run("info", "--strict", path).status == 1)
  }
}
