/// Inflates what ZIP archives, gzip, MATLAB and HDF5 files deflate: a whole stream in memory, or from piece to piece and from any checkpoint on.
///
/// Goals in order: memory-safe on any bytes, never more output than was promised, speed. The pieces keep the last 32 KiB of the output only.
///
/// **Source:** RFC 1951, "DEFLATE Compressed Data Format Specification".
struct Inflation {
  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ]
  private static let lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385,
    24577,
  ]
  private static let distanceBits = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
  ]
  private static let longestMatch = 258
  private static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  /// What a stream goes on with: between its blocks, or within one.
  private enum Stage {
    case betweenBlocks
    case stored(left: Int)
    case coded(Codes, Codes)
    case ended
  }

  /// How a stretch of work ended.
  enum Progress: Sendable, Hashable {
    /// As much output is there as was asked for.
    case paused
    case ended
    /// The stream is damaged, cut short, or longer than it may be.
    case broken
  }

  /// Bytes of the stream, all of them or, where there is a source, some that follow one another.
  private var bytes: [UInt8]
  /// What comes after `bytes`.
  private var source: ArraySource?
  private var sourcePlace = 0
  private(set) var failure: RecordingError?
  /// The most output.
  private let size: Int
  /// Whether the input ended before the stream did.
  private(set) var isCut = false
  private var place = 0
  private var bits: UInt64 = 0
  private var bitCount = 0
  private var stage = Stage.betweenBlocks
  private var isLastBlock = false
  /// The output, but for its first `droppedCount` bytes.
  private(set) var output: [UInt8] = []
  private(set) var droppedCount = 0

  /// The inflated bytes; nil where the stream is damaged or does not give exactly `size` bytes.
  static func inflated(_ bytes: [UInt8], size: Int) -> [UInt8]? {
    // No stream grows more than 1032-fold, so what is promised is checked before it is allocated.
    guard size >= 0, size / 1032 <= bytes.count else { return nil }
    var inflation = Inflation(bytes: bytes, size: size)
    return inflation.run() == .ended && inflation.output.count == size ? inflation.output : nil
  }

  /// - Parameters:
  ///   - bytes: The stream behind what is not part of it.
  ///   - size: The most output: room for it is made at once.
  init(bytes: [UInt8], from place: Int = 0, size: Int) {
    self.bytes = bytes
    self.size = size
    self.place = place
    output.reserveCapacity(size)
  }

  /// A place between two blocks of a stream, from which inflation can begin.
  struct Checkpoint: Sendable {
    /// Bits of the source before it.
    var bit: Int
    /// Output before it, of which the last bytes are in `window`.
    var outputCount: Int
    var window: [UInt8]
  }

  /// Inflates from a checkpoint on, piece by piece.
  ///
  /// - Parameter size: The most output, what came before the checkpoint included.
  init(_ source: ArraySource, from checkpoint: Checkpoint, size: Int) {
    self.source = source
    self.size = size
    bytes = []
    sourcePlace = checkpoint.bit / 8
    output = checkpoint.window
    droppedCount = checkpoint.outputCount - checkpoint.window.count
    _ = take(checkpoint.bit % 8)
  }

  /// The next whole byte of the input, which is not part of a stream; nil at its end.
  mutating func byte() throws(RecordingError) -> UInt8? {
    _ = take(bitCount % 8)
    let byte = take(8)
    if let failure { throw failure }
    return byte.map { UInt8($0) }
  }

  /// Goes on behind the end of a stream with another one.
  mutating func beginStream() {
    (stage, isLastBlock, isCut) = (.betweenBlocks, false, false)
    (output, droppedCount) = ([], 0)
  }

  /// Output so far, what was dropped included.
  var outputCount: Int { droppedCount + output.count }

  /// Where the stream stands; nil within a block.
  var checkpoint: Checkpoint? {
    guard case .betweenBlocks = stage, !isLastBlock else { return nil }
    return Checkpoint(bit: (sourcePlace - bytes.count + place) * 8 - bitCount, outputCount: outputCount, window: output.suffix(32_768))
  }

  /// Forgets output but for the last bytes, at least the 32 768 to which the stream may refer.
  mutating func drop(keeping count: Int) {
    let excess = output.count - max(count, 32_768)
    guard excess > 0 else { return }
    output.removeFirst(excess)
    droppedCount += excess
  }

  /// Goes on until there is as much output, or a little more.
  ///
  /// - Parameter isPausedByBlocks: Whether each end of a block is a pause too.
  mutating func run(until count: Int = .max, isPausedByBlocks: Bool = false) -> Progress {
    while outputCount < count {
      switch stage {
      case .ended: return .ended
      case .stored(let left):
        // A block that is longer than may be still gives its beginning.
        let part = min(left, size - outputCount)
        guard copy(part), part == left else { return .broken }
        stage = .betweenBlocks
      case .coded(let literals, let distances):
        guard let isOver = decode(literals, distances, until: count - droppedCount) else { return .broken }
        guard isOver else { return .paused }
        stage = .betweenBlocks
      case .betweenBlocks:
        if isLastBlock {
          stage = .ended
          continue
        }
        guard let isLast = take(1), let kind = take(2) else { return .broken }
        isLastBlock = isLast == 1
        switch kind {
        case 0:
          _ = take(bitCount % 8)
          guard let count = take(16), let check = take(16), count == ~check & 0xFFFF else { return .broken }
          stage = .stored(left: count)
        case 1: stage = .coded(Codes.fixedLiterals, Codes.fixedDistances)
        case 2:
          guard let (literals, distances) = codes() else { return .broken }
          stage = .coded(literals, distances)
        default: return .broken
        }
        continue
      }
      if isPausedByBlocks { return .paused }
    }
    return .paused
  }

  private mutating func fill() {
    if bytes.count - place >= 8 {
      let word = bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt64.self)) }
      let count = (63 - bitCount) / 8
      bits |= (word & (1 << UInt64(8 * count) - 1)) << UInt64(bitCount)
      bitCount += 8 * count
      place += count
      return
    }
    while bitCount <= 48 {
      if place >= bytes.count {
        guard source != nil, refill() else { return }
      }
      bits |= UInt64(bytes[place]) << UInt64(bitCount)
      bitCount += 8
      place += 1
    }
  }

  private mutating func take(_ count: Int) -> Int? {
    if bitCount < count { fill() }
    guard bitCount >= count else {
      isCut = true
      return nil
    }
    let value = Int(bits & (1 << UInt64(count) - 1))
    bits >>= UInt64(count)
    bitCount -= count
    return value
  }

  /// Takes the next bytes of the source; false where there are none.
  private mutating func refill() -> Bool {
    guard let source, failure == nil, sourcePlace < source.byteCount else { return false }
    do throws(RecordingError) {
      bytes = try source.bytes(at: sourcePlace, count: min(1 << 16, source.byteCount - sourcePlace))
      sourcePlace += bytes.count
      place = 0
      return true
    } catch {
      failure = error
      return false
    }
  }

  private mutating func copy(_ count: Int) -> Bool {
    for _ in 0..<count {
      guard let byte = take(8) else { return false }
      output.append(UInt8(byte))
    }
    return true
  }

  /// The codes of a block that brings its own.
  private mutating func codes() -> (Codes, Codes)? {
    guard let literals = take(5), let distances = take(5), let lengths = take(4) else { return nil }
    var ofLengths = [UInt8](repeating: 0, count: 19)
    for k in 0..<(lengths + 4) {
      guard let length = take(3) else { return nil }
      ofLengths[Self.lengthOrder[k]] = UInt8(length)
    }
    guard let code = Codes(ofLengths) else { return nil }
    let total = literals + 257 + distances + 1
    var all: [UInt8] = []
    while all.count < total {
      guard let symbol = symbol(code) else { return nil }
      switch symbol {
      case 0...15: all.append(UInt8(symbol))
      case 16:
        guard let last = all.last, let count = take(2) else { return nil }
        all += [UInt8](repeating: last, count: count + 3)
      case 17:
        guard let count = take(3) else { return nil }
        all += [UInt8](repeating: 0, count: count + 3)
      default:
        guard let count = take(7) else { return nil }
        all += [UInt8](repeating: 0, count: count + 11)
      }
    }
    guard all.count == total, let first = Codes(Array(all[..<(literals + 257)])), let second = Codes(Array(all[(literals + 257)...])) else {
      return nil
    }
    return (first, second)
  }

  private mutating func symbol(_ codes: Codes) -> Int? {
    codes.table.withUnsafeBufferPointer { symbol(Codes.View(codes, $0)) }
  }

  @inline(__always)
  private mutating func symbol(_ codes: Codes.View) -> Int? {
    if bitCount < 15 { fill() }
    let entry = codes.entry(bits)
    let length = Int(entry & 0xF)
    guard length > 0, length <= bitCount else {
      // No code is longer than 15 bits: with fewer at hand it is the input that has ended.
      isCut = bitCount < 15
      return nil
    }
    bits >>= UInt64(length)
    bitCount -= length
    return Int(entry >> 4)
  }

  /// Decodes a block until it ends, true, or until there is as much output kept, false; nil where it is damaged.
  private mutating func decode(_ literals: Codes, _ distances: Codes, until count: Int) -> Bool? {
    let most = size - droppedCount
    while output.count < count {
      // The output grows by a piece, of which what is not used is given back.
      var out = output
      output = []
      var filled = out.count
      let stop = filled + min(count - filled, 1 << 16)
      out.append(contentsOf: repeatElement(0, count: stop - filled + Self.longestMatch))
      let isOver = literals.table.withUnsafeBufferPointer { first in
        distances.table.withUnsafeBufferPointer { second in
          out.withUnsafeMutableBufferPointer {
            decode(Codes.View(literals, first), Codes.View(distances, second), into: $0, filled: &filled, until: stop, most: most)
          }
        }
      }
      out.removeLast(out.count - filled)
      output = out
      guard let isOver else { return nil }
      if isOver { return true }
    }
    return false
  }

  private mutating func decode(
    _ literals: Codes.View, _ distances: Codes.View, into out: UnsafeMutableBufferPointer<UInt8>, filled: inout Int, until count: Int,
    most: Int
  ) -> Bool? {
    while filled < count {
      guard let symbol = symbol(literals) else { return nil }
      if symbol < 256 {
        guard filled < most else { return nil }
        out[filled] = UInt8(symbol)
        filled += 1
        continue
      }
      if symbol == 256 { return true }
      guard symbol - 257 < Self.lengthBases.count, let more = take(Self.lengthBits[symbol - 257]), let far = self.symbol(distances),
        far < Self.distanceBases.count, let further = take(Self.distanceBits[far])
      else { return nil }
      let length = Self.lengthBases[symbol - 257] + more
      let distance = Self.distanceBases[far] + further
      guard distance <= filled, length <= most - filled else { return nil }
      // The stretch may overlap what it makes: byte by byte.
      for k in filled..<filled + length { out[k] = out[k - distance] }
      filled += length
    }
    return false
  }
}
