/// Inflates what ZIP archives and gzip deflate, from piece to piece: only the last 32 KiB are held, besides a piece of input and one of output.
///
/// Goals in order: memory-safe on any bytes, never more output than is wanted, speed.
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
  private static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  /// How a stream ended.
  enum Outcome: Sendable, Hashable {
    /// By its own mark.
    case ended
    /// The bytes are no such stream.
    case damaged
    /// The input ended first.
    case cut
    /// Whoever takes the output wanted no more.
    case refused
  }

  /// Fills the buffer from its start with the bytes that come next; the number of them, 0 at the end.
  typealias Source = (_ buffer: inout [UInt8]) throws(RecordingError) -> Int
  /// Takes inflated bytes; false ends the work.
  typealias Sink = (ArraySlice<UInt8>) throws(RecordingError) -> Bool

  private static let window = 1 << 15
  private static let pieceBytes = 1 << 18
  private static let longestMatch = 258

  private let source: Source
  private let sink: Sink
  private var input: [UInt8]
  private var inputCount = 0
  private var place = 0
  private var inputEnded = false
  private var bits: UInt64 = 0
  private var bitCount = 0
  /// At most the window of what was handed on, then what was not.
  private var output: [UInt8]
  private var sent = 0
  private var used = 0
  /// Bytes of the stream so far: no distance reaches further back.
  private var streamBytes = 0
  private var isCut = false
  private var isRefused = false

  /// The inflated bytes; nil where the stream is damaged or does not give exactly `size` bytes.
  static func inflated(_ bytes: [UInt8], size: Int) -> [UInt8]? {
    // No stream grows more than 1032-fold, so what is promised is checked before it is allocated.
    guard size >= 0, size / 1032 <= bytes.count else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(size)
    var place = 0
    var inflation = Inflation(
      inputBytes: min(pieceBytes, bytes.count),
      source: { buffer in
        let count = min(buffer.count, bytes.count - place)
        buffer.replaceSubrange(..<count, with: bytes[place..<(place + count)])
        place += count
        return count
      },
      sink: { piece in
        guard piece.count <= size - result.count else { return false }
        result += piece
        return true
      })
    let outcome = try? inflation.stream()
    return outcome == .ended && result.count == size ? result : nil
  }

  /// Makes a stage over a source.
  ///
  /// - Parameter inputBytes: Bytes that are asked of the source at once.
  init(inputBytes: Int = Inflation.pieceBytes, source: @escaping Source, sink: @escaping Sink) {
    self.source = source
    self.sink = sink
    input = [UInt8](repeating: 0, count: inputBytes)
    output = [UInt8](repeating: 0, count: Self.window + Self.pieceBytes)
  }

  /// The next whole byte of the input, which is not part of a stream; nil at its end.
  mutating func byte() throws(RecordingError) -> UInt8? {
    _ = try take(bitCount % 8)
    return try take(8).map { UInt8($0) }
  }

  /// Inflates one stream, to its end mark.
  mutating func stream() throws(RecordingError) -> Outcome {
    (streamBytes, isCut, isRefused) = (0, false, false)
    let isWhole = try blocks()
    // What was inflated before the damage is handed on as well.
    if !isRefused { try flush() }
    if isRefused { return .refused }
    return isWhole ? .ended : isCut ? .cut : .damaged
  }

  private mutating func blocks() throws(RecordingError) -> Bool {
    while true {
      guard let isLast = try take(1), let kind = try take(2) else { return false }
      switch kind {
      case 0: guard try copyStored() else { return false }
      case 1: guard try decode(Codes.fixedLiterals, Codes.fixedDistances) else { return false }
      case 2:
        guard let (literals, distances) = try codes(), try decode(literals, distances) else { return false }
      default: return false
      }
      if isLast == 1 { return true }
    }
  }

  /// Hands on what was not, and keeps the window.
  private mutating func flush() throws(RecordingError) {
    if sent < used, try !sink(output[sent..<used]) { isRefused = true }
    let kept = min(used, Self.window)
    if kept < used {
      let (from, end) = (used - kept, used)
      _ = output.withUnsafeMutableBufferPointer { $0.update(fromContentsOf: $0[from..<end]) }
    }
    (sent, used) = (kept, kept)
  }

  private mutating func fill() throws(RecordingError) {
    while bitCount <= 48 {
      if place == inputCount {
        guard !inputEnded else { return }
        inputCount = try source(&input)
        place = 0
        if inputCount == 0 {
          inputEnded = true
          return
        }
      }
      bits |= UInt64(input[place]) << UInt64(bitCount)
      bitCount += 8
      place += 1
    }
  }

  private mutating func take(_ count: Int) throws(RecordingError) -> Int? {
    if bitCount < count { try fill() }
    guard bitCount >= count else {
      isCut = true
      return nil
    }
    let value = Int(bits & (1 << UInt64(count) - 1))
    bits >>= UInt64(count)
    bitCount -= count
    return value
  }

  /// Makes room for the longest match; false where no more is wanted.
  private mutating func makeRoom() throws(RecordingError) -> Bool {
    if used + Self.longestMatch > output.count { try flush() }
    return !isRefused
  }

  private mutating func copyStored() throws(RecordingError) -> Bool {
    _ = try take(bitCount % 8)
    guard let count = try take(16), let check = try take(16), count == ~check & 0xFFFF else { return false }
    for _ in 0..<count {
      guard try makeRoom(), let byte = try take(8) else { return false }
      output[used] = UInt8(byte)
      used += 1
      streamBytes += 1
    }
    return true
  }

  /// The codes of a block that brings its own.
  private mutating func codes() throws(RecordingError) -> (Codes, Codes)? {
    guard let literals = try take(5), let distances = try take(5), let lengths = try take(4) else { return nil }
    var ofLengths = [UInt8](repeating: 0, count: 19)
    for k in 0..<(lengths + 4) {
      guard let length = try take(3) else { return nil }
      ofLengths[Self.lengthOrder[k]] = UInt8(length)
    }
    guard let code = Codes(ofLengths) else { return nil }
    let total = literals + 257 + distances + 1
    var all: [UInt8] = []
    while all.count < total {
      guard let symbol = try symbol(code) else { return nil }
      switch symbol {
      case 0...15: all.append(UInt8(symbol))
      case 16:
        guard let last = all.last, let count = try take(2) else { return nil }
        all += [UInt8](repeating: last, count: count + 3)
      case 17:
        guard let count = try take(3) else { return nil }
        all += [UInt8](repeating: 0, count: count + 3)
      default:
        guard let count = try take(7) else { return nil }
        all += [UInt8](repeating: 0, count: count + 11)
      }
    }
    guard all.count == total, let first = Codes(Array(all[..<(literals + 257)])), let second = Codes(Array(all[(literals + 257)...])) else {
      return nil
    }
    return (first, second)
  }

  private mutating func symbol(_ codes: Codes) throws(RecordingError) -> Int? {
    if bitCount < 15 { try fill() }
    let entry = codes.table[Int(bits & 0x7FFF)]
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

  private mutating func decode(_ literals: Codes, _ distances: Codes) throws(RecordingError) -> Bool {
    while true {
      guard let symbol = try symbol(literals) else { return false }
      if symbol == 256 { return true }
      guard try makeRoom() else { return false }
      if symbol < 256 {
        output[used] = UInt8(symbol)
        used += 1
        streamBytes += 1
        continue
      }
      guard symbol - 257 < Self.lengthBases.count, let more = try take(Self.lengthBits[symbol - 257]), let far = try self.symbol(distances),
        far < Self.distanceBases.count, let further = try take(Self.distanceBits[far])
      else { return false }
      let length = Self.lengthBases[symbol - 257] + more
      let distance = Self.distanceBases[far] + further
      guard distance <= streamBytes, distance <= used else { return false }
      // The stretch may overlap what it makes: byte by byte.
      for k in used..<(used + length) { output[k] = output[k - distance] }
      used += length
      streamBytes += length
    }
  }

  /// A prefix code as a table of all 15-bit beginnings: `symbol << 4 | length`; 0 where no code begins so.
  private struct Codes {
    var table = [UInt16](repeating: 0, count: 1 << 15)

    static let fixedLiterals = Codes(
      [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112) + [UInt8](repeating: 7, count: 24)
        + [UInt8](repeating: 8, count: 8))!
    static let fixedDistances = Codes([UInt8](repeating: 5, count: 30))!

    /// nil where the lengths promise more codes than there are.
    init?(_ lengths: [UInt8]) {
      var counts = [Int](repeating: 0, count: 16)
      for length in lengths where length > 0 { counts[Int(length)] += 1 }
      var next = [Int](repeating: 0, count: 17)
      var code = 0
      for length in 1...15 {
        code = (code + counts[length - 1]) << 1
        next[length] = code
        guard code + counts[length] <= 1 << length else { return nil }
      }
      for (symbol, length) in lengths.enumerated() where length > 0 {
        let length = Int(length)
        var reversed = 0
        for bit in 0..<length where next[length] >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
        next[length] += 1
        let entry = UInt16(symbol << 4 | length)
        for place in stride(from: reversed, to: 1 << 15, by: 1 << length) { table[place] = entry }
      }
    }
  }
}
