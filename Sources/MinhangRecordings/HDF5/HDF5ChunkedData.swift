import MinhangCore
import Synchronization

/// The elements of a data set that is stored in chunks, read at any place; the chunks last used stay in memory.
///
/// A chunk that was never stored holds the fill value.
final class HDF5ChunkedData: Sendable {
  /// The largest chunk that is read: it lies in memory whole.
  static let largestChunk = 64 << 20
  private static let leastCache = 8 << 20
  private static let mostCache = 64 << 20
  /// Memory of a chunk besides its bytes.
  private static let overhead = 128

  private struct Cache {
    var chunks: [Int: [UInt8]] = [:]
    var order: [Int] = []
    var next = 0
  }

  private let file: RandomAccessFile
  private let entries: [HDF5ChunkTable.Entry]
  private let counts: [Int]
  private let sizes: [Int]
  private let chunkSizes: [Int]
  private let elementSize: Int
  private let filters: HDF5Filters
  private let fill: [UInt8]
  private let chunkByteCount: Int
  private let mostChunks: Int
  private let cache = Mutex(Cache())

  /// - Parameters:
  ///   - fill: The bytes of an element that was never stored.
  /// - Throws: `unsupported` where whoever reads on needs more chunks at a time than are kept: each would be inflated for every few samples.
  /// - Precondition: a chunk has at most `largestChunk` bytes.
  init(
    _ table: HDF5ChunkTable, file: RandomAccessFile, sizes: [Int], chunkSizes: [Int], elementSize: Int, filters: HDF5Filters, fill: [UInt8]
  ) throws(RecordingError) {
    precondition(fill.count == elementSize && sizes.count == chunkSizes.count && !sizes.isEmpty, "a fill value of \(fill.count) bytes")
    self.file = file
    entries = table.entries
    counts = table.counts
    self.sizes = sizes
    self.chunkSizes = chunkSizes
    self.elementSize = elementSize
    self.filters = filters
    self.fill = fill
    chunkByteCount = chunkSizes.reduce(elementSize, *)
    // Whoever reads on meets all chunks beside one another again and again: those that share a step of the slowest dimension in which a chunk has
    // more than one.
    let slowest = zip(sizes, chunkSizes).enumerated().first { min($0.element.0, $0.element.1) > 1 }?.offset ?? sizes.count - 1
    let row = table.total == 0 ? 0 : counts[(slowest + 1)...].reduce(1, *)
    let cost = chunkByteCount + Self.overhead
    let most = max(1, Self.mostCache / cost)
    guard row <= most || entries.isEmpty else {
      throw RecordingError(
        .unsupported, path: file.path,
        "HDF5 data set of \(sizes.map(String.init).joined(separator: " \u{D7} ")) elements: \(row) chunks of \(chunkByteCount) bytes lie side by side; "
          + "expected at most \(most), \(Self.mostCache >> 20) MiB: save it with other chunks (MATLAB: save -v7.3)")
    }
    mostChunks = max(1, min(most, max(Self.leastCache / cost, row)))
  }

  /// Fills a buffer with the bytes from an element on.
  ///
  /// - Precondition: the bytes are whole elements of the data set.
  func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(RecordingError) {
    precondition(offset % elementSize == 0 && target.count % elementSize == 0, "bytes \(offset) + \(target.count) of whole elements")
    guard let base = target.baseAddress, !target.isEmpty else { return }
    let first = offset / elementSize
    var box = Array(repeating: 0..<1, count: sizes.count)
    var done = 0
    try read(first..<first + target.count / elementSize, dimension: 0, box: &box, into: base, done: &done)
  }

  /// Cuts a stretch of elements into boxes: from a dimension on, the ones before it being fixed.
  private func read(
    _ elements: Range<Int>, dimension: Int, box: inout [Range<Int>], into target: UnsafeMutableRawPointer, done: inout Int
  ) throws(RecordingError) {
    let step = sizes[(dimension + 1)...].reduce(1, *)
    var (low, high) = (elements.lowerBound / step, elements.upperBound / step)
    let (head, tail) = (elements.lowerBound % step, elements.upperBound % step)
    if head > 0 {
      box[dimension] = low..<low + 1
      let end = low == high ? tail : step
      try read(head..<end, dimension: dimension + 1, box: &box, into: target, done: &done)
      if low == high { return }
      low += 1
    }
    if low < high {
      box[dimension] = low..<high
      for k in (dimension + 1)..<max(sizes.count, dimension + 1) { box[k] = 0..<sizes[k] }
      try read(box, into: target + done)
      done += (high - low) * step * elementSize
      high = low
    }
    if tail > 0 {
      let last = elements.upperBound / step
      box[dimension] = last..<last + 1
      try read(0..<tail, dimension: dimension + 1, box: &box, into: target, done: &done)
    }
  }

  /// Copies a box out of the chunks that it meets.
  private func read(_ box: [Range<Int>], into target: UnsafeMutableRawPointer) throws(RecordingError) {
    let rank = sizes.count
    let low = (0..<rank).map { box[$0].lowerBound / chunkSizes[$0] }
    let high = (0..<rank).map { (box[$0].upperBound - 1) / chunkSizes[$0] }
    // Bytes from one element to the next of each dimension, in the box and in a chunk.
    var (boxSteps, chunkSteps) = ([Int](repeating: elementSize, count: rank), [Int](repeating: elementSize, count: rank))
    for k in (0..<rank - 1).reversed() {
      boxSteps[k] = boxSteps[k + 1] * box[k + 1].count
      chunkSteps[k] = chunkSteps[k + 1] * chunkSizes[k + 1]
    }
    var chunk = low
    while true {
      let number = zip(chunk, counts).reduce(0) { $0 * $1.1 + $1.0 }
      let stored = try bytes(ofChunk: number)
      let common = (0..<rank).map { box[$0].clamped(to: chunk[$0] * chunkSizes[$0]..<(chunk[$0] + 1) * chunkSizes[$0]) }
      let place = (0..<rank).reduce(0) { $0 + (common[$1].lowerBound - box[$1].lowerBound) * boxSteps[$1] }
      if let stored {
        let source = (0..<rank).reduce(0) { $0 + (common[$1].lowerBound - chunk[$1] * chunkSizes[$1]) * chunkSteps[$1] }
        stored.withUnsafeBytes { bytes in
          guard let base = bytes.baseAddress else { return }
          copy(base + source, chunkSteps, to: target + place, boxSteps, common, dimension: 0)
        }
      } else {
        fill.withUnsafeBytes { bytes in
          guard let base = bytes.baseAddress else { return }
          copy(base, [Int](repeating: 0, count: rank), to: target + place, boxSteps, common, dimension: 0)
        }
      }
      var k = rank - 1
      while k >= 0, chunk[k] == high[k] {
        chunk[k] = low[k]
        k -= 1
      }
      guard k >= 0 else { return }
      chunk[k] += 1
    }
  }

  private func copy(
    _ source: UnsafeRawPointer, _ sourceSteps: [Int], to target: UnsafeMutableRawPointer, _ targetSteps: [Int], _ box: [Range<Int>],
    dimension: Int
  ) {
    let count = box[dimension].count
    let (from, to) = (sourceSteps[dimension], targetSteps[dimension])
    if dimension < box.count - 1 {
      for k in 0..<count { copy(source + k * from, sourceSteps, to: target + k * to, targetSteps, box, dimension: dimension + 1) }
    } else if from == elementSize, to == elementSize {
      target.copyMemory(from: source, byteCount: count * elementSize)
    } else {
      for k in 0..<count { (target + k * to).copyMemory(from: source + k * from, byteCount: elementSize) }
    }
  }

  /// The bytes of a chunk; nil where it was never stored.
  private func bytes(ofChunk number: Int) throws(RecordingError) -> [UInt8]? {
    if let known = cache.withLock({ $0.chunks[number] }) { return known }
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].number < number { low = middle + 1 } else { high = middle }
    }
    guard low < entries.count, entries[low].number == number else { return nil }
    let entry = entries[low]
    let stored = try file.bytes(at: entry.place, count: entry.byteCount)
    let (bytes, damage) = filters.undone(stored, skipped: entry.skipped, byteCount: chunkByteCount)
    if let damage { throw RecordingError(.badData, path: file.path, "HDF5 chunk \(number + 1) at byte \(entry.place): \(damage)") }
    cache.withLock { cache in
      guard cache.chunks[number] == nil else { return }
      if cache.order.count < mostChunks {
        cache.order.append(number)
      } else {
        cache.chunks[cache.order[cache.next]] = nil
        cache.order[cache.next] = number
        cache.next = (cache.next + 1) % mostChunks
      }
      cache.chunks[number] = bytes
    }
    return bytes
  }
}
