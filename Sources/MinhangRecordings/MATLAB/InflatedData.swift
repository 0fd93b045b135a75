import MinhangCore
import Synchronization

/// The content of a zlib stream in a file, read at any place without holding all of it.
///
/// One pass at opening finds its size and checks its sum, and keeps places from which inflation can begin again, each with the 32 KiB before it: at
/// most about 8 MiB of them. Whoever reads on goes on where the last reading ended; whoever jumps begins at the place before.
final class InflatedData: Sendable {
  static let leastStep = 1 << 20
  private static let mostCheckpoints = 256

  /// How the stream ended.
  let end: Inflation.End
  /// Bytes that can be inflated.
  let byteCount: Int

  private let source: ArraySource
  private let path: String
  /// Bytes that are kept of what was read last.
  private let kept: Int
  private let checkpoints: [Inflation.Checkpoint]
  private let state: Mutex<Inflation>

  /// - Parameters:
  ///   - source: The stream with its head of two bytes, checked by the caller.
  ///   - limit: The most bytes that are inflated.
  ///   - leastStep: Bytes between two places from which inflation can begin, more where there would be too many; as many are kept.
  init(_ source: ArraySource, limit: Int, path: String, leastStep: Int = InflatedData.leastStep) throws(RecordingError) {
    self.source = source
    self.path = path
    kept = leastStep
    let first = Inflation.Checkpoint(bit: 16, outputCount: 0, window: [])
    var found = [first]
    let step = max(leastStep, limit / Self.mostCheckpoints)
    var inflation = Inflation(source, from: first, size: limit)
    var sum: UInt32 = 1
    var progress = Inflation.Progress.paused
    while progress == .paused {
      let before = inflation.outputCount
      progress = inflation.run(until: before + min(leastStep, 1 << 16), isPausedByBlocks: true)
      sum = Inflation.checkSum(inflation.output.suffix(inflation.outputCount - before), from: sum)
      if inflation.outputCount - found[found.count - 1].outputCount >= step, let checkpoint = inflation.checkpoint {
        found.append(checkpoint)
      }
      if inflation.output.count > 1 << 20 { inflation.drop(keeping: 32_768) }
    }
    if let failure = inflation.failure { throw failure }
    byteCount = inflation.outputCount
    end = progress == .broken ? .broken : inflation.storedCheckSum() == sum ? .whole : .checkSum
    checkpoints = found
    state = Mutex(Inflation(source, from: first, size: byteCount))
  }

  /// Fills a buffer with the bytes from a place on.
  ///
  /// - Precondition: they are within `byteCount`.
  func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(RecordingError) {
    precondition(offset >= 0 && offset <= byteCount - target.count, "bytes \(offset) + \(target.count) of \(byteCount)")
    let failure = state.withLock { inflation -> RecordingError? in
      var (low, high) = (0, checkpoints.count)
      while high - low > 1 {
        let middle = (low + high) / 2
        if checkpoints[middle].outputCount <= offset { low = middle } else { high = middle }
      }
      // Behind, or so far ahead that beginning anew is nearer.
      if offset < inflation.droppedCount || checkpoints[low].outputCount > inflation.outputCount {
        inflation = Inflation(source, from: checkpoints[low], size: byteCount)
      }
      var done = 0
      while done < target.count {
        let next = offset + done
        if next < inflation.outputCount {
          let part = min(target.count - done, inflation.outputCount - next)
          let start = next - inflation.droppedCount
          inflation.output.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(rebasing: target[done..<done + part]).copyMemory(
              from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + part]))
          }
          done += part
          continue
        }
        if inflation.output.count > 2 * kept { inflation.drop(keeping: kept) }
        let before = inflation.outputCount
        _ = inflation.run(until: min(byteCount, before + min(kept, 1 << 18)))
        if inflation.outputCount == before {
          return inflation.failure
            ?? RecordingError(
              .inputOutput, path: path, "the compressed data cannot be inflated again at byte \(before): has the file changed?")
        }
      }
      return nil
    }
    if let failure { throw failure }
  }
}
