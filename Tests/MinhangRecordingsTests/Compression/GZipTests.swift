import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

/// Recordings packed by gzip: what is whole is read as if it were not packed, what is damaged is told, what is a bomb is refused.
struct GZipTests {
  private func open(_ bytes: [UInt8], suffix: String) throws -> any RecordingReader {
    let path = temporaryPath(suffix)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try Recording.open(path: path)
  }

  private static let plain = SampleBCI2000(samples: 3000).bytes

  @Test(arguments: SampleGZip.Method.allCases, ["dat.gz", "gz"])
  func `a packed recording is that recording`(method: SampleGZip.Method, suffix: String) throws {
    var reader = try open(SampleGZip.packed(Self.plain, method), suffix: suffix)
    let info = reader.recording
    #expect(info.warnings.isEmpty && info.notes.map(\.code) == [.compression])
    #expect(info.format.name == "BCI2000 1.0" && info.byteCount != Self.plain.count)
    var other = try SampleBCI2000.read(Self.plain)
    #expect(try reader.events() == other.events())
    // The file is gone by now: its content is held by the reader.
    #expect(try reader.read(1000..<3000, of: [1]).channel(0).elementsEqual(other.read(1000..<3000, of: [1]).channel(0)))
  }

  @Test func `codes of its own and matches that reach far back`() throws {
    // Python: gzip.compress("time,C3\\n" + "".join(f"{i/100:.2f},{i*37%101-50}\\n" for i in range(400)), 9, mtime=0)
    let bytes = try #require(Data(base64Encoded: Self.table))
    var reader = try open(Array(bytes), suffix: "csv.gz")
    #expect(reader.recording.warnings.map(\.code) == [.unit] && reader.recording.channels.map(\.sampleRate) == [100])
    #expect(try reader.read(0..<400, of: [0]).channel(0).elementsEqual((0..<400).map { Double($0 * 37 % 101 - 50) }))
  }

  @Test func `members, names and padding are part of the format`() throws {
    let half = Self.plain.count / 2
    let name = Array("run.dat".utf8) + [0]
    let bytes =
      SampleGZip.packed(Array(Self.plain[..<half]), flags: 0x1E, extra: [3, 0, 7, 7, 7] + name + name + [0, 0])
      + SampleGZip.packed([]) + SampleGZip.packed(Array(Self.plain[half...]), .stored) + [0, 0, 0, 0, 0]
    let reader = try open(bytes, suffix: "gz")
    #expect(reader.recording.warnings.isEmpty && reader.recording.channels[0].sampleCount == 3000)
  }

  @Test func `a cut file keeps what came before`() throws {
    let bytes = SampleGZip.packed(Self.plain)
    let reader = try open(Array(bytes[..<(bytes.count * 3 / 4)]), suffix: "dat.gz")
    #expect(reader.recording.warnings.first?.code == .compression && reader.recording.channels[0].sampleCount > 2000)
    let almost = try open(Array(bytes.dropLast(3)), suffix: "dat.gz")
    #expect(almost.recording.warnings.map(\.code) == [.compression] && almost.recording.channels[0].sampleCount == 3000)
  }

  @Test func `a wrong checksum, a wrong size and rubbish are told`() throws {
    let bytes = SampleGZip.packed(Self.plain, .stored)
    for place in [bytes.count - 8, bytes.count - 1, bytes.count - 20] {
      var changed = bytes
      changed[place] ^= 1
      let reader = try open(changed, suffix: "dat.gz")
      #expect(reader.recording.warnings.map(\.code) == [.compression] && reader.recording.channels[0].sampleCount == 3000)
    }
    #expect(try open(bytes + [1, 2, 3], suffix: "gz").recording.warnings.map(\.code) == [.compression])
  }

  @Test func `a name that promises something unpacked is told`() throws {
    #expect(try open(SampleGZip.packed(Self.plain), suffix: "edf").recording.warnings.map(\.code) == [.formatVariant, .formatVariant])
  }

  @Test func `a bomb is refused before it is large`() throws {
    // Python: gzip.compress(bytes(1 << 20), 9, mtime=0), the largest growth that there is: 1016 bytes of it are 0.
    let start: [UInt8] = [
      0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, 0xED, 0xC1, 0x31, 1, 0, 0, 0, 0xC2, 0xA0, 0xF5, 0x4F, 0x6D, 8, 0x5F, 0xA0,
    ]
    let bomb = start + [UInt8](repeating: 0, count: 1016) + [0x3E, 3, 0x1C, 0xEA, 0x38, 0xA7, 0, 0, 0x10, 0]
    #expect { try open(bomb, suffix: "gz") } throws: { "\($0)".contains("file type of the unpacked content") }
    let bytes = (0..<70).flatMap { _ in bomb }
    #expect { try open(bytes, suffix: "xdfz") } throws: { "\($0)".contains("unpacks to more than 67108864 bytes") }
  }

  @Test func `a disk without room is told before it is full`() throws {
    let path = temporaryPath("gz")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(SampleGZip.packed(Self.plain)).write(to: URL(fileURLWithPath: path))
    var unpacking = try GZipUnpacking(try RandomAccessFile(path: path), spareBytes: .max)
    var log = WarningLog()
    #expect { try unpacking.run(log: &log) } throws: { "\($0)".contains("disk for temporary files") }
  }

  @Test(
    arguments: [
      [0x1F, 0x8B], [0x1F, 0x8B, 7, 0], [0x1F, 0x8B, 8, 0xFF, 0, 0, 0, 0, 0, 0, 3, 0], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 7],
    ] as [[UInt8]])
  func `what is no gzip file behind its first bytes is refused`(bytes: [UInt8]) {
    #expect(throws: RecordingError.self) { try open(bytes, suffix: "gz") }
  }

  @Test func `what is packed twice or holds no recording is refused`() {
    for content in [SampleGZip.packed(Self.plain), Array("hello".utf8), []] {
      #expect(throws: RecordingError.self) { try open(SampleGZip.packed(content), suffix: "gz") }
    }
  }

  @Test func `no damage of one byte traps`() throws {
    let bytes = Array(try #require(Data(base64Encoded: Self.table)))
    for place in bytes.indices {
      for value in [0, 0xFF, bytes[place] ^ 0x10] as [UInt8] {
        var changed = bytes
        changed[place] = value
        if var reader = try? open(changed, suffix: "csv.gz"), let channel = reader.recording.channels.first {
          _ = try? reader.read(0..<channel.sampleCount, of: [0])
        }
      }
    }
  }

  private static let table = """
    H4sIAAAAAAACAyWWMRLstg4E83cWrmsBSKIY+ywOfvAz37883RuBwuxSGFBd4L//+/8/6+/58/3r+12f+8ui1qfM9OqLOOtzqVzro3CvUXjyrLDXJrzrMn/Wp8nXdxVC\
    ZcvLRWdvlVltgi1d3Mv8s36PO1u4eNfvD2e5Q6dM9+xavqOzpW/tlKlwLYvqO1srZE/CXrroN1ubP0uf810aH4wjTIwrYLxYpEqFGFfAuMJeDyHGzWOc/BXjCBfGXxYY\
    V4lxFYyrpEyFVKmAc4V3HUKMk78xTv6uVQg3xm8WKVPhWq2AcYVnNWGvMY9x8zGO8HzXhfBgHOGJcQWMu0iVCjHuM8Zd7GU+xn3EOIsd4wgb4+y9Ma4S4yoYV0mZCjGu\
    gHGFd2Fnxzj5F+Pk3xhHeDFOS96UqRDjChhXeBYtfWPcPMbNxzjCiXGEg3GEE+MKGOckT6pUiHEFjCvkKyLEuHmMz58Cn3w7JT35mgp6wKjAp1UuMSrw+Sg8YFTQA0YF\
    P5twwKigB4wKfAoBei4XI0YFPm3iFqOCH/N7/R5fMSrw8Q/Bxx26xKjAx3dAj28NPh+Fe1lUP2JU8EPVwUcXfcSowEefwUfj02JU4GNrpKdY3GBU4DMKW4wKfh7CAaOC\
    HjAq8CkE6MmBFfSAUYFPq9xiVODzUdhgVNADRgU/JyH4XOTvEqMCn1IYMSrw+SjcYFTQA0YFP014waigB4wKfAoh+FwIT4tRgU8rXGJU4PNReMCooOfzW7zL/Fn+bn/F\
    qMDHnaDHvfeIUYGPL4ceywk+H4W9rHa/YlTwg53go723xKjAxwZAjy0JPh+Fe9mx9xGjgh9aGnxs8XvEqMDHQwg+nsppMSrw8dygx5MMPh+FZ3nQZ4tRyQ/hgFE7fPKt\
    NPjk22npydfUDp9SucCopedSoUziBqOGHjBq+NkJweciz/Bp8sGnFEaM2uFTKjcYNfSAUcOP+Xf9Ho8YNfj4h+DjDgwf9ww+vgN6fCvTR+FZFtVbjBp+qDr46GK+YtTg\
    o8/go3GGj60IPrZGemgW00dhg1FDDxg1/DwJweciz/Bp8sGnFEaM2uFTKjcYtfSMygajBp9ROGLU8HMIBUbt8CnzA0YtPfnO2umj8IBRQw8YNfw04YBRQw8YNfgUQvC5\
    FEaMGnxa4RajdvoobDBq6Pn8FmeRDz7+juHjP4OPO0GPezN8fFnw8eXQYzlOH+K7rHYfMWr4wU7w0R7DR8PBxwZAjy1h+ig8y469W4wafmhp8LHF5ytGDT4eQvDxVBg+\
    nlPw8dygx5Nk+ijs5UGfV4xafv4M+OTLGIdPvpUBn1IYMRqHT6ncYDTSc6lQJvEFo/HyNgjhZxMKjMbh0+YHjEZ6Lhe3GA34tIktRgM/5s/ykbubPwg+/iH4uAPDxz2D\
    j++AHt/K9FHYy6K4vFlm+KHq4KML7m76Cj76DD4aZ/jYiuBja6SHZjF9FF4wGi9vgxB+HkKB0Th82vyA0UhPDmx+VzeVB4xGekblBaMBn0Hg8tYI4ecQGozG4VPmLzAa\
    6cl3Nk4fhQ1G4+VtFE4wGvAZ8tzdmnzwKYUBo3H4lMINRiM9l4sNRgM+4/MRo4Ef8sHH3zF8/GfwcSfocW+Gjy8LPr4ceizH6UM8y2q5vFl/+MFO8NEew0fDwccGQI8t\
    Yfoo7GXHuLzZQy5vCcHHFnN3s+nBx0MIPp4Kw8dzCj6eG/R4kkwfhXd50FzecvT/Aegb0KcEDQAA
    """
}
