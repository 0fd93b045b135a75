import Testing

@testable import MinhangDecoding

struct NPYArrayTests {
  @Test(arguments: [[0], [1], [7], [2, 3], [3, 0], [2, 2, 2], []])
  func `shape and values come back`(shape: [Int]) throws {
    let values = (0..<shape.reduce(1, *)).map { Double($0) * 0.1 - 3 }
    let bytes = NPYArray.bytes(shape: shape, values: values)
    let back = try NPYArray.array(bytes, name: "x")
    #expect(back.shape == shape && back.values == values)
    #expect((bytes.count - 8 * values.count) % 64 == 0)
  }

  /// The header that `numpy.save` writes for an array of shape (2, 3) (NumPy 2.4.6), but for its length.
  @Test func `the header is NumPy's`() {
    let text = String(
      decoding: NPYArray.bytes(shape: [2, 3], values: [Double](repeating: 0, count: 6)).dropFirst(10).prefix(70), as: UTF8.self)
    #expect(text.hasPrefix("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }"))
  }

  @Test(arguments: [
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "{'descr': '<f8', 'fortran_order': True, 'shape': (1,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", "{'descr': '<f8', 'fortran_order': False}", "",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999, 9999999999, 99), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2, 3, 4, 5, 6, 7, 8, 9), }",
  ])
  func `another type, order or shape is refused`(header: String) {
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes.append(littleEndian: header.utf8.count, width: 2)
    bytes += Array(header.utf8) + [UInt8](repeating: 0, count: 8)
    #expect { try NPYArray.array(bytes, name: "x") } throws: { ($0 as? DecodingError)?.code == .invalidModel }
  }

  /// CRC-32 of "123456789" is 0xCBF43926 (the check value of the catalogue of parametrised CRC algorithms).
  @Test func `the cyclic redundancy check`() {
    #expect(CyclicRedundancyCheck.value(of: Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(CyclicRedundancyCheck.value(of: []) == 0)
  }

  @Test func `an archive comes back, and with a comment too`() throws {
    var archive = StoredArchive()
    archive.entries = [StoredArchive.Entry(name: "a", content: [1, 2, 3]), StoredArchive.Entry(name: "b/ü", content: [])]
    #expect(try StoredArchive(bytes: archive.bytes) == archive)
    var commented = archive.bytes
    commented[commented.count - 2] = 2
    #expect(try StoredArchive(bytes: commented + [0x41, 0x42]) == archive)
    archive.entries.append(StoredArchive.Entry(name: "a", content: []))
    #expect(throws: DecodingError.self) { try StoredArchive(bytes: archive.bytes) }
  }
}
