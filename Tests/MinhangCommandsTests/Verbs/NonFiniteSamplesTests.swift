import Foundation
import Testing

/// Samples that are not finite never pass in silence.
struct NonFiniteSamplesTests {
  @Test(arguments: ["npy", "xdf", "vhdr", "csv"])
  func `they are counted when a recording is copied, and when the copy is looked at`(suffix: String) throws {
    let folder = try TemporaryFolder()
    let (table, copy) = (folder.path("run.csv"), folder.path("copy.\(suffix)"))
    try Data("time,Fz (uV),Cz (uV)\n0,1,2\n0.01,nan,3\n0.02,nan,3\n0.03,4,inf\n0.04,5,6\n".utf8).write(to: URL(fileURLWithPath: table))
    let outcome = try Tool.run("convert", table, copy)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("copy.\(suffix): channel \"Fz\": 2 of 5 samples are not finite numbers; the first is sample 1"))
    let info = try Tool.run("info", "--json", copy)
    #expect(info.status == 0)
    let lines = info.errors.split(separator: "\n")
    #expect(lines.count { $0.contains("finite number") } == 2, "one warning for each channel: \(info.errors)")
    #expect(info.output.contains("finite number"))
  }

  @Test(arguments: ["npy", "vhdr"])
  func `finite samples raise no warning`(suffix: String) throws {
    let folder = try TemporaryFolder()
    let (table, copy) = (folder.path("run.csv"), folder.path("copy.\(suffix)"))
    try Data("time,Fz (uV)\n0,1\n0.01,-2.5\n0.02,1e30\n0.03,4\n".utf8).write(to: URL(fileURLWithPath: table))
    #expect(try Tool.run("convert", table, copy).status == 0)
    #expect(try !Tool.run("info", copy).errors.contains("finite"))
  }
}
