import Foundation
import MinhangCore
import MinhangRecordings
import MinhangSignal
import Testing

@testable import MinhangDecoding

struct DecoderModelTests {
  static func model(_ name: String = "csp-lda", classes: Int = 2) throws -> DecoderModel {
    var pipeline = try Pipeline.named(name)
    pipeline.window = try TrialWindow(start: 0.5, stop: 1.7)
    let fixture = Fixtures(classes: classes).epochs()
    let epochs = Epochs(
      channels: ["Fc5", "C3", "Cz", "C4", "µ \"x\"", "Pz"], sampleRate: 100, window: try TrialWindow(start: 0.5, stop: 1.7),
      classes: fixture.classes, trials: fixture.trials, labels: fixture.labels, origins: fixture.origins)
    let map = try ClassMap(epochs.classes.enumerated().map { ClassMap.Entry(name: $1, labels: ["T\($0)"]) })
    let scores = try Evaluation(scheme: .leaveOneRunOut).run(pipeline, on: epochs)
    return try DecoderModel(
      fitting: pipeline, to: epochs, classMap: map,
      training: TrainingRecord(
        files: [TrainingRecord.File(name: "a.edf", sha256: ContentDigest.sha256(of: Array("a".utf8)), bytes: 1)],
        classCounts: epochs.classCounts,
        excludedChannels: ["Fp1"], seed: 7), evaluation: EvaluationRecord(scores, scheme: .leaveOneRunOut, seed: 7))
  }

  @Test(arguments: [("csp-lda", 2), ("csp-lda", 3), ("logvar-lda", 2)])
  func `what is written is read again, and scores with the same bits`(name: String, classes: Int) throws {
    let model = try Self.model(name, classes: classes)
    let bytes = try model.encoded()
    let copy = try DecoderModel(bytes: bytes, source: "m")
    #expect(copy.pipeline == model.pipeline && copy.channels == model.channels && copy.sampleRate == model.sampleRate)
    #expect(copy.classMap == model.classMap && copy.window == model.window && copy.filters == model.filters)
    #expect(copy.training == model.training && copy.evaluation == model.evaluation && copy.libraryVersion == Minhang.version)
    for trial in Fixtures(classes: classes, seed: 9).epochs().trials {
      #expect(copy.decoder.scores(of: trial) == model.decoder.scores(of: trial))
    }
    #expect(try copy.encoded() == bytes)
  }

  @Test func `the same training gives the same bytes`() throws {
    #expect(try Self.model().encoded() == Self.model().encoded())
  }

  @Test func `the file holds JSON and arrays, listed by name`() throws {
    let archive = try StoredArchive(bytes: Self.model().encoded())
    #expect(
      archive.entries.map(\.name) == [
        "model.json", "arrays/1.csp.filters.npy", "arrays/1.csp.patterns.npy", "arrays/2.lda.weights.npy", "arrays/2.lda.intercepts.npy",
        "arrays/2.lda.means.npy", "arrays/2.lda.covariance.npy", "arrays/2.lda.priors.npy",
      ])
    let json = try #require(try JSONSerialization.jsonObject(with: Data(archive["model.json"] ?? [])) as? [String: Any])
    #expect(json["schema"] as? String == "minhang.model/1")
    #expect(json["sampling_rate"] as? Double == 100)
    #expect((json["filters"] as? [[String: Any]])?.first?["kind"] as? String == "bandpass")
  }

  @Test func `the chain runs the sections of the file`() throws {
    let model = try Self.model()
    #expect(model.filters.compactMap { $0 } == [try Butterworth.filter(order: 4, .bandPass(8...32), sampleRate: 100)])
    var chain = try model.chain()
    var own = CausalFilter(try #require(model.filters[0]))
    var (a, b) = (Fixtures().epochs().trials[0], Fixtures().epochs().trials[0])
    chain.process(&a)
    own.process(&b)
    #expect(a == b)
  }

  @Test func `channels are matched by name, whatever their order; missing ones and another rate are refused`() throws {
    let model = try Self.model()
    func channels(_ names: [String], rate: Double = 100) -> [Channel] { names.map { Channel(index: 0, name: $0, sampleRate: rate) } }
    #expect(try model.channelIndices(in: channels(["Pz", "EXG", "µ \"x\"", "c4", "CZ..", "C3", "FC5"]), place: "f") == [6, 5, 4, 3, 2, 0])
    #expect { try model.channelIndices(in: channels(["Cz", "C3", "Pz", "µ \"x\""]), place: "rec.edf") } throws: {
      "\($0)" == "rec.edf: 2 of 6 channels are missing: Fc5, C4; expected every one of them"
    }
    #expect { try model.channelIndices(in: channels(model.channels, rate: 250), place: "rec.edf") } throws: {
      "\($0)".hasPrefix("rec.edf: channel \"Fc5\" has 250 Hz, the model was trained at 100 Hz")
    }
  }

  @Test func `a file is written whole or not at all, and not over another`() throws {
    let model = try Self.model()
    let folder = FileManager.default.temporaryDirectory.appending(path: "minhang-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "m.model").path
    try model.write(to: path)
    #expect(try DecoderModel(path: path).channels == model.channels)
    #expect(try ContentDigest.sha256(ofFile: path) == ContentDigest.sha256(of: model.encoded()))
    #expect { try model.write(to: path) } throws: { ($0 as? RecordingError)?.code == .wouldOverwrite }
    #expect(throws: Never.self) { try model.write(to: path, replacing: true) }
    #expect { try model.write(to: folder.appending(path: "no/m").path) } throws: { ($0 as? RecordingError)?.code == .cannotCreate }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["m.model"])
    for missing in [folder.appending(path: "none").path, folder.path, "/dev/null"] {
      #expect { try DecoderModel(path: missing) } throws: { ($0 as? DecodingError)?.code == .unreadable && "\($0)".hasPrefix(missing) }
    }
  }

  @Test func `digests are those of FIPS 180-4`() {
    #expect(ContentDigest.sha256(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(ContentDigest.sha256(of: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }
}
