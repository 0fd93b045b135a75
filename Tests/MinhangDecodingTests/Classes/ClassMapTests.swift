import MinhangCore
import Testing

@testable import MinhangDecoding

struct ClassMapTests {
  @Test func `text gives classes with their labels and back`() throws {
    let map = try ClassMap(text: "left_hand=T1+L, right_hand = T2")
    #expect(map.names == ["left_hand", "right_hand"])
    #expect(map.classIndex(ofLabel: "L") == 0 && map.classIndex(ofLabel: "T2") == 1 && map.classIndex(ofLabel: "T0") == nil)
    #expect(map.text == "left_hand=T1+L,right_hand=T2")
    #expect(try ClassMap(text: map.text) == map)
    #expect(try ClassMap(text: "T1,T2").names == ["T1", "T2"])
  }

  @Test(arguments: [
    ("a=T1", "a class map with 1 class"), ("a=T1,a=T2", "class \"a\" comes twice"), ("a=T1,b=T1", "label \"T1\" comes twice"),
    ("a=,b=T2", "class \"a\" with labels \"\""), ("=T1,b=T2", "class \"\""), ("", "a class map with 1 class"), ("a=T1,,b=T2", "class \"\""),
    ("a=T1+,b=T2", "class \"a\""),
  ])
  func `a wrong map is refused by what is wrong`(text: String, message: String) {
    #expect {
      try ClassMap(text: text)
    } throws: { ($0 as? DecodingError)?.code == .invalidClasses && "\($0)".hasPrefix(message) }
  }

  @Test func `without a map every label that recurs and is not rest is a class, sorted`() throws {
    let labels = ["T2", "T0", "T1", "T2", "T0", "T1", "once", "BAD_move", "BAD_move", "boundary", "boundary", "Rest", "Rest"]
    let map = try ClassMap(defaultFor: labels.enumerated().map { Event(onset: Double($0), label: $1) })
    #expect(map.text == "T1=T1,T2=T2")
  }

  @Test func `too few labels are listed`() {
    let events = ["T0", "T0", "T1", "T1", "\u{1B}[2J"].map { Event(onset: 0, label: $0) }
    #expect {
      try ClassMap(defaultFor: events)
    } throws: { error in
      let text = "\(error)"
      return text.contains("\"T1\" × 2") && text.contains("state the classes") && !text.contains("\u{1B}")
    }
  }
}
