import Testing

@testable import MinhangRecordings

struct TechnicalTextTests {
  @Test(arguments: [
    "HP: 0.1Hz, LP:75 Hz; N:50Hz", "active electrode", "", "HP:DC; LP:113 Hz", "HP:0.1 LP:75 N:50", "0.1-75 Hz", "order 4",
    "HP:0.5Hz LP:100Hz [enhanced cassette BW]", "LP:10000Hz", "bandpass 0.159155 - 100 Hz", "No filtering",
  ])
  func `words of the trade are technical`(text: String) { #expect(TechnicalText.isTechnical(text)) }

  @Test(arguments: [
    "HP:0.1Hz Zaphod", "19420517", "Müller", "electrode 4711815", "n.n.", "1970-01-02", "02/01/1970", "867530", "867 5309", "555-12-3456",
    "123.456.789", "AgAgCl 4711 0815", "HP:0.1Hz 123456", "HP:1970", "1970 01 02 Hz", "electrode 12",
  ])
  func `other words and numbers that count nothing are not`(text: String) { #expect(!TechnicalText.isTechnical(text)) }

  @Test(arguments: [
    "uV", "µV/m²", "", "n/a", "ARU", "mmHg", "degrees", "m/s^2", "kOhm", "°C", "normalized", "microvolts", "%", "a.u.",
    "nV/√Hz", "uV^2/Hz", "dB", "rpm", "mmol/l", "m s-2", "ms", "10*uV", "-",
  ])
  func `units`(text: String) { #expect(TechnicalText.isUnit(text)) }

  @Test(arguments: [
    "Zaphod", "JohnSmith1970", "MRN-00042", "ward7", "19420517", "李小龙", "张三", "Bob", "15.06.80", "139/055/512/345", "m15/06/80", "五", "7",
  ])
  func `words that are no units`(text: String) { #expect(!TechnicalText.isUnit(text)) }

  @Test(arguments: ["769", "65535", "S  1", "S255", "R 12", "T2", "O  1", "Stimulus/S  1", "Event/254", "SyncStatus/Sync On", "boundary"])
  func `codes`(label: String) { #expect(TriggerCode.isCode(label)) }

  @Test(arguments: ["P1970", "Response/P1970", "65536", "19420517", "", "S", "Comment/S  1", "1970-01-02", "S 1 Zaphod", "-5", "٣"])
  func `labels that are no codes`(label: String) { #expect(!TriggerCode.isCode(label)) }
}
