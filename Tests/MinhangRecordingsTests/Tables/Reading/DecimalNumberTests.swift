import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct DecimalNumberTests {
  @Test func `random decimals read as the standard library reads them, to the bit`() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<20_000 {
      let digits = 1 + generator.nextInteger(below: 21)
      var text = generator.nextInteger(below: 2) == 0 ? "-" : ""
      let point = generator.nextInteger(below: digits + 1)
      for k in 0..<digits {
        if k == point { text += "." }
        text += String(generator.nextInteger(below: 10))
      }
      if generator.nextInteger(below: 3) == 0 { text += "e\(generator.nextInteger(below: 80) - 40)" }
      #expect(DecimalNumber.value(text)?.bitPattern == strtod(text, nil).bitPattern, "\(text)")
    }
  }

  @Test func `shortest decimals of random bits come back`() {
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      #expect(DecimalNumber.value("\(value)")?.bitPattern == value.bitPattern)
    }
  }

  @Test func `the corners`() {
    #expect(DecimalNumber.value("-0")?.sign == .minus)
    #expect(DecimalNumber.value("1e999") == .infinity)
    #expect(DecimalNumber.value("1e-999") == 0)
    #expect(DecimalNumber.value("-INF") == -.infinity)
    #expect(DecimalNumber.value(String(repeating: "9", count: 400)) == .infinity)
    #expect(DecimalNumber.value("9007199254740993") == 9007199254740992)
    #expect(DecimalNumber.value("1e" + String(repeating: "9", count: 40)) == .infinity)
    for text in ["", "-", ".", "1.2.3", "0x1F", "nan", "1e", "1e+", "+-1", "12uV", "1 2", "١٢", "infinit"] {
      #expect(DecimalNumber.value(text) == nil, "\(text)")
    }
    let comma = Array("-1,25e1".utf8)
    #expect(comma.withUnsafeBufferPointer { DecimalNumber.value($0, point: 0x2C) } == -12.5)
  }

  @Test func `every number of many digits is rounded as the standard library rounds it`() {
    var generator = SeededGenerator(seed: 77)
    for round in 0..<40_000 {
      let digits = String(generator.next() % 10_000_000_000_000_000_000)
      let place = generator.nextInteger(below: digits.count + 1)
      var text = "\(digits.prefix(place)).\(digits.dropFirst(place))"
      if round % 3 == 0 { text += "e\(generator.nextInteger(below: 60) - 30)" }
      // Numbers that lie between two Doubles: 2^53 + 1 and its like.
      if round % 5 == 0 { text = "\((1 << 53) + UInt64(2 * generator.nextInteger(below: 1000) + 1)).\(round % 2 == 0 ? "0" : "00")" }
      if round % 7 == 0 { text = "\(Double(bitPattern: generator.next() & 0x7FEF_FFFF_FFFF_FFFF))" }
      #expect(DecimalNumber.value(text) == Double(text), "\(text)")
      #expect(DecimalNumber.value("-" + text) == Double("-" + text), "\(text)")
    }
  }
}
