import Foundation
import MinhangBCI
import Testing

/// One path: what `decode` says is what `stream` says, whatever the pace, the blocks and the threads.
struct DecodeTests {
  @Test func `blocks, threads, speed and standard input give the same bytes`() throws {
    let samples = try Samples.motorImagery.get()
    let reference = try Tool.run("decode", samples.run2, "--model", samples.model)
    #expect(reference.status == 0, "\(reference.errors)")
    for words in [["--block", "1"], ["--block", "7"], ["--block", "32", "--threads", "2"], ["--block", "1000000"], ["--threads", "2"]] {
      #expect(try Tool.run(["decode", samples.run2, "--model", samples.model] + words).output == reference.output, "\(words)")
    }
    #expect(try Tool.run("stream", samples.run2, "--model", samples.model, "--speed", "max").output == reference.output)
    let short = try Tool.run("decode", samples.run2, "--model", samples.model, "--crop", "0:5")
    #expect(try Tool.run("stream", samples.run2, "--model", samples.model, "--crop", "0:5", "--speed", "2").output == short.output)
    #expect(short.lines.count > 3)
  }

  @Test func `the stream begins with its header, ends with its summary and judges each trial as evaluate does`() throws {
    let samples = try Samples.motorImagery.get()
    let lines = try Tool.run("decode", samples.run2, "--model", samples.model).lines.map { try object($0) }
    #expect(lines.first?["type"] as? String == "header")
    #expect(lines.first?["schema"] as? String == "minhang.stream/1")
    #expect(lines.first?["source_sha256"] as? String == (try ContentDigest.sha256(ofFile: samples.run2)))
    #expect(lines.first?["model_sha256"] as? String == (try ContentDigest.sha256(ofFile: samples.model)))
    #expect(lines.last?["type"] as? String == "summary")
    #expect(lines.last?["trials"] as? Int == 20)
    // Train on the first run, test on the second: the very same probabilities.
    let evaluation = try Tool.run(
      "evaluate", samples.run1, samples.run2, "--scheme", "train-test", "--json", "--predictions", "--quiet"
    ).object
    let pipelines = evaluation["pipelines"] as? [[String: Any]]
    let predictions = try #require(pipelines?.first?["predictions"] as? [[String: Any]])
    let trials = lines.filter { $0["type"] as? String == "trial" }
    #expect(predictions.count == 20)
    for (trial, prediction) in zip(trials, predictions) {
      #expect(trial["onset"] as? Double == prediction["onset"] as? Double)
      #expect(trial["probabilities"] as? [String: Double] == prediction["probabilities"] as? [String: Double])
    }
    #expect(lines.last?["correct"] as? Int == predictions.filter { $0["label"] as? String == $0["intent"] as? String }.count)
  }

  @Test func `raw frames on standard input are decoded like the file they come from`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    var reader = try Recording.open(path: samples.run2)
    let count = 1500
    let block = try reader.read(0..<count, of: Array(reader.recording.channels.indices))
    var frames = Data()
    for i in 0..<count {
      for c in 0..<block.channelCount {
        withUnsafeBytes(of: block[channel: c, sample: i].bitPattern.littleEndian) { frames.append(contentsOf: $0) }
      }
    }
    let names = reader.recording.channels.map(\.name)
    let header = try JSONSerialization.data(withJSONObject: ["sampling_rate": 128, "channels": names, "format": "float64", "unit": "uV"])
    let described = try Tool.run(["stream", "-", "--model", samples.model], input: header + Data("\n".utf8) + frames)
    #expect(described.status == 0, "\(described.errors)")
    let options = ["--rate", "128", "--frame-channels", names.joined(separator: ","), "--format", "float64"]
    #expect(try Tool.run(["stream", "-", "--model", samples.model] + options, input: frames).output == described.output)
    let decisions = described.lines.filter { $0.contains("\"decision\"") }
    let crop = "0:\(Double(count) / 128)"
    let offline = try Tool.run("decode", samples.run2, "--model", samples.model, "--crop", crop).lines.filter {
      $0.contains("\"decision\"")
    }
    #expect(decisions == offline)
    // Five bytes too many are said, not swallowed.
    let cut = try Tool.run(["stream", "-", "--model", samples.model] + options, input: frames + Data([1, 2, 3, 4, 5]))
    #expect(cut.errors.contains("minhang: warning: -: the last 5 bytes are not a whole frame"))
    _ = folder
  }

  @Test func `a model that does not fit is refused by name`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    let few = folder.path("few.edf")
    #expect(try Tool.run("convert", samples.run2, few, "--channels", "C3,C4").status == 0)
    let missing = try Tool.run("decode", few, "--model", samples.model)
    #expect(missing.status == 65)
    #expect(missing.errorLines.count == 1)
    #expect(missing.errors.contains("channels are missing"))
    let fast = folder.path("fast.edf")
    let words = ["simulate", fast, "--trials", "2", "--channels", "16", "--rate", "256", "--quiet"]
    #expect(try Tool.run(words).status == 0)
    let rate = try Tool.run("decode", fast, "--model", samples.model)
    #expect(rate.status == 65)
    #expect(rate.errors.contains("256 Hz") && rate.errors.contains("128 Hz"))
    // Another order of the channels is no reason to refuse: they are matched by name, and the opinions stay the same.
    let turned = folder.path("turned.edf")
    let names = try Recording.open(path: samples.run2).recording.channels.map(\.name)
    #expect(try Tool.run("convert", samples.run2, turned, "--channels", names.reversed().joined(separator: ",")).status == 0)
    let original = try Tool.run("decode", samples.run2, "--model", samples.model).lines.dropFirst()
    #expect(try Tool.run("decode", turned, "--model", samples.model).lines.dropFirst() == original)
  }

  @Test func `a damaged model is refused with one line`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    let path = folder.path("damaged.minhang")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: samples.model))
    bytes[bytes.count / 2] ^= 0x40
    try bytes.write(to: URL(fileURLWithPath: path))
    let outcome = try Tool.run("decode", samples.run2, "--model", path)
    #expect(outcome.status == 65)
    #expect(outcome.errorLines.count == 1)
    #expect(try Tool.run("decode", samples.run2, "--model", folder.path("none.minhang")).status == 66)
  }

  @Test func `latency is only said when asked for, and a missed deadline is status 82`() throws {
    let samples = try Samples.motorImagery.get()
    let plain = try Tool.run("decode", samples.run2, "--model", samples.model, "--step", "1")
    #expect(!plain.output.contains("\"latency\","))
    let timed = try Tool.run("decode", samples.run2, "--model", samples.model, "--step", "1", "--latency")
    #expect(timed.lines.filter { !$0.hasPrefix(#"{"type":"latency""#) } == plain.lines)
    #expect(timed.lines.count == plain.lines.count + 1)
    let late = try Tool.run("decode", samples.run2, "--model", samples.model, "--step", "1", "--deadline", "0.000001")
    #expect(late.status == 82)
    #expect(late.errorLines.count == 1)
  }

  @Test func `lines go to a file whole or not at all`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    let path = folder.path("stream.jsonl")
    #expect(try Tool.run("decode", samples.run2, "--model", samples.model, "-o", path).status == 0)
    let written = try String(contentsOfFile: path, encoding: .utf8)
    #expect(written == (try Tool.run("decode", samples.run2, "--model", samples.model).output))
    #expect(try Tool.run("decode", samples.run2, "--model", samples.model, "-o", path).status == 73)
    #expect(try Tool.run("decode", samples.run2, "--model", samples.model, "-o", samples.run2, "--force").status == 73)
  }

  private func object(_ line: Substring) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
  }
}
