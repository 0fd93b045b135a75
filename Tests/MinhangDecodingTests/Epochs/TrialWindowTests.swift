import MinhangCore
import Testing

@testable import MinhangDecoding

struct TrialWindowTests {
  @Test(arguments: [
    (0.5, 3.5, 160.0, 80..<560), (0, 1, 256, 0..<256), (-0.2, 0.8, 250, -50..<200), (0.5, 3.5, 1, 0..<4), (1.5, 2.5, 1, 2..<2),
    (0, 0.001, 100, 0..<0),
  ])
  func `samples run from the rounded start to before the rounded stop, halves to even`(
    start: Double, stop: Double, rate: Double, samples: Range<Int>
  ) throws {
    #expect(try TrialWindow(start: start, stop: stop).samples(at: rate) == samples)
  }

  @Test func `text goes both ways`() throws {
    for text in ["0.5:3.5", "-0.2:0.8", "0:1"] { #expect(try TrialWindow(text: text).description == text) }
  }

  @Test(arguments: ["", "1", "1:1", "2:1", "a:b", "0:nan", "0:inf", "0:1:2", ":1", "-1e9:0", "0:1e300"])
  func `a wrong window is refused`(text: String) {
    #expect {
      try TrialWindow(text: text)
    } throws: { ($0 as? DecodingError)?.code == .invalidWindow }
  }

  @Test func `no rate traps`() {
    for rate in [Double.nan, .infinity, -.infinity, 0, -1, 1e308] { _ = TrialWindow.standard.samples(at: rate) }
  }

  @Test(arguments: [
    ("sub-07_ses-1_task-mi_eeg.edf", "sub-07"), ("/a/b/S001R04.edf", "S001"), ("A01T.gdf", "A01"), ("anna_run1.edf", "anna"),
    ("x.edf", "x"),
    ("S1.edf", "S1"), ("", ""),
  ])
  func `the person is told from the file's name`(file: String, subject: String) {
    #expect(SubjectName.of(file: file) == subject)
  }
}
