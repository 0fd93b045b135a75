import MinhangCore
import Testing

@testable import MinhangRecordings

struct EDFLabelsTests {
  private func labels(_ names: [String], labels: [String]? = nil) -> EDFLabels {
    EDFLabels(names.indices.map { Channel(index: $0, name: names[$0], label: labels?[$0], sampleRate: 1) })
  }

  @Test(
    arguments: [
      (["LFP_RIGHT_ANTERIOR_01", "LFP_RIGHT_ANTERIOR_02"], ["LFP_RIGHT_ANT_01", "LFP_RIGHT_ANT_02"]),
      (["Hippocampus left 12", "Hippocampus left 13"], ["Hippocampus l 12", "Hippocampus l 13"]),
      (["ELECTRODE_NUMBER_A_LEFT_01", "ELECTRODE_NUMBER_B_LEFT_01"], ["ELECTR_A_LEFT_01", "ELECTR_B_LEFT_01"]),
      (["RightHippocampusContact7", "RightHippocampusContact8"], ["RightHippocampu7", "RightHippocampu8"]),
      // A short name stays as it is, whoever comes first.
      (["LFP_RIGHT_ANTERIOR_01", "LFP_RIGHT_ANT_01"], ["LFP__ANTERIOR_01", "LFP_RIGHT_ANT_01"]),
      (["EDF Annotations", "Cz"], ["EDF Annotat-2", "Cz"]),
    ])
  func `long names keep what tells them apart`(names: [String], expected: [String]) {
    let made = labels(names)
    #expect(made.labels == expected)
    #expect(made.labels.allSatisfy { $0.utf8.count <= 16 } && made.loss?.contains(names[0]) == true)
  }

  @Test func `labels of a file stay, and a channel is called by its name where labels repeat`() {
    #expect(labels(["FC5", "Fpz-Cz", "A", "A-2"], labels: ["Fc5.", "EEG Fpz-Cz", "A", "A"]).labels == ["Fc5.", "EEG Fpz-Cz", "A", "A-2"])
    // The second of two equal labels, alone.
    #expect(labels(["A-2"], labels: ["A"]).labels == ["A-2"])
    #expect(labels(["FC5", "A-2"], labels: ["Fc5.", "A"]).loss == nil)
  }

  @Test func `names without ASCII are told, the first of them and how many`() {
    let made = labels(["Cz", "\u{540D}\u{524D}", "\u{524D}\u{540D}"])
    #expect(Set(made.labels).count == 3)
    #expect(made.loss == "the names of 2 channels in 16 characters of ASCII: \"\u{540D}\u{524D}\" is stored as \"__\", …")
  }

  @Test func `any number of equal names`() {
    let made = labels([String](repeating: "An electrode of a long name", count: 300))
    #expect(Set(made.labels).count == 300 && made.labels.allSatisfy { $0.utf8.count <= 16 })
  }
}
