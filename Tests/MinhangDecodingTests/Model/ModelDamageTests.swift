import Foundation
import MinhangCore
import Testing

@testable import MinhangDecoding

struct ModelDamageTests {
  let bytes: [UInt8]

  init() throws { bytes = try DecoderModelTests.model().encoded() }

  /// The file with its record changed and its checksums made right again, so that only the later checks can find it.
  func changed(_ change: (inout [String: Any]) -> Void) throws -> [UInt8] {
    var archive = try StoredArchive(bytes: bytes)
    var json = try #require(try JSONSerialization.jsonObject(with: Data(archive["model.json"] ?? [])) as? [String: Any])
    change(&json)
    archive.entries[0] = StoredArchive.Entry(name: "model.json", content: Array(try JSONSerialization.data(withJSONObject: json)))
    return archive.bytes
  }

  func refusal(_ bytes: [UInt8]) -> String? {
    do {
      _ = try DecoderModel(bytes: bytes, source: "m.model")
      return nil
    } catch {
      #expect(error.code == .invalidModel && error.message.hasPrefix("m.model: ") && !error.message.contains("\n"))
      return error.message
    }
  }

  @Test func `any cut is refused with a line that names the file`() {
    for length in stride(from: 0, to: bytes.count, by: 97) { #expect(refusal(Array(bytes.prefix(length))) != nil) }
  }

  @Test func `any changed byte is refused or harmless, never a trap`() {
    var generator = SeededGenerator(seed: 1)
    var refused = 0
    for _ in 0..<400 {
      var damaged = bytes
      damaged[generator.nextInteger(below: bytes.count)] ^= UInt8(1 << generator.nextInteger(below: 8))
      if refusal(damaged) != nil { refused += 1 }
    }
    // Harmless are only the fields that a reader need not look at: versions, times, attributes in the headers.
    #expect(refused > 350)
  }

  @Test func `a changed array is refused by the name of its entry`() throws {
    var archive = try StoredArchive(bytes: bytes)
    let index = try #require(archive.entries.firstIndex { $0.name == "arrays/2.lda.weights.npy" })
    var content = archive.entries[index].content
    content[content.count - 1] ^= 1
    archive.entries[index] = StoredArchive.Entry(name: archive.entries[index].name, content: content)
    #expect(
      refusal(archive.bytes)
        == "m.model: entry \"arrays/2.lda.weights.npy\" does not match its sha256; expected the bytes that were written")
    // With the bytes only, the archive's own checksum finds it.
    var plain = bytes
    let place = try #require(plain.firstRange(of: Array("arrays/1.csp.filters.npy".utf8) + [0x93])).upperBound + 200
    plain[place] ^= 1
    #expect(refusal(plain) == "m.model: the file is no whole model: entry \"arrays/1.csp.filters.npy\" does not match its checksum")
  }

  @Test(arguments: [
    ("schema", "minhang.model/9" as any Sendable, "schema: is \"minhang.model/9\"; expected minhang.model/1"),
    ("channels", [String](), "channels: 0 names"),
    ("channels", ["a", "A", "b", "c", "d", "e"], "channels: 6 names"), ("channels", ["a", "b"], "step \"csp\" is given"),
    ("sampling_rate", -1.0, "sampling_rate: is -1.0"), ("sampling_rate", 1e300, "sampling_rate: is 1e+300"),
    ("sampling_rate", 200.0, "window: 120 samples; expected 240"),
    ("sampling_rate", "x", "sampling_rate: is of the wrong type"), ("filters", [Int](), "filters: none for stage 0"),
    ("arrays", [Int](), "array \"filters\" is missing"),
    ("classes", [["name": "a", "labels": ["T1"]] as [String: any Sendable]], "a class map with 1 class"),
    ("pipeline", ["name": "x", "yaml": "name: x\nsteps: [lda]"], "pipeline \"x\": step \"lda\" takes features"),
    ("pipeline", ["name": "x", "yaml": "name: x\nsteps: [log-variance, lda]"], "filters: 1 of them; expected 0"),
    ("window", ["start": 0, "stop": 1e9, "samples": 5], "window 0.0:"),
  ])
  func `a record that does not fit is refused by its key`(key: String, value: any Sendable, message: String) throws {
    let text = try #require(refusal(try changed { $0[key] = value }))
    #expect(text.contains(message), "\(text)")
  }

  @Test func `a missing key is named, and unstable sections are refused`() throws {
    #expect(refusal(try changed { $0["window"] = nil })?.contains("window: is missing") == true)
    let unstable = try changed { $0["filters"] = [["stage": 0, "kind": "bandpass", "sections": [[1, 0, 0, 1, 0, 2]]]] }
    #expect(refusal(unstable)?.contains("is not stable") == true)
  }

  @Test func `arrays of another shape or type are refused`() throws {
    for (content, message) in [
      (NPYArray.bytes(shape: [3, 6], values: [Double](repeating: 0, count: 18)), "has shape [3, 6]; expected [6, 6]"),
      (Array("\u{93}NUMPY".utf8), "no NumPy array"),
      (NPYArray.bytes(shape: [6, 6], values: [Double](repeating: .nan, count: 36)), "holds a number that is not finite"),
      (Array(NPYArray.bytes(shape: [6, 6], values: [Double](repeating: 1, count: 36)).dropLast(8)), "280 bytes of values; expected 288"),
    ] {
      var archive = try StoredArchive(
        bytes: try changed { json in
          var arrays = json["arrays"] as? [[String: Any]] ?? []
          arrays[0]["sha256"] = ContentDigest.sha256(of: content)
          json["arrays"] = arrays
        })
      let index = try #require(archive.entries.firstIndex { $0.name == "arrays/1.csp.filters.npy" })
      archive.entries[index] = StoredArchive.Entry(name: archive.entries[index].name, content: content)
      let text = try #require(refusal(archive.bytes))
      #expect(text.contains(message), "\(text)")
    }
  }

  @Test func `what is no archive says so`() {
    #expect(refusal(Array("hello".utf8)) == "m.model: the file is no model: it does not begin as a ZIP archive does")
    #expect(refusal([]) != nil)
    #expect(refusal(StoredArchive().bytes) != nil)
  }
}
