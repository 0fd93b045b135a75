import Testing

@testable import MinhangCommands

struct WarningGroupsTests {
  @Test func `warnings of one text are told once, with the channels named`() {
    let lines = (1...8).map { "a.edf: channel \"C\($0)\": is flat" } + ["a.edf: channel \"X\": is noisy", "b.edf: something else"]
    #expect(
      WarningGroups.collapsed(lines) == [
        "a.edf: 8 channels (\"C1\", \"C2\", \"C3\", \"C4\", \"C5\", \"C6\" and 2 more): each is flat", "a.edf: channel \"X\": is noisy",
        "b.edf: something else",
      ])
    #expect(WarningGroups.collapsed([]).isEmpty)
  }
}
