import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct NPZTests {
  /// A ZIP archive of stored entries.
  static func archive(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    func number(_ value: Int, _ width: Int) -> [UInt8] { (0..<width).map { UInt8(value >> (8 * $0) & 0xFF) } }
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in entries {
      let check = Int(CyclicCheck.value(of: bytes, from: 0))
      let common =
        number(20, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(check, 4) + number(bytes.count, 4) + number(bytes.count, 4)
        + number(name.utf8.count, 2) + number(0, 2)
      directory += number(0x0201_4B50, 4) + number(20, 2) + common + number(0, 10) + number(file.count, 4) + Array(name.utf8)
      file += number(0x0403_4B50, 4) + common + Array(name.utf8) + bytes
    }
    return file + directory + number(0x0605_4B50, 4) + number(0, 4) + number(entries.count, 2) + number(entries.count, 2)
      + number(directory.count, 4) + number(file.count, 4) + number(0, 2)
  }

  static func doubles(_ values: [Double], shape: String) -> [UInt8] {
    NPYReaderTests.array("<f8", shape: shape, values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } })
  }

  static func texts(_ values: [String]) -> [UInt8] {
    let width = values.map(\.unicodeScalars.count).max() ?? 1
    let data = values.flatMap { text -> [UInt8] in
      let scalars = text.unicodeScalars.map(\.value) + [UInt32](repeating: 0, count: width - text.unicodeScalars.count)
      return scalars.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }
    }
    return NPYReaderTests.array("<U\(width)", shape: "\(values.count),", data)
  }

  @Test func `an array with its rate and names`() throws {
    let bytes = Self.archive([
      ("sfreq.npy", Self.doubles([250], shape: "")), ("ch_names.npy", Self.texts(["C3", "Öz"])),
      ("data.npy", Self.doubles((0..<20).map(Double.init), shape: "2, 10")),
    ])
    var reader = try NPYReaderTests.open(bytes, suffix: "npz", OpeningOptions(unit: .millivolt))
    #expect(reader.recording.channels.map(\.name) == ["C3", "Öz"] && reader.recording.channels[0].sampleRate == 250)
    #expect(reader.recording.warnings.isEmpty)
    #expect(Array(try reader.read(3..<5, of: [1]).channel(0)) == [13000, 14000])
  }

  @Test func `trials of binned spikes: segments, events, units`() throws {
    let bytes = Self.archive([
      ("x.npy", Self.doubles([0, 20, 40, 0, 0, 60, 20, 20, 0, 0], shape: "5, 2")),
      ("vel.npy", Self.doubles((0..<10).map(Double.init), shape: "5, 2")),
      ("y.npy", Self.doubles([3, 3, 3, 5, 5], shape: "5,")), ("timestep.npy", Self.doubles([0, 1, 4, 0, 1], shape: "5,")),
      ("trial_len.npy", Self.doubles([3, 2], shape: "2,")),
    ])
    var reader = try NPYReaderTests.open(bytes, suffix: "npz", OpeningOptions(sampleRate: 20))
    let info = reader.recording
    #expect(info.channels.map(\.name) == ["unit1", "unit2", "vel_x", "vel_y"])
    #expect(info.channels.map(\.unit.symbol) == ["spikes/s", "spikes/s", "", ""])
    #expect(info.timeline(of: 0).segments.map(\.firstSample) == [0, 2, 3])
    #expect(info.spans.map(\.start) == [0, 0.2, 0.25] && info.warnings.map(\.code) == [.gap])
    #expect(try reader.events().map(\.label) == ["3", "5"])
    let block = try reader.read(0..<5, of: [3, 0, 1])
    #expect(Array(block.channel(0)) == [1, 3, 5, 7, 9] && Array(block.channel(2)) == [20, 0, 60, 20, 0])
    #expect(NPZOpening.rate(named: "/a/b-50ms.npz") == 20 && NPZOpening.rate(named: "/50ms/b.npz") == nil)
  }

  /// Trials of three and of two bins.
  private func trials(_ more: [(name: String, bytes: [UInt8])]) throws -> any RecordingReader {
    let entries = [
      ("x.npy", Self.doubles([0, 20, 40, 0, 0, 60, 20, 20, 0, 0], shape: "5, 2")), ("trial_len.npy", Self.doubles([3, 2], shape: "2,")),
    ]
    return try NPYReaderTests.open(Self.archive(entries + more), suffix: "npz", OpeningOptions(sampleRate: 20))
  }

  @Test(arguments: [[0, 0, 1], [2, 1, 3], [0, 0.5, 1], [0, .nan, 1], [0, 1, 1e9]])
  func `a time step that does not rise in a trial is told`(steps: [Double]) throws {
    let info = try trials([("timestep.npy", Self.doubles(steps + [5, 6], shape: "5,"))]).recording
    let told = try #require(info.warnings.first { $0.message.contains("(timestep)") && $0.message.contains("whole number above") })
    let bins = zip(steps, steps.dropFirst()).map { (1...100).contains($1 - $0) && ($1 - $0).rounded() == $1 - $0 }
    #expect(told.message.contains("of \(bins.count { !$0 }) bins, the first of them bin \((bins.firstIndex(of: false) ?? 0) + 2),"))
    #expect(try trials([("timestep.npy", Self.doubles([0, 1, 2, 0, 1], shape: "5,"))]).recording.warnings.isEmpty)
  }

  @Test func `arrays with other numbers than bins are not used`() throws {
    let long = Self.doubles([Double](repeating: 1, count: 6), shape: "6,")
    let reader = try trials([("timestep.npy", long), ("y.npy", long)])
    #expect(reader.recording.warningCodes == [.recordCount, .recordCount])
    #expect(try reader.events().map(\.label) == ["trial", "trial"])
  }

  @Test func `a small archive does not become large`() throws {
    let many = [("spike_times.npy", NPYReaderTests.array("|u1", shape: "4000001,", [UInt8](repeating: 0, count: 16)))]
    let error = #expect(throws: RecordingError.self) { try NPYReaderTests.open(Self.archive(many), suffix: "npz") }
    #expect(error?.message.contains("at most 4000000 numbers") == true)
  }

  @Test func `a stated sampling rate beyond any recording is refused, unless one was told`() throws {
    for rate in [1e300, Double.leastNonzeroMagnitude, 0, -1, .nan] {
      let bytes = Self.archive([("fs.npy", Self.doubles([rate], shape: "")), ("data.npy", Self.doubles([1, 2, 3, 4], shape: "2, 2"))])
      let error = #expect(throws: RecordingError.self) { try NPYReaderTests.open(bytes, suffix: "npz", .none) }
      #expect(error?.message == "array \"fs\" is \(rate); expected \(SamplingRate.expected)")
      #expect(try NPYReaderTests.open(bytes, suffix: "npz", OpeningOptions(sampleRate: 10)).recording.channels[0].sampleRate == 10)
      #expect(throws: RecordingError.self) { try NPYReaderTests.open(bytes, suffix: "npz", OpeningOptions(sampleRate: 1e300)) }
    }
  }

  @Test func `damaged archives are refused or read, never worse`() throws {
    let whole = Self.archive([("data.npy", Self.doubles((0..<20).map(Double.init), shape: "2, 10"))])
    for place in 0..<whole.count {
      var bytes = whole
      bytes[place] ^= 0xFF
      do {
        var reader = try NPYReaderTests.open(bytes, suffix: "npz")
        if let first = reader.recording.channels.first { _ = try reader.read(0..<first.sampleCount, of: [0]) }
      } catch is RecordingError {}
    }
    for count in 0..<whole.count {
      #expect(throws: RecordingError.self) { try NPYReaderTests.open(Array(whole.prefix(count)), suffix: "npz") }
    }
  }

  @Test func `inflation: what zlib deflated`() {
    // zlib.compressobj(9, zlib.DEFLATED, -15) of b"hello hello hello hello\n": fixed codes and a stretch that overlaps itself.
    let stream: [UInt8] = [0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0x40, 0x27, 0xB9, 0x00]
    #expect(Inflation.inflated(stream, size: 24) == Array("hello hello hello hello\n".utf8))
    #expect(Inflation.inflated(stream, size: 23) == nil && Inflation.inflated(stream, size: 25) == nil)
    #expect(Inflation.inflated(Array(stream.dropLast(2)), size: 24) == nil)
    #expect(Inflation.inflated(stream, size: Int.max) == nil && Inflation.inflated([], size: 0) == nil)
    let stored: [UInt8] = [1, 3, 0, 0xFC, 0xFF, 7, 8, 9]
    #expect(Inflation.inflated(stored, size: 3) == [7, 8, 9])
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<3000 {
      let bytes = (0..<(1 + generator.nextInteger(below: 60))).map { _ in UInt8(generator.nextInteger(below: 256)) }
      _ = Inflation.inflated(bytes, size: 200)
    }
  }

  @Test(arguments: [50, 100])
  func `a real archive: sums as NumPy gives them`(width: Int) throws {
    guard let path = References.recording("intracortical/chewie-2013-10-03-\(width)ms.npz") else { return }
    var reader = try Recording.open(path: path)
    let count = width == 50 ? 1731 : 1640
    #expect(reader.recording.channels.count == 182 && reader.recording.channels[0].sampleCount == count)
    #expect(reader.recording.channels[0].sampleRate == 1000 / Double(width) && reader.recording.channels[0].unit.symbol == "spikes/s")
    #expect(try reader.events().count == 159)
    let block = try reader.read(0..<count, of: Array(0..<174))
    let sum = (0..<174).reduce(0.0) { $0 + block.channel($1).reduce(0, +) }
    #expect(sum == (width == 50 ? Self.sum50 : Self.sum100))
  }

  // NumPy 2.4.6: np.load(...)["x"].astype(float).sum()
  private static let sum50 = 900420.0
  private static let sum100 = 811540.0
}
