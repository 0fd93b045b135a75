import MinhangCore
import Testing

@testable import MinhangRecordings

struct HeaderNumberTests {
  @Test func `whole numbers: a sign and digits`() {
    #expect(HeaderNumber.whole("12") == 12 && HeaderNumber.whole("-12") == -12 && HeaderNumber.whole("+12") == 12)
    for text in ["", "+", "-", "1.0", "1e3", "0x10", "1 2", "\u{661}", "--1", "nan", "99999999999999999999"] {
      #expect(HeaderNumber.whole(text) == nil, "\(text)")
    }
  }

  @Test func `decimal numbers: as Double reads them, but no words and no hexadecimal`() {
    for text in ["0", "-3276.8", "+1", ".5", "1.", "1e5", "1E-3", "-0.000001"] {
      #expect(HeaderNumber.decimal(text)?.value == Double(text), "\(text)")
    }
    #expect(HeaderNumber.decimal("1,5")?.value == 1.5 && HeaderNumber.decimal("1,5")?.hasComma == true)
    #expect(HeaderNumber.decimal("1e999")?.value == .infinity)
    for text in ["", "+", ".", ",", "nan", "inf", "0x10", "1 2", "1.2.3", "1,234.5", "e5", "1e", "1e+", "12uV"] {
      #expect(HeaderNumber.decimal(text) == nil, "\(text)")
    }
  }

  @Test func `exact decimals: no rounding`() {
    #expect(ExactDecimal("0.1")?.rate(of: 1) == 10)
    #expect(ExactDecimal("0.3")?.rate(of: 3) == 10)
    #expect(ExactDecimal("9.59375")?.rate(of: 1228) == 128)
    #expect(ExactDecimal("0.1")?.times(3) == 0.3)
    #expect(ExactDecimal("1.25")?.minus(ExactDecimal("0.25")!)?.value == 1)
    #expect(ExactDecimal("-0.5")?.value == -0.5)
    #expect(ExactDecimal("1.9511719")?.value == 1.9511719)
    for text in ["", "+", "1e3", "1.2.3", "1,5", "12345678901234567890", "0.0000000000000000001"] {
      #expect(ExactDecimal(text) == nil, "\(text)")
    }
  }

  @Test func `exact decimals: their text reads back`() {
    for text in ["0", "1", "-1.5", "0.000001", "1234.5678", "100"] { #expect(ExactDecimal(text)?.text == text) }
    #expect(ExactDecimal("1.500")?.text == "1.5")
    #expect(ExactDecimal("-0.0")?.text == "0")
  }

  @Test func `dates: the day after seconds`() {
    let end = RecordingDate(year: 2003, month: 12, day: 31, hour: 23, minute: 59, second: 59)!
    #expect(HeaderDate.date(end, after: 1) == RecordingDate(year: 2004, month: 1, day: 1, hour: 0, minute: 0, second: 0))
    let leap = RecordingDate(year: 2004, month: 2, day: 28, hour: 12, minute: 0, second: 0)!
    #expect(HeaderDate.date(leap, after: 86400) == RecordingDate(year: 2004, month: 2, day: 29, hour: 12, minute: 0, second: 0))
    #expect(HeaderDate.date(leap, after: 0) == leap)
    #expect(HeaderDate.date(leap, after: -1) == nil)
  }
}
