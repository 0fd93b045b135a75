import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// What is read of a file is read of what `anonymize` and `repair` make of it, or the loss is told.
struct XDFKeepingTests {
  /// A file that is odd in one way.
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// Header chunks of stream 1.
    var head: [UInt8]
    /// What lies between its samples, and the bytes of it that go.
    var odd: [UInt8] = []
    var lost = 0
    /// Bytes that the reader takes no notice of: they stay in a repaired file.
    var ignored = 0
  }

  private static let element = "<info>\(fields)</info>"
  private static let fields =
    "<name>S</name><type>EEG</type><channel_count>2</channel_count><nominal_srate>10</nominal_srate><channel_format>int16</channel_format>"
  private static func header(_ text: String) -> [UInt8] { SampleXDF.chunk(2, stream: 1, Array(text.utf8)) }
  private static let wide = header(element.replacingOccurrences(of: ">2<", with: ">3<"))
  private static let broken = header("<info><channel_count>many</channel_count></info>")
  private static let blanks = String(repeating: " ", count: 100)

  static let cases: [Case] =
    [
      Case(testDescription: "plain", head: header(element)),
      Case(
        testDescription: "an element before the fields holds fields of their names",
        head: header("<info><desc><channel_count>3</channel_count><channel_format>int8</channel_format></desc>\(fields)</info>")),
      Case(testDescription: "a comment", head: header("<info><!-- <channel_count>3</channel_count> -->\(fields)</info>")),
      Case(testDescription: "blanks behind", head: header(element + blanks)),
      Case(testDescription: "zeros behind", head: header(element + String(repeating: "\0", count: 100))),
      Case(testDescription: "blanks before", head: header(blanks + element)),
      Case(testDescription: "a byte behind", head: header(element + "x")),
      Case(testDescription: "not closed", head: header("<info>\(fields)")),
      Case(testDescription: "a second header", head: header(element) + wide, ignored: wide.count),
      Case(testDescription: "a second header before one that cannot be read", head: broken + header(element), ignored: broken.count),
    ] + odd.map { Case(testDescription: $0, head: header(element), odd: $1, lost: $1.count) } + [
      Case(
        testDescription: "an unknown kind over a boundary", head: header(element),
        odd: SampleXDF.chunk(99, hidden + SampleXDF.boundaryChunk),
        lost: SampleXDF.chunk(99, hidden).count)
    ]

  private static let hidden = SampleXDF.samples(1, from: 0, count: 2)
  private static let odd: [(String, [UInt8])] = [
    ("a short clock", SampleXDF.chunk(4, stream: 1, [1, 2, 3])),
    ("a short boundary", SampleXDF.chunk(5, Array(SampleXDF.boundary.prefix(9)))),
    ("a footer of no XML", SampleXDF.chunk(6, stream: 1, [1, 2, 3])), ("a file header of no XML", SampleXDF.chunk(1, [1, 2, 3])),
  ]

  /// What is read of a file.
  private struct Content: Equatable {
    var spans: [TimeSpan]
    var events: [Event]
    var samples: [Double]
  }

  private func content(_ path: String) throws -> Content {
    var recording = try Recording.open(path: path)
    let info = recording.recording
    var samples: [Double] = []
    for channel in info.channels { samples += try recording.read(0..<channel.sampleCount, of: [channel.index]).channel(0) }
    return Content(spans: info.streams.flatMap(\.spans), events: try recording.events(), samples: samples)
  }

  @Test(arguments: cases)
  func `samples and times stay`(_ odd: Case) throws {
    let blocks = (0..<4).map { SampleXDF.samples(1, from: 10 * $0, count: 10) }
    let texts = SampleXDF.header(2, format: "string", channels: 1, rate: 0)
    // No boundary comes behind what is odd.
    let bytes =
      Array("XDF:".utf8) + SampleXDF.chunk(1, Array("<info><version>1.0</version></info>".utf8)) + odd.head + texts + blocks[0]
      + SampleXDF.boundaryChunk + SampleXDF.clock + blocks[1] + odd.odd + blocks[2] + SampleXDF.marker(2, "769") + blocks[3]
    let paths = (0..<3).map { _ in temporaryPath("xdf") }
    defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
    try Data(bytes).write(to: URL(fileURLWithPath: paths[0]))
    let read = try content(paths[0])
    #expect(read.samples.count == 80 && read.events.count == 1)

    let anonymized = try Anonymization.anonymize(path: paths[0], to: WritingTarget(path: paths[1]))
    #expect(try content(paths[1]) == read)
    #expect(anonymized.cutBytes == odd.lost + odd.ignored)
    let repaired = try RecordingRepair.repair(path: paths[0], to: WritingTarget(path: paths[2]))
    #expect(repaired.lostBytes == odd.lost)
    if repaired.isNeeded { #expect(try content(paths[2]) == read) }
  }
}
