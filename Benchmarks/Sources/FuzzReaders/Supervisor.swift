import Foundation
import MinhangBCI

/// The process that starts workers, watches them, and keeps what ended them.
struct Supervisor {
  /// What a seed did.
  struct Find {
    var seed: UInt64
    var what: String
    var file: String
  }

  /// Seconds of work that one file may take.
  static let timeLimit = 5.0
  /// Seconds that may pass meanwhile: a machine that is busy with other things is no fault of a reader, one that waits for ever is.
  static let waitLimit = 60.0

  let corpus: Corpus
  let corpusFolder: String
  let format: String?
  let keep: String?
  let folder: String

  /// Runs workers until the time is over.
  ///
  /// - Returns: The seeds that were tried and what was found.
  func run(from first: UInt64, seconds: Double) throws -> (seeds: UInt64, finds: [Find]) {
    let end = Date().addingTimeInterval(seconds)
    var finds: [Find] = []
    var next = first
    while Date() < end {
      let state = "\(folder)/seed"
      try Data(count: 0).write(to: URL(fileURLWithPath: state))
      let (last, what) = try watch(worker(from: next, state: state), state: state, from: next, until: end)
      next = last
      guard let what else { break }
      finds.append(try kept(last, what))
      print("seed \(last): \(finds.last!.file): \(what)")
      next = last + 1
    }
    return (next - first, finds)
  }

  private func worker(from seed: UInt64, state: String) throws -> (process: Process, output: String) {
    let output = "\(folder)/output"
    try Data().write(to: URL(fileURLWithPath: output))
    let process = Process()
    process.executableURL = Bundle.main.executableURL
    process.arguments = ["--worker", "--seed", String(seed), "--state", state, "--corpus", corpusFolder]
    if let format { process.arguments! += ["--format", format] }
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (process, output)
  }

  /// Waits for a worker to end, to hang, or for the time to be over.
  ///
  /// - Returns: The seed it was at, and what it did; nil where it was well until the end.
  private func watch(
    _ worker: (process: Process, output: String), state: String, from first: UInt64, until end: Date
  ) throws -> (UInt64, String?) {
    let id = worker.process.processIdentifier
    var (seed, since, work) = (first, Date(), 0.0)
    func current() -> UInt64 {
      guard let bytes = FileManager.default.contents(atPath: state), bytes.count == 8 else { return first }
      return bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    }
    while worker.process.isRunning {
      usleep(20_000)
      let now = current()
      if now != seed { (seed, since, work) = (now, Date(), Self.work(of: id)) }
      let passed = Date().timeIntervalSince(since)
      let isHanging = passed > Self.waitLimit || (passed > Self.timeLimit && Self.work(of: id) - work > Self.timeLimit)
      if isHanging || Date() >= end {
        // Of this process only, by its number.
        kill(id, SIGKILL)
        worker.process.waitUntilExit()
        return (current(), isHanging ? "hang: \(Int(passed)) s" : nil)
      }
    }
    worker.process.waitUntilExit()
    seed = current()
    if worker.process.terminationReason == .uncaughtSignal { return (seed, "crash: signal \(worker.process.terminationStatus)") }
    let text = (try? String(contentsOfFile: worker.output, encoding: .utf8)) ?? ""
    guard worker.process.terminationStatus == Worker.foundStatus else {
      throw FuzzFailure(description: "a worker ended with status \(worker.process.terminationStatus) at seed \(seed): \(text)")
    }
    return (seed, text.split(separator: "\n").first.map(String.init) ?? "found")
  }

  /// Seconds that a process has worked; 0 where the system does not tell, and only the time that passed counts.
  private static func work(of id: Int32) -> Double {
    // The fields behind the name, which ends with the last parenthesis: state is the third, user and system time are 14 and 15.
    guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8), let end = text.lastIndex(of: ")") else {
      return 0
    }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return .infinity }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// Saves the files of a find.
  private func kept(_ seed: UInt64, _ what: String) throws -> Find {
    let group = corpus.mutated(seed: seed)
    guard let keep else { return Find(seed: seed, what: what, file: group.opened) }
    let target = "\(keep)/\(seed)"
    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
    for member in group.members { try Data(member.bytes).write(to: URL(fileURLWithPath: "\(target)/\(member.name)")) }
    return Find(seed: seed, what: what, file: "\(target)/\(group.opened)")
  }
}
