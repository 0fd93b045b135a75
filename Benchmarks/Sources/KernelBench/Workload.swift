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
  let prepare: @Sendable (Settings) throws -> () throws -> Void

  /// All of them, in the order of the list.
  static let all = signalWorkloads + spectraWorkloads + decodingWorkloads + readingWorkloads + limits + twins
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
