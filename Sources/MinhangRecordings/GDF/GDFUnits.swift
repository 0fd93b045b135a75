import MinhangCore

/// Units by their codes of ISO/IEEE 11073-10101: the low five bits are a decimal prefix, the rest names the unit.
enum GDFUnits {
  private static let prefixes: [Int: String] = [
    0: "", 1: "da", 2: "h", 3: "k", 4: "M", 5: "G", 6: "T", 7: "P", 8: "E", 16: "d", 17: "c", 18: "m", 19: "\u{B5}", 20: "n", 21: "p",
    22: "f", 23: "a",
  ]
  private static let bases: [Int: String] = [
    544: "%", 736: "\u{B0}", 768: "rad", 1280: "m", 1728: "g", 2176: "s", 2496: "Hz", 2720: "bpm", 3840: "Pa", 3872: "mmHg", 4032: "W",
    4160: "A", 4256: "V", 4288: "\u{3A9}", 6048: "\u{B0}C",
  ]

  /// The unit of a code; a code of 0 leaves it to the text of older versions, a code that is not known stands for itself.
  static func unit(code: Int, text: String) -> PhysicalUnit {
    if code == 0 { return PhysicalUnit(text) }
    if code == 512 { return .none }
    guard let prefix = prefixes[code & 31], let base = bases[code & ~31] else { return PhysicalUnit("code \(code)") }
    return PhysicalUnit(prefix + base)
  }
}
