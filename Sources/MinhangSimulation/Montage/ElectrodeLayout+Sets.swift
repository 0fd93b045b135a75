extension ElectrodeLayout {
  /// The electrodes of a cap with so many channels, or nil outside 1…64.
  ///
  /// 8, 16, 19, 32 and 64 give usual caps: the eight of a small research headset, the sixteen of an open-source board, the classic 10-20,
  /// the thirty-two of a research amplifier, the sixty-four of BCI2000. Any other count takes first the motor strip, nearest to the hand
  /// areas first, then the rest in the order of `names`.
  public static func cap(channelCount: Int) -> [String]? {
    switch channelCount {
    case 8: return ["Fz", "C3", "Cz", "C4", "Pz", "PO7", "Oz", "PO8"]
    case 16: return ["Fp1", "Fp2", "C3", "C4", "P7", "P8", "O1", "O2", "F7", "F8", "F3", "F4", "T7", "T8", "P3", "P4"]
    case 19:
      return ["Fp1", "Fp2", "F7", "F3", "Fz", "F4", "F8", "T7", "C3", "Cz", "C4", "T8", "P7", "P3", "Pz", "P4", "P8", "O1", "O2"]
    case 32:
      return [
        "Fp1", "AF3", "F7", "F3", "FC1", "FC5", "T7", "C3", "CP1", "CP5", "P7", "P3", "Pz", "PO3", "O1", "Oz", "O2", "PO4", "P4", "P8",
        "CP6",
        "CP2", "C4", "T8", "FC6", "FC2", "F4", "F8", "AF4", "Fp2", "Fz", "Cz",
      ]
    case 64: return names
    case 1...64: return Array((motorStrip + names.filter { !motorStrip.contains($0) }).prefix(channelCount))
    default: return nil
    }
  }

  /// The electrodes over the sensorimotor cortex, nearest to the hand areas first.
  public static let motorStrip: [String] = [
    "C3", "C4", "Cz", "FC3", "FC4", "CP3", "CP4", "FCz", "CPz", "C1", "C2", "C5", "C6", "FC1", "FC2", "CP1", "CP2", "FC5", "FC6", "CP5",
    "CP6",
  ]
}
