import Foundation
import MinhangCore
import Testing

@testable import MinhangRecordings

struct NPYReaderTests {
  /// An array as NumPy writes it.
  static func array(_ descr: String, shape: String, isFortran: Bool = false, version: UInt8 = 1, _ data: [UInt8]) -> [UInt8] {
    let words = "{'descr': '\(descr)', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': (\(shape)), }"
    let prefix = version == 1 ? 10 : 12
    let length = (prefix + words.utf8.count + 1 + 63) / 64 * 64 - prefix
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
    if version > 1 { bytes += [0, 0] }
    return bytes + Array(words.utf8) + [UInt8](repeating: 0x20, count: length - words.utf8.count - 1) + [0x0A] + data
  }

  static func open(_ bytes: [UInt8], suffix: String = "npy", _ options: OpeningOptions = OpeningOptions(sampleRate: 100, unit: .microvolt))
    throws
    -> any RecordingReader
  {
    let path = temporaryPath(suffix)
    defer { unlink(path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try Recording.open(path: path, options: options)
  }

  private func bytes<Number: FixedWidthInteger>(_ numbers: [Number], isBig: Bool) -> [UInt8] {
    numbers.flatMap { number in withUnsafeBytes(of: isBig ? number.bigEndian : number.littleEndian) { Array($0) } }
  }

  @Test(arguments: [false, true])
  func `every type in both orders`(isBig: Bool) throws {
    let mark = isBig ? ">" : "<"
    let cases: [(String, [UInt8], [Double])] = [
      ("i2", bytes([1, -2, 3, Int16.min], isBig: isBig), [1, -2, 3, -32768]),
      ("u2", bytes([1, UInt16.max, 3, 4], isBig: isBig), [1, 65535, 3, 4]),
      ("i4", bytes([1, -2, Int32.max, 4], isBig: isBig), [1, -2, 2_147_483_647, 4]),
      ("u4", bytes([1, UInt32.max, 3, 4], isBig: isBig), [1, 4_294_967_295, 3, 4]),
      ("i8", bytes([1, -2, Int64.min, 4], isBig: isBig), [1, -2, -0x1p63, 4]),
      ("u8", bytes([1, UInt64.max, 3, 4], isBig: isBig), [1, 0x1p64, 3, 4]),
      ("f2", bytes([0x3C00, 0xC100, 0x0001, 0x7C00] as [UInt16], isBig: isBig), [1, -2.5, 0x1p-24, .infinity]),
      ("f4", bytes([Float(0.1), -2, 3, 4].map(\.bitPattern), isBig: isBig), [Double(Float(0.1)), -2, 3, 4]),
      ("f8", bytes([0.1, -2, 3, 4].map(\.bitPattern), isBig: isBig), [0.1, -2, 3, 4]), ("i1", [1, 0xFE, 3, 0x80], [1, -2, 3, -128]),
      ("u1", [1, 0xFE, 3, 0x80], [1, 254, 3, 128]), ("b1", [1, 0, 2, 1], [1, 0, 1, 1]),
    ]
    for (type, data, expected) in cases {
      var reader = try Self.open(Self.array(mark + type, shape: "4,", data))
      #expect(Array(try reader.read(0..<4, of: [0]).channel(0)) == expected, "\(type)")
      #expect(reader.recording.warnings.isEmpty)
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt8])
  func `the smaller dimension is the channels, in either order of the elements`(version: UInt8) throws {
    for isFortran in [false, true] {
      for isTall in [false, true] {
        let (channels, samples) = (3, 40)
        var data: [Int16] = []
        for slow in 0..<(isTall != isFortran ? samples : channels) {
          for fast in 0..<(isTall != isFortran ? channels : samples) {
            let (channel, sample) = isTall != isFortran ? (fast, slow) : (slow, fast)
            data.append(Int16(100 * channel + sample))
          }
        }
        let shape = isTall ? "\(samples), \(channels)" : "\(channels), \(samples)"
        var reader = try Self.open(Self.array("<i2", shape: shape, isFortran: isFortran, version: version, bytes(data, isBig: false)))
        #expect(reader.recording.channels.count == 3 && reader.recording.notes.count == 1)
        let block = try reader.read(7..<30, of: [2, 0])
        #expect(
          block.channel(0).elementsEqual((7..<30).map { Double(200 + $0) }) && block.channel(1).elementsEqual((7..<30).map(Double.init)))
      }
    }
  }

  @Test func `damage`() throws {
    let data = [UInt8](repeating: 1, count: 80)
    let error = #expect(throws: RecordingError.self) { try Self.open(Self.array("<f8", shape: "10,", data), .none) }
    #expect(error?.message.contains("--input-rate") == true)
    let cut = try Self.open(Self.array("<i2", shape: "20, 4", Array(data.prefix(41))))
    #expect(cut.recording.channels[0].sampleCount == 5 && cut.recording.warnings.map(\.code) == [.cutRecord])
    let rows = try Self.open(Self.array("<i2", shape: "2, 40", Array(data) + Array(data.prefix(40))))
    #expect(rows.recording.channels[0].sampleCount == 20 && rows.recording.warnings.map(\.code) == [.cutRecord])
    for (type, shape) in [
      ("<c16", "5,"), ("<f8", "9223372036854775807, 9223372036854775807"), ("<f8", "2, 2, 2"), ("<f8", "-5,"), ("<f8", "x,"), ("|O", "10,"),
      ("<U4", "5,"), ("<f8", ""), ("<f8", "1099511627776, 1099511627776, 0"),
    ] {
      #expect(throws: RecordingError.self, "\(type) \(shape)") { try Self.open(Self.array(type, shape: shape, data)) }
    }
    let whole = Self.array("<f8", shape: "10,", data)
    for count in 6..<whole.count where count < 100 || count % 7 == 0 {
      do { _ = try Self.open(Array(whole.prefix(count))) } catch is RecordingError {}
    }
  }
}
