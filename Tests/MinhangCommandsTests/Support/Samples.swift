import Foundation

/// Recordings and models that the tests make once, with the command line itself, and share.
enum Samples {
  /// Two simulated runs of one person, their files named as runs, and a model trained on the first.
  struct MotorImagery: Sendable {
    let folder: TemporaryFolder
    let run1: String
    let run2: String
    let model: String
  }

  /// A person whose imagined hands are told apart well, 16 channels at 128 Hz, 20 trials a run.
  static let motorImagery: Result<MotorImagery, any Error> = Result {
    let folder = try TemporaryFolder()
    let made = MotorImagery(
      folder: folder, run1: folder.path("S001R01.edf"), run2: folder.path("S001R02.edf"), model: folder.path("hands.minhang"))
    for (run, seed) in [(made.run1, "1"), (made.run2, "2")] {
      let words = ["simulate", run, "--subject", "1", "--trials", "20", "--channels", "16", "--rate", "128", "--snr", "6", "--seed", seed]
      try succeed(words + ["--quiet"])
    }
    try succeed(["train", made.run1, "--pipeline", "csp-lda", "-o", made.model, "--quiet"])
    return made
  }

  private static func succeed(_ words: [String]) throws {
    let outcome = try Tool.run(words)
    guard outcome.status == 0 else {
      throw Failure(description: "\(words.joined(separator: " ")): status \(outcome.status): \(outcome.errors)")
    }
  }

  struct Failure: Error, CustomStringConvertible { var description: String }
}

/// The shared recordings, or the reason why there are none.
enum SharedData {
  /// The folder of real recordings beside the package, or nil with a printed reason.
  static func folder(_ name: String) -> String? {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    let folder = root.deletingLastPathComponent().appendingPathComponent("shared/data/\(name)")
    if FileManager.default.fileExists(atPath: folder.path) { return folder.path }
    print("skipped: ../shared/data/\(name) is not there")
    return nil
  }
}
