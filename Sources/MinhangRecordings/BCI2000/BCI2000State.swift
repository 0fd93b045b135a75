import MinhangCore

/// A variable that is stored with each sample, as bits of the state vector: `Name Length Value BytePos BitPos`.
struct BCI2000State: Sendable, Hashable {
  /// The longest name that is read, bytes.
  static let longestName = 256

  var name: String
  /// Width in bits, 1…64.
  var width: Int
  /// The vector's byte in which its lowest bit is.
  var byte: Int
  /// That bit's place in the byte, 0…7.
  var bit: Int

  /// The bits of the vector that it takes.
  var bits: Range<Int> { (8 * byte + bit)..<(8 * byte + bit + width) }
  /// Bytes of the vector that it needs.
  var vectorBytes: Int { (bits.upperBound + 7) / 8 }

  /// The value in a vector of at least `vectorBytes` bytes: the lowest bit comes first, a higher byte is worth more.
  func value(_ vector: UnsafePointer<UInt8>) -> UInt64 {
    var value = UInt64(vector[byte]) >> UInt64(bit)
    var have = 8 - bit
    var next = byte + 1
    while have < width {
      value |= UInt64(vector[next]) << UInt64(have)
      have += 8
      next += 1
    }
    return width == 64 ? value : value & (1 << UInt64(width) - 1)
  }
}

/// The states of a header; what cannot be read is told and left out.
struct BCI2000States {
  private(set) var all: [BCI2000State] = []
  /// For each bit of the vector whether a state has it: no bit belongs to two states.
  private var taken: [Bool] = []
  private var names: Set<String> = []

  mutating func add(_ line: ArraySlice<UInt8>, at place: Int, log: inout WarningLog) {
    let words = line.split(maxSplits: 5, whereSeparator: { $0 == 0x20 || $0 == 0x09 })
    let shown = "state \(HeaderText.decoded((words.first ?? []).prefix(80)).quotedForDisplay()) at byte \(place)"
    func number(_ k: Int) -> Int? { k < words.count ? HeaderNumber.whole(String(decoding: words[k].prefix(20), as: UTF8.self)) : nil }
    guard let name = words.first, name.count <= BCI2000State.longestName, let width = number(1), let byte = number(3), let bit = number(4)
    else {
      log.add(.headerText, "\(shown) is not defined by a name, a length, a value and a place; left out")
      return
    }
    guard (1...64).contains(width), (0..<BCI2000FirstLine.longestVector).contains(byte), (0...7).contains(bit) else {
      log.add(
        .annotation,
        "\(shown) has \(width) bits from bit \(bit) of byte \(byte) on; expected 1…64 bits from a bit 0…7 on; left out")
      return
    }
    let state = BCI2000State(name: HeaderText.decoded(name), width: width, byte: byte, bit: bit)
    if taken.count < state.bits.upperBound {
      taken += [Bool](repeating: false, count: max(taken.count, state.bits.upperBound - taken.count))
    }
    guard !taken[state.bits].contains(true) else {
      log.add(.annotation, "\(shown) shares bits with another state; left out")
      return
    }
    for bit in state.bits { taken[bit] = true }
    if !names.insert(state.name).inserted { log.add(.label, "\(shown) has a name that another state has") }
    all.append(state)
  }
}
