import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Files for other programs to read: `Goldens/check_written.py` compares what MNE, edfio and pyEDFlib make of them with what was written.
struct FilesForPeersTests {
  private static let folder = ProcessInfo.processInfo.environment["MINHANG_WRITTEN"]

  @Test(.enabled(if: folder != nil, "MINHANG_WRITTEN names the folder to write to; Goldens/check_written.py sets it"))
  func `every kind of file, with its numbers beside it`() throws {
    let folder = try #require(Self.folder)
    for (index, made) in EDFWriterTests.cases.enumerated() {
      let suffix = made.family.rawValue.lowercased()
      let path = "\(folder)/case\(index).\(suffix)"
      try made.write(path, blockSize: 100)
      let description: [String: Any] = [
        "labels": made.channels.map(\.label), "rates": made.channels.map(\.sampleRate), "numbers": made.numbers,
        "physical": made.channels.map { Array(made.block([$0.index], 0..<$0.sampleCount).channel(0)) },
        "factors": made.channels.map { $0.unit.microvoltsPerUnit ?? 1 },
        "spans": made.spans.map { [$0.start, $0.duration] },
        "events": made.events.map { [$0.onset, $0.duration ?? -1, $0.label] as [Any] },
        "start": made.start?.iso8601 ?? "",
      ]
      try JSONSerialization.data(withJSONObject: description).write(to: URL(fileURLWithPath: path + ".json"))
    }
    let stages = (0..<300).map { Event(onset: Double($0) * 30, duration: 30, label: "Sleep stage \($0 % 5)") }
    try EDFWriter(path: folder + "/annotations.edf", family: .edf, channels: [], events: stages).finish()
  }
}
