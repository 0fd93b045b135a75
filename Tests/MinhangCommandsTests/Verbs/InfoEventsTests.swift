import Foundation
import Testing

struct InfoEventsTests {
  /// A recording of SpikeGLX with a synchronisation word, as long as asked; all but its first frames is a hole.
  private func probe(bytes: Int) throws -> (folder: TemporaryFolder, path: String) {
    let folder = try TemporaryFolder()
    let path = folder.path("p_g0_t0.imec0.ap.bin")
    var data = Data()
    for i in 0..<8 {
      for word in [0, 0, 0, i == 3 ? 64 : 0] as [Int16] { withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) } }
    }
    try data.write(to: URL(fileURLWithPath: path))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: UInt64(bytes))
    try file.close()
    let meta = [
      "typeThis=imec", "imSampRate=30000", "imAiRangeMax=0.62", "imMaxInt=2048", "imChan0apGain=100", "imDatPrb_type=2013", "nSavedChans=4",
      "acqApLfSy=3,0,1", "snsApLfSy=3,0,1", "snsSaveChanSubset=all", "fileSizeBytes=\(bytes)",
    ]
    try Data(meta.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: folder.path("p_g0_t0.imec0.ap.meta")))
    return (folder, path)
  }

  @Test func `digital events of a small file are counted`() throws {
    let (_folder, path) = try probe(bytes: 80_000)
    defer { withExtendedLifetime(_folder) {} }
    let run = try Tool.run("info", "--json", path)
    #expect(run.status == 0 && run.errors.isEmpty && run.output.contains("\"events\":{\"SY0.6\":1}"), "\(run.output) \(run.errors)")
    let none = try Tool.run("info", "--json", "--no-events", path)
    #expect(none.status == 0 && none.errors.isEmpty && none.output.contains("\"events\":null"))
  }

  @Test func `a large file is not searched unless asked`() throws {
    let (_folder, path) = try probe(bytes: 80_000_000)
    defer { withExtendedLifetime(_folder) {} }
    let run = try Tool.run("info", "--json", "--strict", path)
    #expect(run.status == 0 && run.errors.contains("--events"), "\(run.errors)")
    #expect(run.output.contains("\"events\":null"))
    let asked = try Tool.run("info", "--json", "--events", path)
    #expect(asked.status == 0 && asked.errors.isEmpty && asked.output.contains("\"events\":{\"SY0.6\":1}"))
  }
}
