import MinhangCore
import Testing

struct PhysicalUnitTests {
  @Test(arguments: [("uV", 1.0), ("\u{3BC}V", 1), ("\u{B5}V", 1), ("mV", 1e3), ("nV", 1e-3), ("V", 1e6), (" uV  ", 1)])
  func `voltages know their factor`(text: String, factor: Double) {
    #expect(PhysicalUnit(text).microvoltsPerUnit == factor)
  }

  @Test(arguments: ["MV", "degC", "%", "Boolean", "", "uVV"])
  func `other units are kept and named`(text: String) {
    #expect(PhysicalUnit(text).microvoltsPerUnit == nil)
    #expect(PhysicalUnit(text).symbol == text)
  }

  @Test(arguments: [
    ("Fc5.", "uV", ChannelKind.eeg), ("EEG Fpz-Cz", "uV", .eeg), ("EOG horizontal", "uV", .eog), ("Status", "Boolean", .trigger),
    ("Temp rectal", "degC", .misc), ("EOG2", "uV", .eog), ("Fp1", "", .misc), ("STI 014", "", .trigger), ("EMG1", "mV", .emg),
  ])
  func `kinds follow label and unit`(label: String, unit: String, kind: ChannelKind) {
    #expect(ChannelKind(label: label, unit: PhysicalUnit(unit)) == kind)
  }
}
