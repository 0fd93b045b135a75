import Foundation
import Testing

@testable import MinhangRecordings

struct AtomicFileTests {
  private func folder() throws -> String {
    let path = temporaryPath("folder")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    return path
  }

  private func names(_ folder: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }

  @Test func `a file appears when it is complete, and not before`() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = try AtomicFile(path: folder + "/out")
    try file.append("ab")
    try file.write([0x58], at: 4)
    try file.append("cd")
    #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
    try file.commit()
    #expect(try names(folder) == ["out"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/out")) == Data("abcdX".utf8))
  }

  @Test func `a file that is dropped leaves nothing`() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do {
      let file = try AtomicFile(path: folder + "/out")
      try file.append("ab")
      // At most a hidden file, and none at all where the system has files without names: a program that is killed leaves nothing there.
      #expect(try !names(folder).contains("out"))
    }
    #expect(try names(folder).isEmpty)
  }

  @Test func `an existing file is refused, and replaced only when that is asked for`() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/out"
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: RecordingError.self) { try AtomicFile(path: path) }
    let file = try AtomicFile(path: path, replacing: true)
    try file.append("new")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("old".utf8))
    try file.commit()
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("new".utf8))
    #expect(try names(folder) == ["out"])
  }

  @Test func `a file that appears meanwhile is not lost`() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = try AtomicFile(path: folder + "/out")
    try file.append("new")
    try Data("other".utf8).write(to: URL(fileURLWithPath: folder + "/out"))
    let error = #expect(throws: RecordingError.self) { try file.commit() }
    #expect(error?.code == .wouldOverwrite)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/out")) == Data("other".utf8))
  }

  @Test func `an input is never the output, by whatever name`() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("in".utf8).write(to: URL(fileURLWithPath: folder + "/in"))
    #expect(symlink(folder + "/in", folder + "/alias") == 0)
    let error = #expect(throws: RecordingError.self) {
      try AtomicFile(path: folder + "/alias", replacing: true, inputs: [folder + "/in"])
    }
    #expect(error?.code == .wouldOverwriteInput && error?.message == "is an input; expected another name for the output")
  }

  @Test func `a folder, a device and a missing folder are refused`() {
    for path in [FileManager.default.temporaryDirectory.path, "/dev/null", "/nonexistent/out"] {
      let error = #expect(throws: RecordingError.self) { try AtomicFile(path: path, replacing: true) }
      #expect(error?.code == .cannotCreate)
    }
  }
}
