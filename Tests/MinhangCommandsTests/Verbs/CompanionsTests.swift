import Foundation
import MinhangBCI
import Testing

/// A recording of several files: all of them are evidence, and none of them is ever an output.
struct CompanionsTests {
  private func recording(_ folder: TemporaryFolder, _ suffix: String) throws -> String {
    let (source, path) = (folder.path("source.edf"), folder.path("run.\(suffix)"))
    #expect(
      try Tool.run("simulate", source, "--paradigm", "motor-imagery", "--trials", "12", "--channels", "8", "--seed", "3", "--quiet").status
        == 0)
    #expect(try Tool.run("convert", source, path, "--quiet").status == 0)
    return path
  }

  @Test(arguments: [("vhdr", ["run.eeg", "run.vmrk"]), ("csv", ["run.csv.json"]), ("npy", ["run.npy.json"]), ("edf", [])])
  func `info names and hashes them`(suffix: String, names: [String]) throws {
    let folder = try TemporaryFolder()
    let path = try recording(folder, suffix)
    let info = try JSONSerialization.jsonObject(with: Data(try Tool.run("info", "--json", path).output.utf8)) as? [String: Any]
    let companions = (info?["companions"] as? [[String: String]]) ?? []
    #expect(companions.map { $0["path"] } == names.map { folder.path($0) })
    #expect(try companions.map { $0["sha256"] } == names.map { try ContentDigest.sha256(ofFile: folder.path($0)) })
  }

  @Test func `a model's record and the stream's header hold them, and sizes are those of the files themselves`() throws {
    let folder = try TemporaryFolder()
    let path = try recording(folder, "vhdr")
    let model = folder.path("run.minhang")
    #expect(try Tool.run("train", path, "--pipeline", "csp-lda", "-o", model, "--quiet").status == 0)
    let files = try DecoderModel(path: model).training.files
    #expect(files.map(\.name) == ["run.vhdr", "run.eeg", "run.vmrk"])
    for file in files {
      let content = try Data(contentsOf: URL(fileURLWithPath: folder.path(file.name)))
      #expect(file.bytes == content.count && file.sha256 == ContentDigest.sha256(of: Array(content)))
    }
    let header = try Tool.run("decode", path, "--model", model).output.split(separator: "\n").first ?? ""
    #expect(header.contains("\"source_companions\":[{\"path\":\"\(folder.path("run.eeg"))\",\"sha256\":\"\(files[1].sha256)\"}"))
  }

  @Test func `the size of a file behind a link is the file's`() throws {
    let folder = try TemporaryFolder()
    let (path, link, model) = (try recording(folder, "edf"), folder.path("link.edf"), folder.path("run.minhang"))
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    #expect(try Tool.run("train", link, "--pipeline", "csp-lda", "-o", model, "--quiet").status == 0)
    #expect(try DecoderModel(path: model).training.files.map(\.bytes) == [try Data(contentsOf: URL(fileURLWithPath: path)).count])
  }

  @Test(arguments: ["run.eeg", "run.vmrk"])
  func `none is replaced, even by force`(name: String) throws {
    let folder = try TemporaryFolder()
    let path = try recording(folder, "vhdr")
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.path(name)))
    let outcome = try Tool.run("train", path, "--pipeline", "csp-lda", "--force", "-o", folder.path(name))
    #expect(outcome.status == 73 && outcome.errors.contains("is an input"), "\(outcome.status) \(outcome.errors)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path(name))) == before)
  }
}
