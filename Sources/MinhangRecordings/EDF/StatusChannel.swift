import MinhangCore

/// The status channel of BioSemi's BDF: 24 bits of flags, read as an unsigned number.
///
/// Bits 0–15 are the trigger inputs, 16 marks a new epoch, 17–19 and 21 are the speed mode, 20 says that the CMS electrode is in range, 22
/// that the battery is low, 23 that the amplifier is an ActiveTwo MK2. A signed reading, as some programs do it, turns bit 23 into negative codes.
struct StatusChannel {
  /// The bits that carry trigger codes.
  static let codeMask: Int32 = 0xFFFF

  /// Trigger codes as they begin: the sample and the code.
  private(set) var triggers: [(sample: Int, code: Int32)] = []
  private var sample = 0
  private var code: Int32 = 0
  private var lowBattery = 0
  private var outOfRange = 0
  private var leftOut = 0
  private var flags: Int32 = 0

  /// Whether a signal is a status channel.
  static func isStatus(_ signal: EDFSignalHeader, family: EDFFamily) -> Bool {
    family == .bdf && !signal.isAnnotation && signal.label.lowercased() == "status"
  }

  /// Takes the next values.
  ///
  /// A code begins where the value changes to another one that is not 0; what the first sample holds is no change.
  mutating func feed(_ values: ArraySlice<Int32>) {
    for value in values {
      let now = value & Self.codeMask
      if now != code && now != 0 && sample > 0 {
        if triggers.count < EDFAnnotations.mostEvents { triggers.append((sample, now)) } else { leftOut += 1 }
      }
      code = now
      flags |= value
      if value & (1 << 22) != 0 { lowBattery += 1 }
      if value & (1 << 20) == 0 { outOfRange += 1 }
      sample += 1
    }
  }

  /// Tells of trouble of the amplifier.
  ///
  /// A file whose status never has a flag above bit 15 comes from another recorder: nothing is said.
  func report(log: inout WarningLog) {
    if lowBattery > 0 { log.add(.status, "the status channel reports a low battery in \(lowBattery) of \(sample) samples") }
    if flags >> 16 != 0 && outOfRange > 0 {
      log.add(.status, "the status channel reports CMS out of range in \(outOfRange) of \(sample) samples: unreliable data")
    }
    if leftOut > 0 { log.add(.annotationLimit, "\(leftOut) trigger codes are left out; at most \(EDFAnnotations.mostEvents) are read") }
  }
}
