import MinhangCore
import Testing

struct JSONTextTests {
  @Test func `keys keep their order and numbers are shortest`() {
    let value: JSONValue = [
      "type": "header".json, "b": .number(3), "a": .number(0.1), "n": .number(.nan), "i": .integer(-7), "l": .numbers([1, 2.5]),
      "e": .array([]),
    ]
    #expect(value.text == #"{"type":"header","b":3,"a":0.1,"n":null,"i":-7,"l":[1,2.5],"e":[]}"#)
  }

  @Test func `every double comes back`() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      #expect(Double(JSONValue.number(value).text) == value)
    }
  }

  @Test func `control characters are escaped`() {
    #expect("a\"\\\n\u{1}\u{9B}é".json.text == "\"a\\\"\\\\\\n\\u0001\\u009bé\"")
  }

  @Test func `for people, rows stay rows`() {
    let value: JSONValue = ["m": .array([.numbers([1, 2]), .numbers([3, 4])])]
    #expect(value.prettyText == "{\n  \"m\": [\n    [1,2],\n    [3,4]\n  ]\n}")
  }
}

extension String {
  fileprivate var json: JSONValue { .string(self) }
}
