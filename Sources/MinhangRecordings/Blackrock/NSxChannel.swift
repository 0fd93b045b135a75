import MinhangCore

/// One channel as the extended header of an NSx file describes it.
struct NSxChannel: Sendable {
  var electrode: Int
  var label: String
  var unit: String
  var calibration: Calibration?
  var prefilter = ""

  /// A channel of version 2.1, of which only the number is known.
  init(electrode: Int) {
    self.electrode = electrode
    label = "elec\(electrode)"
    unit = ""
  }

  /// A channel of a block of 66 bytes.
  init(block: LittleEndianBytes, index: Int, log: inout WarningLog) {
    electrode = block.u16(2)
    let label = block.text(4, 16)
    self.label = label
    unit = block.text(30, 16)
    if block.byte(0) != 0x43 || block.byte(1) != 0x43 {
      log.add(.formatVariant, "the block of channel \(index + 1) does not begin with CC; read as it is")
    }
    let map = Calibration(
      digitalMinimum: block.i16(22), digitalMaximum: block.i16(24), physicalMinimum: Double(block.i16(26)),
      physicalMaximum: Double(block.i16(28)))
    calibration = map
    if !map.isUsable {
      log.add(
        .calibration,
        "channel \(index + 1) \(label.quotedForDisplay()) has the digital range \(map.digitalMinimum)\u{2026}\(map.digitalMaximum) and the analog range \(block.i16(26))\u{2026}\(block.i16(28)); its stored numbers are kept"
      )
    }
    prefilter = [
      Self.corner("HP", millihertz: block.u32(46), order: block.u32(50), kind: block.u16(54)),
      Self.corner("LP", millihertz: block.u32(56), order: block.u32(60), kind: block.u16(64)),
    ].compactMap { $0 }.joined(separator: " ")
  }

  /// `HP:0.3Hz Butterworth order 1`; nil where the kind says that there is none.
  private static func corner(_ name: String, millihertz: Int, order: Int, kind: Int) -> String? {
    guard kind != 0, millihertz > 0 else { return nil }
    let family = kind == 1 ? " Butterworth" : kind == 2 ? " Chebyshev" : ""
    return "\(name):\(JSONValue.decimal(Double(millihertz) / 1000))Hz\(family)" + (order > 0 ? " order \(order)" : "")
  }
}
