import CAllocationCount
import MinhangBCI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Workload {
  /// What a live decoder does, block by block.
  static let liveWorkloads: [Workload] = [
    Workload(
      name: "live_broadband",
      summary: "1024 channels at 30 kHz, 2000 blocks of 1 ms: a band-pass and the running power of three bands, all of order 4",
      run: { _ in
        let live = try LiveBroadband()
        return Run(body: { live.run() }, details: live.details)
      }),
    liveStages,
  ]
}

/// A stream of many channels at a high rate through a band-pass and the running power of three bands, on the caller's thread.
private final class LiveBroadband {
  private static let channels = 1024
  private static let sampleRate = 30_000.0
  private static let blockLength = 30
  private static let blocks = 2000
  private static let bands: [ClosedRange<Double>] = [60...150, 300...1000, 1000...6000]

  /// What arrives, again and again.
  private let arriving: [SignalBlock]
  private var block = SignalBlock(channelCount: channels, sampleCount: blockLength)
  private var bandPass: CausalFilter
  private var bandPower: RunningBandPower
  private let powers = UnsafeMutableBufferPointer<Double>.allocate(capacity: channels * bands.count)
  private var position = 0
  private var seconds: [Double] = []
  private var processorSeconds: [Double] = []
  private var allocations = 0
  private var blocksCounted = 0

  init() throws {
    var generator = SeededGenerator(seed: 0)
    arriving = (0..<20).map { _ in
      SignalBlock(contiguous: (0..<(Self.channels * Self.blockLength)).map { _ in generator.nextNormal() }, channelCount: Self.channels)
    }
    bandPass = CausalFilter(try Butterworth.filter(order: 4, .bandPass(1...7500), sampleRate: Self.sampleRate))
    // The mean of the last 100 ms, anew every millisecond.
    bandPower = try RunningBandPower(
      sampleRate: Self.sampleRate, channelCount: Self.channels, bands: Self.bands, order: 4, windowLength: 3000, step: Self.blockLength)
    seconds.reserveCapacity(1 << 20)
    processorSeconds.reserveCapacity(1 << 20)
    let before = allocation_count()
    keep([Double](repeating: 1, count: 1000))
    guard allocations_are_counted() == 0 || allocation_count() > before else {
      throw BenchmarkError(description: "allocations are not counted: the C library's functions were not replaced")
    }
  }

  deinit { powers.deallocate() }

  /// Runs 2000 blocks of the stream, which goes on from run to run; the first run is not counted.
  func run() {
    let isStarted = position > 0
    let before = allocation_count()
    let clock = ContinuousClock()
    for _ in 0..<Self.blocks {
      let begun = Self.processorTime()
      let taken = clock.measure { step() }
      guard isStarted else { continue }
      processorSeconds.append(Self.processorTime() - begun)
      seconds.append(taken / .seconds(1))
    }
    guard isStarted else { return }
    allocations += allocation_count() - before
    blocksCounted += Self.blocks
  }

  /// Seconds that the processor has spent on this thread.
  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  private func step() {
    let count = Self.channels * Self.blockLength
    arriving[position % arriving.count].withUnsafeStorage { source, _ in
      block.withUnsafeMutableStorage { target, _ in target.update(from: source, count: count) }
    }
    block.firstSample = position * Self.blockLength
    position += 1
    bandPass.process(&block)
    bandPower.process(block) { [powers] in $0.copy(to: powers) }
  }

  func details(leastSeconds: Double) -> [(key: String, value: String)] {
    seconds.sort()
    processorSeconds.sort()
    let signalSeconds = Double(Self.blocks * Self.blockLength) / Self.sampleRate
    let isCounted = allocations_are_counted() != 0
    return [
      ("real_time_factor", "\(signalSeconds / leastSeconds)"),
      ("p99_seconds", "\(seconds[seconds.count * 99 / 100])"),
      ("processor_p99_seconds", "\(processorSeconds[processorSeconds.count * 99 / 100])"),
      ("allocations_per_block", isCounted ? "\(Double(allocations) / Double(blocksCounted))" : "null"),
    ]
  }
}
