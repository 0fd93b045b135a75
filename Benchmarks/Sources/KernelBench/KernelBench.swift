import ArgumentParser

/// Times the library's kernels, one JSON line a workload.
@main
struct KernelBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel-bench", abstract: "Time the library's kernels: one JSON line a workload, seconds for one run.")

  @Flag(help: "List the workloads and what they do.")
  var list = false

  @Option(help: ArgumentHelp("The workload to time; may be given several times. Without it, all.", valueName: "name"))
  var workload: [String] = []

  @Flag(help: "Fail where a workload is not as it must be, such as a live stage that allocates.")
  var check = false

  @Option(help: ArgumentHelp("Runs to time, after one that is not.", valueName: "count"))
  var `repeat` = 5

  @Option(help: ArgumentHelp("Worker threads, where a workload can use them.", valueName: "count"))
  var threads = 1

  @Option(
    help: ArgumentHelp(
      "The recording for a reading workload; default: the one the peers' script makes in the temporary folder.", valueName: "path"))
  var file: String?

  mutating func validate() throws {
    guard `repeat` >= 1 else { throw ValidationError("--repeat is \(`repeat`); expected at least 1") }
    guard threads >= 1 else { throw ValidationError("--threads is \(threads); expected at least 1") }
    for name in workload where !Workload.all.contains(where: { $0.name == name }) {
      throw ValidationError("no workload is called '\(name)'; --list shows them all")
    }
  }

  mutating func run() throws {
    if list {
      for item in Workload.all { print(item.name + String(repeating: " ", count: max(1, 18 - item.name.count)) + item.summary) }
      return
    }
    for item in Workload.all where workload.isEmpty || workload.contains(item.name) {
      let timed = try item.prepare(Workload.Settings(threads: threads, file: file))
      try timed.body()
      let clock = ContinuousClock()
      var seconds: [Double] = []
      for _ in 0..<`repeat` { seconds.append(try clock.measure { try timed.body() } / .seconds(1)) }
      seconds.sort()
      let keys = [
        ("workload", "\"\(item.name)\""), ("seconds_min", "\(seconds[0])"), ("seconds_median", "\(seconds[seconds.count / 2])"),
        ("threads", "\(threads)"),
      ]
      let line = (keys + timed.details(seconds[0])).map { "\"\($0.0)\":\($0.1)" }
      print("{\(line.joined(separator: ","))}")
      if check, let failure = timed.failure() { throw BenchmarkError(description: "\(item.name): \(failure)") }
    }
  }
}
