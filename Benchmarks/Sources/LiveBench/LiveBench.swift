import ArgumentParser
import CAllocationCount
import MinhangBCI

/// A live broadband stream on one thread: how much faster than the amplifier, the slowest blocks, and what they allocate.
@main
struct LiveBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "live-bench",
    abstract: "A band-pass and the running band power of three bands, block after block: one JSON line.",
    discussion: "Each block is copied in, as from an amplifier, filtered in place, and its band powers are read out. One thread.")

  @Option(help: "Channels.") var channels = 1024
  @Option(help: "Samples a second.") var rate = 30_000.0
  @Option(help: "Samples of a block.") var block = 30
  @Option(help: "Blocks to time.") var blocks = 20_000
  @Option(help: "Order of every band-pass; as many sections.") var order = 4
  @Option(help: "Steps (of one block each) in the window of the running mean.") var steps = 100

  mutating func run() throws {
    let bandPass = try Butterworth.filter(order: order, .bandPass((rate / 30_000)...(rate / 4)), sampleRate: rate)
    var stage = CausalFilter(bandPass)
    var power = try RunningBandPower(
      sampleRate: rate, channelCount: channels,
      bands: [(rate / 500)...(rate / 200), (rate / 100)...(rate / 30), (rate / 30)...(rate / 5)], order: order, windowLength: steps * block,
      step: block)
    // A second of noise, over and over.
    let length = max(block, Int(rate) / block * block / 10)
    var source = SignalBlock(channelCount: channels, sampleCount: length)
    for channel in 0..<channels {
      var generator = SeededGenerator(seed: 0, stream: UInt64(channel))
      source.withUnsafeMutableStorage { values, stride in
        for i in 0..<length { values[channel * stride + i] = 50 * generator.nextNormal() }
      }
    }
    var piece = SignalBlock(channelCount: channels, sampleCount: block)
    var readings = [Double](repeating: 0, count: channels * 3)
    let clock = ContinuousClock()
    var times = [Double](repeating: 0, count: blocks)
    var (allocations, readingCount) = (0, 0)
    let warmup = steps + 10
    for i in -warmup..<blocks {
      let before = allocation_count()
      let start = clock.now
      piece.firstSample = (i + warmup) * block
      let offset = (i + warmup) * block % length
      source.withUnsafeStorage { from, fromStride in
        piece.withUnsafeMutableStorage { to, toStride in
          for c in 0..<channels { (to + c * toStride).update(from: from + c * fromStride + offset, count: block) }
        }
      }
      stage.process(&piece)
      power.process(piece) { reading in
        readings.withUnsafeMutableBufferPointer { reading.copy(to: $0) }
        readingCount += 1
      }
      let time = clock.now - start
      guard i >= 0 else { continue }
      times[i] = time / .seconds(1)
      allocations += allocation_count() - before
    }
    let total = times.reduce(0, +)
    times.sort()
    let real = Double(blocks * block) / rate
    let counted = allocations_are_counted() != 0
    print(
      "{\"workload\":\"live_broadband\",\"channels\":\(channels),\"rate\":\(rate),\"block\":\(block),\"order\":\(order),\"blocks\":\(blocks),"
        + "\"readings\":\(readingCount),\"times_real_time\":\(real / total),\"median_ms\":\(times[blocks / 2] * 1e3),"
        + "\"p99_ms\":\(times[min(blocks - 1, blocks * 99 / 100)] * 1e3),\"max_ms\":\(times[blocks - 1] * 1e3),"
        + "\"allocations\":\(counted ? "\(allocations)" : "null"),\"mean_power\":\(readings.reduce(0, +) / Double(readings.count))}")
  }
}
