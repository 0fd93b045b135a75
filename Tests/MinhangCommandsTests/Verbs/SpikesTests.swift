import Foundation
import Testing

struct SpikesTests {
  /// Two channels of 2000 samples at 1000 Hz: a ripple of ±1 and, on the second, a spike of −100 at the samples given.
  private func recording(_ spikes: [Int]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var data = Data()
    for i in 0..<2000 {
      for value in [i % 2 == 0 ? 1 : -1, spikes.contains(i) ? -100 : i % 2 == 0 ? 1 : -1] {
        withUnsafeBytes(of: Int16(value).littleEndian) { data.append(contentsOf: $0) }
      }
    }
    try data.write(to: URL(fileURLWithPath: folder.path("a.bin")))
    try Data("{\"sampling_rate\": 1000, \"channels\": [\"q\", \"s\"], \"dtype\": \"int16\", \"gain_uv\": 1}".utf8).write(
      to: URL(fileURLWithPath: folder.path("a.bin.json")))
    return folder
  }

  @Test func `crossings are counted in bins`() throws {
    let folder = try recording([1010, 1030, 1060, 1950])
    let run = try Tool.run("spikes", folder.path("a.bin"), "--bin", "0.05", "--learn", "1", "--threshold", "5", "--refractory", "0.015")
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(run.lines.count == 41 && run.lines[0] == "onset\tduration\tq\ts")
    #expect(run.lines[21] == "1\t0.05\t0\t2" && run.lines[22] == "1.05\t0.05\t0\t1" && run.lines[40] == "1.95\t0.05\t0\t1")
    let counts = run.lines.dropFirst().compactMap { Int($0.split(separator: "\t")[3]) }
    #expect(counts.count == 40 && counts.reduce(0, +) == 4)
    let robust = try Tool.run(
      "spikes", folder.path("a.bin"), "--bin", "0.05", "--learn", "1", "--threshold", "5", "--refractory", "0.015", "--robust",
      "--json")
    #expect(robust.lines[20] == "{\"onset\":1,\"duration\":0.05,\"q\":0,\"s\":2}")
  }

  @Test func `spike-band power is above zero where there are spikes, and its options are checked`() throws {
    let folder = try recording([1010])
    let run = try Tool.run("spikes", folder.path("a.bin"), "--measure", "power", "--band", "100-400", "--bin", "0.1")
    #expect(run.status == 0 && run.lines.count == 21)
    let values = run.lines.dropFirst().compactMap { Double($0.split(separator: "\t")[3]) }
    #expect(values.indices.max { values[$0] < values[$1] } == 10)
    for words in [["--band", "300-1000", "--measure", "power"], ["--bin", "0"], ["--refractory", "nan"], ["--threshold", "-1"]] {
      let run = try Tool.run(["spikes", folder.path("a.bin")] + words)
      #expect(run.status != 0 && run.errorLines.count == 1, "\(words)")
    }
    let short = try Tool.run("spikes", folder.path("a.bin"), "--learn", "3")
    #expect(short.status == 0 && short.errors.contains("nothing is counted"))
  }

  @Test func `spike times go into bins, of the units and the stretch chosen`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("s.csv")
    try Data("unit,time\n2,0.05\n1,0.31\n2,0.1\n2,0.19\n".utf8).write(to: URL(fileURLWithPath: path))
    let run = try Tool.run("spikes", path, "--bin", "0.1")
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(run.lines == ["onset\tduration\t1\t2", "0\t0.1\t0\t1", "0.1\t0.1\t0\t2", "0.2\t0.1\t0\t0", "0.30000000000000004\t0.1\t1\t0"])
    let part = try Tool.run("spikes", path, "--bin", "0.1", "--channels", "2", "--crop", "0.1:0.2", "--json")
    #expect(part.lines == ["{\"onset\":0.1,\"duration\":0.1,\"2\":2}"])
    #expect(try Tool.run("spikes", path, "--bin", "1e-300").status == 65)
    #expect(try Tool.run("spikes", path, "--measure", "power").status == 64)
    #expect(try Tool.run("info", path).output.contains("\"2\": 3"))
  }

  @Test func `binned counts of a real session stay as they are, and go into wider bins`() throws {
    guard let folder = SharedData.folder("intracortical") else { return }
    let path = folder + "/chewie-2013-10-03-50ms.npz"
    func columns(_ words: String...) throws -> [[Int]] {
      let run = try Tool.run(["spikes", path] + words)
      return run.lines.dropFirst().map { $0.split(separator: "\t").dropFirst(2).compactMap { Int($0) } }
    }
    // numpy: c = rint(x / 20); c.shape, c.sum(), c[:, 2].sum()
    let counts = try columns("--bin", "0.05")
    #expect(counts.count == 1731 && counts.allSatisfy { $0.count == 174 } && counts.joined().reduce(0, +) == 45_021)
    let wide = try columns("--bin", "0.1")
    #expect(wide.count < 866 && wide[0] == zip(counts[0], counts[1]).map(+))
    #expect(try Tool.run("spikes", path, "--bin", "0.07").status == 64)
  }
}
