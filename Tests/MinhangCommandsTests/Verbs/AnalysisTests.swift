import Foundation
import MinhangBCI
import Testing

/// `info`, `events`, `psd`, `bandpower`, `filter`, `convert`, `simulate`, `evaluate`, `doctor` as a script sees them.
struct AnalysisTests {
  @Test func `info has the keys of the contract`() throws {
    let samples = try Samples.motorImagery.get()
    let info = try Tool.run("info", "--json", samples.run1).object
    for key in ["format", "path", "bytes", "sha256", "start", "duration", "segments", "channels", "events", "warnings"] {
      #expect(info[key] != nil, "\(key) is missing")
    }
    let channels = try #require(info["channels"] as? [[String: Any]])
    #expect(channels.count == 16)
    for key in [
      "index", "name", "kind", "unit", "sampling_rate", "samples", "digital_min", "digital_max", "physical_min", "physical_max",
      "prefilter",
    ] {
      #expect(channels[0][key] != nil, "\(key) is missing")
    }
    #expect(info["format"] as? String == "EDF+C")
    #expect((info["events"] as? [String: Int])?["left_hand"] == 10)
    #expect(info["identity"] == nil)
    #expect(try Tool.run("info", "--json", "--show-identity", samples.run1).object["identity"] != nil)
  }

  @Test func `events are a BIDS table`() throws {
    let samples = try Samples.motorImagery.get()
    let rows = try Tool.run("events", samples.run1).lines.map { $0.split(separator: "\t").map(String.init) }
    #expect(rows[0] == ["onset", "duration", "trial_type", "sample"])
    let cues = rows.dropFirst().filter { $0[2] != "rest" }
    #expect(cues.count == 20)
    for row in cues { #expect(Double(row[0]).map { ($0 * 128).rounded() } == Double(row[3])) }
  }

  @Test func `a spectrum has a row a frequency and integrates to the band power`() throws {
    let samples = try Samples.motorImagery.get()
    let rows = try Tool.run("psd", samples.run1, "--channels", "c3,C4").lines.map { $0.split(separator: "\t").map(String.init) }
    #expect(rows[0] == ["frequency", "C3", "C4"])
    #expect(rows.count == 1 + 128 + 1)
    let densities = rows.dropFirst().map { ($0.compactMap(Double.init)) }
    // 8–13 Hz in bins of 0.5 Hz by the trapezoid rule, from the printed numbers.
    let band = densities.filter { $0[0] >= 8 && $0[0] <= 13 }.map { $0[1] }
    let trapezoid = (band.reduce(0, +) - (band[0] + band[band.count - 1]) / 2) * 0.5
    let power = try Tool.run("bandpower", samples.run1, "--channels", "C3", "--bands", "alpha=8-13").lines[1].split(separator: "\t")
    #expect(power[2] == "C3" && power[3] == "alpha" && power[5] == "\u{B5}V\u{B2}")
    // Ten additions in another order.
    #expect(abs((Double(power[4]) ?? 0) / trapezoid - 1) < 1e-14 * 10)
    let json = try Tool.run("psd", samples.run1, "--channels", "C3,C4", "--json").output
    #expect(json.contains("\"C3\":[\(rows.dropFirst().map { $0[1] }.joined(separator: ","))]"))
  }

  @Test func `threads and pipes change no byte`() throws {
    let samples = try Samples.motorImagery.get()
    for words in [
      ["psd"], ["bandpower"], ["bandpower", "--window", "1", "--step", "0.25"], ["evaluate", "--json", "--permutations", "20"],
    ] {
      let one = try Tool.run([words[0], samples.run1] + words.dropFirst() + ["--threads", "1"]).output
      #expect(try Tool.run([words[0], samples.run1] + words.dropFirst() + ["--threads", "2"]).output == one, "\(words)")
      #expect(!one.isEmpty)
    }
  }

  @Test func `a time course has a row for each window, channel and band`() throws {
    let samples = try Samples.motorImagery.get()
    let words = ["bandpower", samples.run1, "--channels", "C3,C4", "--bands", "mu=8-13", "--crop", "0:10", "--window", "2", "--step", "1"]
    let rows = try Tool.run(words).lines.dropFirst().map { $0.split(separator: "\t").map(String.init) }
    #expect(rows.count == 9 * 2)
    #expect(rows.map { $0[0] } == (0..<9).flatMap { ["\($0)", "\($0)"] })
    let relative = try Tool.run(words + ["--scale", "relative"]).lines.dropFirst().compactMap { Double($0.split(separator: "\t")[4]) }
    #expect(relative.allSatisfy { $0 > 0 && $0 < 1 })
  }

  @Test func `filter steps run in the order given`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    func filtered(_ name: String, _ words: [String]) throws -> [Double] {
      let path = folder.path(name)
      let outcome = try Tool.run(["filter", samples.run1, path, "--channels", "C3,P3,C4", "--quiet"] + words)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try doubles(path)
    }
    // A reference of the channel itself leaves zeros, whatever was filtered before; a filter after it keeps them.
    let first = try filtered("a.npy", ["--reference", "C3", "--bandpass", "8-30"])
    let second = try filtered("b.npy", ["--bandpass", "8-30", "--reference", "C3"])
    #expect(first.count == second.count && first != second)
    #expect(second.prefix(second.count / 3).allSatisfy { $0 == 0 })
    let largest = second.map(abs).max() ?? 1
    // Linear stages commute but for rounding, which eight multiplications a sample keep below 1e-10 of the signal.
    #expect(zip(first, second).allSatisfy { abs($0 - $1) < 1e-10 * largest })
  }

  @Test func `zero phase is the causal filter there and back`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    let path = folder.path("z.npy")
    #expect(try Tool.run("filter", samples.run1, path, "--bandpass", "8-30", "--zero-phase", "--crop", "2:30", "--quiet").status == 0)
    var reader = try Recording.open(path: samples.run1)
    let signal = try reader.read(256..<3840, of: Array(0..<16))
    let expected = try ZeroPhaseFilter(try Butterworth.filter(order: 4, .bandPass(8...30), sampleRate: 128)).applied(to: signal)
    #expect(try doubles(path) == (0..<16).flatMap { Array(expected.channel($0)) })
  }

  @Test func `between EDF and BDF stored numbers stay as they are`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    let (bdf, edf) = (folder.path("a.bdf"), folder.path("b.edf"))
    #expect(try Tool.run("convert", samples.run1, bdf).status == 0)
    #expect(try Tool.run("convert", bdf, edf).status == 0)
    var (original, back) = (try Recording.open(path: samples.run1), try Recording.open(path: edf))
    let count = original.recording.channels[0].sampleCount
    #expect(back.recording.channels[0].sampleCount == count)
    #expect(try back.read(0..<count, of: Array(0..<16)) == original.read(0..<count, of: Array(0..<16)))
    #expect(try back.events() == original.events())
  }

  @Test func `a stretch is cut out with its events and its time`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    let path = folder.path("cut.edf")
    #expect(try Tool.run("convert", samples.run1, path, "--crop", "10:25", "--channels", "C3").status == 0)
    let (original, cut) = (try Recording.open(path: samples.run1), try Recording.open(path: path))
    #expect(cut.recording.duration == 15)
    let expected = try original.events().filter { $0.onset >= 10 && $0.onset < 25 }
    #expect(zip(try cut.events(), expected).allSatisfy { abs($0.onset + 10 - $1.onset) < 1e-9 && $0.label == $1.label })
    #expect(try cut.events().count == expected.count)
  }

  @Test func `tables hold every number exactly`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    let path = folder.path("c.csv")
    let outcome = try Tool.run("convert", samples.run1, path, "--channels", "C3,C4", "--crop", "0:2")
    #expect(outcome.status == 0)
    #expect(!outcome.errors.contains("warning"))  // the events stand in the sidecar
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(rows[0] == ["time", "C3", "C4"])
    #expect(rows.count == 257)
    var reader = try Recording.open(path: samples.run1)
    let places = reader.recording.channels.filter { ["C3", "C4"].contains($0.name) }.map(\.index)
    let block = try reader.read(0..<256, of: places)
    #expect(
      (0..<256).allSatisfy { Double(rows[$0 + 1][1]) == block[channel: 0, sample: $0] && Double(rows[$0 + 1][0]) == Double($0) / 128 })
  }

  @Test func `a simulation is its seed`() throws {
    let folder = try TemporaryFolder()
    let words = ["--paradigm", "rest", "--duration", "3", "--channels", "8", "--artefacts", "all", "--quiet"]
    for (name, seed) in [("a.edf", "4"), ("b.edf", "4"), ("c.edf", "5")] {
      #expect(try Tool.run(["simulate", folder.path(name), "--seed", seed] + words).status == 0)
    }
    func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder.path(name))) }
    #expect(try bytes("a.edf") == bytes("b.edf"))
    #expect(try bytes("a.edf.truth.json") == bytes("b.edf.truth.json"))
    #expect(try bytes("a.edf") != bytes("c.edf"))
  }

  @Test func `evaluate has the keys of the contract`() throws {
    let samples = try Samples.motorImagery.get()
    let result = try Tool.run(
      "evaluate", samples.run1, samples.run2, "--pipeline", "csp-lda", "--pipeline", "logvar-lda", "--json", "--predictions", "--quiet"
    ).object
    #expect(result["scheme"] as? String == "leave-one-run-out")
    #expect(result["folds"] as? Int == 2)
    #expect(result["seed"] as? Int == 0)
    let pipelines = try #require(result["pipelines"] as? [[String: Any]])
    #expect(pipelines.map { $0["name"] as? String } == ["csp-lda", "logvar-lda"])
    for key in [
      "name", "trials", "classes", "accuracy", "balanced_accuracy", "kappa", "roc_auc", "brier", "itr_bits_per_minute", "chance", "p_value",
      "confusion", "per_fold", "predictions",
    ] {
      #expect(pipelines[0][key] != nil, "\(key) is missing")
    }
    let folds = try #require(pipelines[0]["per_fold"] as? [[String: Any]])
    #expect(folds.map { $0["test_trials"] as? Int } == [20, 20])
    #expect((pipelines[0]["predictions"] as? [Any])?.count == 40)
  }

  @Test func `a channel without a signal is left out and named`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    let path = folder.path("flat.edf")
    // Channel 3 of every record becomes the same number: 128 samples of two bytes, 16 channels, then the annotations.
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: samples.run1)))
    let header = 256 * 18
    let info = try Recording.open(path: samples.run1).recording
    let record = (bytes.count - header) / (info.channels[0].sampleCount / 128)
    for start in stride(from: header, to: bytes.count, by: record) { for i in 0..<256 { bytes[start + 3 * 256 + i] = 7 } }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let name = info.channels[3].name
    let outcome = try Tool.run("psd", path)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains(name))
    #expect(!outcome.lines[0].split(separator: "\t").contains(Substring(name)))
    #expect(try Tool.run("psd", path, "--keep-bad").lines[0].split(separator: "\t").contains(Substring(name)))
    let evaluation = try Tool.run("evaluate", path, "--json")
    #expect(try evaluation.object["excluded_channels"] as? [String] == [name])
    #expect(evaluation.errors.contains("minhang: warning: channel \(name) left out"))
  }

  @Test func `this machine passes its own checks`() throws {
    let outcome = try Tool.run("doctor", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let checks = try #require(try outcome.object["checks"] as? [[String: Any]])
    #expect(checks.count > 20)
    #expect(checks.allSatisfy { $0["ok"] as? Bool == true })
  }

  @Test func `built-in pipelines read back as they are printed`() throws {
    let folder = try TemporaryFolder()
    let samples = try Samples.motorImagery.get()
    let path = folder.path("mine.yaml")
    let yaml = try Tool.run("pipelines", "csp-lda").output
    try yaml.write(toFile: path, atomically: true, encoding: .utf8)
    let builtIn = try Tool.run("evaluate", samples.run1, "--pipeline", "csp-lda", "--json", "--quiet").output
    #expect(try Tool.run("evaluate", samples.run1, "--pipeline", path, "--json", "--quiet").output == builtIn)
    try yaml.replacingOccurrences(of: "order: 4", with: "zero-phase: true").write(toFile: path, atomically: true, encoding: .utf8)
    let refused = try Tool.run("evaluate", samples.run1, "--pipeline", path)
    #expect(refused.status == 65)
    #expect(refused.errors.contains("zero-phase"))
    #expect(refused.errorLines.count == 1)
  }

  /// The numbers of an array file.
  private func doubles(_ path: String) throws -> [Double] {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
    return bytes[start...].withUnsafeBytes { raw in
      (0..<raw.count / 8).map { Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))) }
    }
  }
}
