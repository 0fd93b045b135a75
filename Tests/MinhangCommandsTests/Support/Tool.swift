import Foundation

/// The built `minhang`, run as a script would run it.
enum Tool {
  /// What a run came to.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String

    /// The lines on standard error that say `minhang: error:`.
    var errorLines: [Substring] { errors.split(separator: "\n").filter { $0.hasPrefix("minhang: error:") } }
    /// The lines on standard output.
    var lines: [Substring] { output.split(separator: "\n") }
    /// Standard output as one JSON value.
    var json: Any { get throws { try JSONSerialization.jsonObject(with: Data(output.utf8)) } }
    /// Standard output as one JSON object.
    var object: [String: Any] { get throws { try json as? [String: Any] ?? [:] } }
  }

  /// Beside the test bundle, where the package manager puts every product.
  private static let executable: URL = {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    var folder = URL(fileURLWithPath: bundle).deletingLastPathComponent()
    for _ in 0..<5 where !FileManager.default.isExecutableFile(atPath: folder.appendingPathComponent("minhang").path) {
      folder.deleteLastPathComponent()
    }
    return folder.appendingPathComponent("minhang")
  }()

  /// Runs the command line with these words.
  ///
  /// - Parameters:
  ///   - fileSizeLimit: Blocks of 1024 bytes that a file may have: what a full disk does.
  ///   - outputPath: Where standard output goes instead of into the outcome.
  ///   - isPiped: Whether the input comes through a pipe instead of a file.
  static func run(
    _ words: [String], input: Data? = nil, environment: [String: String] = [:], fileSizeLimit: Int? = nil, outputPath: String? = nil,
    isPiped: Bool = false
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = executable
    process.arguments = words
    if let fileSizeLimit {
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-c", "ulimit -f \(fileSizeLimit) && exec \"$0\" \"$@\"", executable.path] + words
    }
    if isPiped {
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-c", "cat | \"$0\" \"$@\"", executable.path] + words
    }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Files, not pipes: a pipe that nobody drains stops its writer.
    let folder = try TemporaryFolder()
    let (out, err, source) = (folder.path("stdout"), folder.path("stderr"), folder.path("stdin"))
    for path in [out, err] { try Data().write(to: URL(fileURLWithPath: path)) }
    try (input ?? Data()).write(to: URL(fileURLWithPath: source))
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: outputPath ?? out))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: err))
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: source))
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
      output: try String(contentsOfFile: out, encoding: .utf8), errors: try String(contentsOfFile: err, encoding: .utf8))
  }

  static func run(_ words: String...) throws -> Outcome { try run(words) }
}

/// A folder that lasts as long as the value.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("minhang-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The path of a file in the folder.
  func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}
