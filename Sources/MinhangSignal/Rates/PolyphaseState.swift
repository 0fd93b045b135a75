import CMinhangKernels
import MinhangAlgebra

/// A running resampler: the last input samples of eight channels side by side, and the place of the next output among them.
///
/// All groups of channels walk in step, so one place serves all.
struct PolyphaseState: Sendable {
  /// Channels in one group of the kernel.
  static let lanes = Int(MINHANG_LANES)

  /// Where the next output stands, in a buffer of interleaved samples.
  private struct Cursor {
    /// Samples in the buffer.
    var filled = 0
    /// Place of the newest sample that the next output uses; not before `filled`, once the outputs of the samples there were taken.
    var newest = 0
    var phase = 0
  }

  let bank: PolyphaseBank
  private(set) var channelCount = 0
  /// Samples that a group's buffer holds: the history, and at least as many again, so that moving the history costs little a sample.
  private let capacity: Int
  /// `[group][sample][lane]`.
  private var buffer: [Double] = []
  private var cursor = Cursor()

  init(_ bank: PolyphaseBank) {
    self.bank = bank
    capacity = bank.history + max(256, bank.history)
  }

  private var groups: Int { (channelCount + Self.lanes - 1) / Self.lanes }

  /// Begins a stretch: a history of zeros, and the first output `distance` steps of `1 / up` samples after the first input sample.
  ///
  /// Memory is taken only where the number of channels is new.
  mutating func start(channelCount: Int, distance: Int) {
    self.channelCount = channelCount
    let size = groups * capacity * Self.lanes
    if buffer.count == size {
      buffer.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    } else {
      buffer = [Double](repeating: 0, count: size)
    }
    let place = distance + bank.advance
    cursor = Cursor(filled: bank.history, newest: bank.history + place / bank.ratio.up, phase: place % bank.ratio.up)
  }

  /// Sets the history of a channel: sample `k` before the first one, `k = 1…history`.
  mutating func setHistory(channel: Int, _ value: (Int) -> Double) {
    let base = channel / Self.lanes * capacity * Self.lanes + channel % Self.lanes
    for k in 0..<bank.history { buffer[base + (bank.history - 1 - k) * Self.lanes] = value(k + 1) }
  }

  /// The newest input sample of a channel.
  func newestSample(channel: Int) -> Double {
    let base = channel / Self.lanes * capacity * Self.lanes + channel % Self.lanes
    return cursor.filled == 0 ? 0 : buffer[base + (cursor.filled - 1) * Self.lanes]
  }

  /// Number of outputs that come out when `count` more samples go in.
  func outputCount(adding count: Int) -> Int { Self.outputCount(bank.ratio, cursor, filled: cursor.filled + count) }

  private static func outputCount(_ ratio: ResamplingRatio, _ cursor: Cursor, filled: Int) -> Int {
    let (up, down) = (ratio.up, ratio.down)
    // Output k uses samples up to (newest · up + phase + k · down) / up.
    let steps = (filled - cursor.newest) * up - cursor.phase
    return steps > 0 ? (steps + down - 1) / down : 0
  }

  /// Takes in `count` samples of every channel and hands out the outputs that they complete, at most `limit`.
  ///
  /// Channel `c` of the input starts at `input + c * stride`, of the output at `output + c * outputStride`. Where `limit` cuts outputs off,
  /// the stretch must be started anew.
  ///
  /// - Returns: Number of outputs of each channel.
  @discardableResult
  mutating func run(
    _ input: UnsafePointer<Double>, stride: Int, count: Int, into output: UnsafeMutablePointer<Double>, outputStride: Int,
    limit: Int = .max, threads: Int = 1
  ) -> Int {
    let produced = min(outputCount(adding: count), limit)
    let (channels, bank, capacity, start) = (channelCount, bank, capacity, cursor)
    var end = cursor
    buffer.withUnsafeMutableBufferPointer { buffer in
      // No two groups touch the same samples.
      nonisolated(unsafe) let (rows, results, buffers) = (input, output, buffer.baseAddress!)
      @Sendable func run(_ group: Int) -> Cursor {
        let first = group * Self.lanes
        return Self.run(
          bank, capacity, start, buffers + group * capacity * Self.lanes, channels: min(Self.lanes, channels - first),
          rows + first * stride, stride, count,
          results + first * outputStride, outputStride, limit)
      }
      let groups = (channels + Self.lanes - 1) / Self.lanes
      if threads > 1 {
        end = concurrentMap(count: groups, threads: threads) { group in run(group) }.last ?? start
      } else {
        for group in 0..<groups { end = run(group) }
      }
    }
    cursor = end
    return produced
  }

  /// Runs one group of up to eight channels from a place on; the same steps whatever the cutting, so that only the place moves.
  private static func run(
    _ bank: PolyphaseBank, _ capacity: Int, _ start: Cursor, _ buffer: UnsafeMutablePointer<Double>, channels: Int,
    _ rows: UnsafePointer<Double>, _ stride: Int, _ count: Int,
    _ results: UnsafeMutablePointer<Double>, _ resultStride: Int, _ limit: Int
  ) -> Cursor {
    var cursor = start
    var (done, produced) = (0, 0)
    let (up, down) = (bank.ratio.up, bank.ratio.down)
    bank.taps.withUnsafeBufferPointer { taps in
      while done < count {
        if cursor.filled == capacity {
          // To the front, where room is; the ranges may overlap.
          let shift = cursor.filled - bank.history
          buffer.update(from: buffer + shift * lanes, count: bank.history * lanes)
          cursor.filled -= shift
          cursor.newest -= shift
        }
        let added = min(count - done, capacity - cursor.filled)
        minhang_interleave(rows + done, stride, Int32(channels), added, buffer + cursor.filled * lanes)
        cursor.filled += added
        done += added
        let outputs = min(outputCount(bank.ratio, cursor, filled: cursor.filled), limit - produced)
        guard outputs > 0 else { continue }
        minhang_resample(
          buffer, cursor.newest, cursor.phase, up, down, taps.baseAddress!, bank.length, outputs, results + produced, resultStride,
          Int32(channels))
        let steps = cursor.phase + outputs * down
        cursor.newest += steps / up
        cursor.phase = steps % up
        produced += outputs
      }
    }
    return cursor
  }
}
