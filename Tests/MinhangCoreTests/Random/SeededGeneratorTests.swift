import MinhangCore
import Testing

struct SeededGeneratorTests {
  /// First outputs for seed 0, SplitMix64 then xoshiro256**, as the authors' C code gives them.
  @Test func `the sequence is fixed for ever`() {
    var generator = SeededGenerator(seed: 0)
    let expected: [UInt64] = [
      11_091_344_671_253_066_420, 13_793_997_310_169_335_082, 1_900_383_378_846_508_768, 7_684_712_102_626_143_532,
    ]
    #expect(expected.map { _ in generator.next() } == expected)
  }

  @Test func `normal numbers have their moments`() {
    var generator = SeededGenerator(seed: 1)
    let n = 100_000
    let values = (0..<n).map { _ in generator.nextNormal() }
    let mean = values.reduce(0, +) / Double(n)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)
    // Five standard errors: 5/√n for the mean, 5·√(2/n) for the variance.
    #expect(abs(mean) < 5 / Double(n).squareRoot())
    #expect(abs(variance - 1) < 5 * (2 / Double(n)).squareRoot())
  }

  @Test func `streams of one seed differ and a shuffle is a permutation`() {
    var a = SeededGenerator(seed: 7, stream: 0)
    var b = SeededGenerator(seed: 7, stream: 1)
    #expect(a.next() != b.next())
    var numbers = Array(0..<100)
    a.shuffle(&numbers)
    #expect(numbers != Array(0..<100))
    #expect(numbers.sorted() == Array(0..<100))
    #expect((0..<1000).allSatisfy { _ in (0..<7).contains(a.nextInteger(below: 7)) })
  }

  @Test func `control characters never reach a terminal`() {
    #expect("a\u{1B}[2Jb\u{202E}".escapedForDisplay == "a\\u{1B}[2Jb\\u{202E}")
    #expect("Öl µV 漢".escapedForDisplay == "Öl µV 漢")
    #expect(String(repeating: "x", count: 100).quotedForDisplay(limit: 3) == "\"xxx…\"")
  }
}
