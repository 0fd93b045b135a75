import MinhangBCI

/// One thing to be timed.
struct Workload: Sendable {
  /// What the workloads need to know.
  struct Settings: Sendable {
    /// Worker threads, where a workload can use them.
    var threads: Int
    /// The recording for the reading workloads; nil: the one that the peers' script makes.
    var file: String?
  }

  /// The name, as the peers' script has it.
  let name: String
  /// One line on what it does.
  let summary: String
  /// Makes the data (not timed) and returns what is timed.
  let prepare: @Sendable (Settings) throws -> Run

  /// What is timed, and what it has to tell besides its time.
  struct Run {
    /// Runs once.
    var body: () throws -> Void
    /// Further keys of the JSON line, with their values as JSON, from the least time of a run in seconds; asked for after the last run.
    var details: (Double) -> [(key: String, value: String)] = { _ in [] }
    /// What is not as it must be, in words; asked for after the last run.
    var failure: () -> String? = { nil }
  }

  /// Makes a workload that has nothing to tell but its time.
  init(name: String, summary: String, prepare: @escaping @Sendable (Settings) throws -> () throws -> Void) {
    self.init(name: name, summary: summary, run: { Run(body: try prepare($0)) })
  }

  /// Makes a workload.
  init(name: String, summary: String, run: @escaping @Sendable (Settings) throws -> Run) {
    self.name = name
    self.summary = summary
    prepare = run
  }

  /// All of them, in the order of the list.
  static let all = signalWorkloads + spectraWorkloads + decodingWorkloads + liveWorkloads + readingWorkloads + limits + twins
}

/// The shapes of the peers' script.
enum Shape {
  static let channels = 64
  static let sampleRate = 250.0
  static let samples = 150_000

  /// Standard normal samples, `[64 × samples]`.
  static func block(samples: Int = samples) -> SignalBlock {
    var block = SignalBlock(channelCount: channels, sampleCount: samples)
    for channel in 0..<channels {
      var generator = SeededGenerator(seed: 0, stream: UInt64(channel))
      block.withUnsafeMutableStorage { values, stride in
        for i in 0..<samples { values[channel * stride + i] = generator.nextNormal() }
      }
    }
    return block
  }
}

/// Keeps a result from being optimised away.
@inline(never)
func keep<Value>(_ value: borrowing Value) {}
