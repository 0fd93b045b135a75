import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What is not an ordinary file, or not one for long: pipes, folders, devices, files that shrink or grow, full disks.
struct HostileFilesTests {
  /// Every verb that reads a recording, with `IN` and `OUT` for the names.
  static let verbs: [[String]] = [
    ["info", "IN"], ["events", "IN"], ["convert", "IN", "OUT.csv"], ["filter", "IN", "OUT.edf", "--lowpass", "30"],
    ["clean", "IN", "OUT.edf", "--bad-channels"], ["psd", "IN"], ["bandpower", "IN"], ["tfr", "IN", "--events", "T1"],
    ["connectivity", "IN"], ["repair", "IN", "OUT.edf"], ["anonymize", "IN", "OUT.edf"], ["evaluate", "IN"],
    ["train", "IN", "--pipeline", "csp-lda", "-o", "OUT.minhang"],
  ]

  private func words(_ verb: [String], _ input: String, _ folder: TemporaryFolder) -> [String] {
    verb.map { $0 == "IN" ? input : $0.hasPrefix("OUT") ? folder.path("out" + $0.dropFirst(3)) : $0 }
  }

  @Test(arguments: verbs)
  func `pipes, folders, devices and missing files are refused in one line`(verb: [String]) throws {
    let folder = try TemporaryFolder()
    let pipe = folder.path("pipe.edf")
    #expect(mkfifo(pipe, 0o600) == 0)
    for (input, status) in [(pipe, 65), (folder.url.path, 65), ("/dev/zero", 65), (folder.path("none.edf"), 66)] {
      let outcome = try Tool.run(words(verb, input, folder))
      #expect(Int(outcome.status) == status, "\(verb[0]) \(input): \(outcome.errors)")
      #expect(outcome.errorLines.count == 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["pipe.edf"])
    }
  }

  @Test(arguments: verbs)
  func `an unreadable file is refused in one line`(verb: [String]) throws {
    guard getuid() != 0 else { return print("skipped: the superuser reads every file") }
    let folder = try TemporaryFolder()
    let path = folder.path("closed.edf")
    try Data("0       ".utf8).write(to: URL(fileURLWithPath: path))
    #expect(chmod(path, 0) == 0)
    let outcome = try Tool.run(words(verb, path, folder))
    #expect(outcome.status == 74)
    #expect(outcome.errorLines.count == 1)
  }

  /// A recording of a minute.
  private func recording(_ folder: TemporaryFolder) throws -> String {
    let path = folder.path("rest.edf")
    let outcome = try Tool.run("simulate", path, "--paradigm", "rest", "--duration", "60", "--channels", "8", "--quiet")
    #expect(outcome.status == 0, "\(outcome.errors)")
    return path
  }

  @Test(arguments: [
    ["convert", "IN", "OUT.bdf"], ["convert", "IN", "OUT.csv"], ["convert", "IN", "OUT.npy"],
    ["filter", "IN", "OUT.edf", "--lowpass", "30"],
    ["anonymize", "IN", "OUT.edf"],
  ])
  func `a full disk is status 74 in one line and leaves no file`(verb: [String]) throws {
    let folder = try TemporaryFolder()
    let path = try recording(folder)
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    let outcome = try Tool.run(words(verb, path, folder), fileSizeLimit: 64)
    #expect(outcome.status == 74, "\(outcome.errors)")
    #expect(outcome.errorLines.count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == before)
  }

  @Test(arguments: ["info", "events", "psd"])
  func `a result that cannot be written is status 74`(verb: String) throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return print("skipped: there is no /dev/full") }
    let folder = try TemporaryFolder()
    let outcome = try Tool.run([verb, try recording(folder)], outputPath: "/dev/full")
    #expect(outcome.status == 74)
    #expect(outcome.errorLines.count == 1)
  }

  @Test func `an output is never the input, and not written twice`() throws {
    let folder = try TemporaryFolder()
    let path = try recording(folder)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    for verb in [
      ["convert", path, path], ["filter", path, path, "--lowpass", "30"], ["anonymize", path, path],
      ["clean", path, path, "--bad-channels"],
    ] {
      let outcome = try Tool.run(verb + ["--force"])
      #expect(outcome.status == 73, "\(verb[0]): \(outcome.errors)")
      #expect(outcome.errorLines.count == 1)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    // Another name of the same file is the same file.
    let other = folder.path("link.edf")
    try FileManager.default.createSymbolicLink(atPath: other, withDestinationPath: path)
    #expect(try Tool.run("anonymize", path, other, "--force").status == 73)
    let out = folder.path("out.edf")
    #expect(try Tool.run("anonymize", path, out).status == 0)
    #expect(try Tool.run("anonymize", path, out).status == 73)
    #expect(try Tool.run("anonymize", path, out, "--force").status == 0)
  }

  @Test func `repair says what it kept, and when there is nothing to do`() throws {
    let folder = try TemporaryFolder()
    let path = try recording(folder)
    let whole = try Tool.run("repair", "--json", path, folder.path("a.edf"))
    #expect(whole.status == 0)
    #expect(try whole.object["needed"] as? Bool == false)
    #expect(!FileManager.default.fileExists(atPath: folder.path("a.edf")))
    try Data(contentsOf: URL(fileURLWithPath: path)).dropLast(5).write(to: URL(fileURLWithPath: folder.path("cut.edf")))
    let cut = try Tool.run("repair", "--json", folder.path("cut.edf"), folder.path("a.edf"))
    #expect(cut.status == 0)
    #expect(try cut.object["needed"] as? Bool == true)
    #expect(try cut.object["lost"] as? Int == 1)
    #expect(try Tool.run("info", "--strict", folder.path("a.edf")).status == 0)
  }
}
