import Foundation
import Testing

@testable import MinhangRecordings

/// Tables of chunks, and what is kept of the chunks.
struct HDF5ChunkTests {
  /// A file with bytes behind its superblock; the bytes begin at the address that is handed over.
  private func file(_ body: (Int) -> [UInt8]) throws -> (file: HDF5File, place: Int) {
    var made = SampleEEGLAB()
    made.hierarchy = SampleHDF5()
    let start = made.bytes
    let folder = try SampleFolder()
    let path = try folder.write(start + body(start.count), "a.set")
    return try withExtendedLifetime(folder) { (try HDF5File(try RandomAccessFile(path: path)), start.count) }
  }

  private func number(_ value: Int) -> [UInt8] { withUnsafeBytes(of: UInt64(value).littleEndian) { Array($0) } }

  /// The dataspace of some sizes.
  private func space(_ sizes: [Int]) throws -> HDF5Dataspace {
    let (file, place) = try file { _ in [2, UInt8(sizes.count), 0, 1] + sizes.flatMap(number) }
    return try HDF5Dataspace(place..<place + 4 + 8 * sizes.count, file.bytes)
  }

  private func fixedArray(entries: Int, pageBits: UInt8) throws -> HDF5ChunkTable {
    let size = 28
    let (file, place) = try file { place in
      let base = 512
      let head: [UInt8] = Array("FAHD".utf8) + [0, 0, 8, pageBits] + number(entries) + number(place + size - base) + [0, 0, 0, 0]
      let table: [UInt8] = Array("FADB".utf8) + [0, 0] + number(place - base) + number(place - base) + number(place - base)
      return head + table + [UInt8](repeating: 0, count: 64)
    }
    #expect(file.bytes.base == 512)
    let chunks = HDF5Layout.Chunks(sizes: [2, 2], index: .fixedArray(place))
    return try HDF5ChunkTable(chunks, space: space([4, 2]), elementSize: 8, filters: HDF5Filters(), of: file)
  }

  @Test(arguments: [0, 10, 31])
  func `a fixed array has no more entries than the file`(pageBits: UInt8) throws {
    if pageBits > 0 { #expect(try fixedArray(entries: 2, pageBits: pageBits).entries.map(\.number) == [0, 1]) }
    for entries in [Int.max, Int.max - 1, Int.max - (1 << pageBits) + 1, 1 << 62, 1 << 40] {
      let error = #expect(throws: RecordingError.self) { try fixedArray(entries: entries, pageBits: pageBits) }
      #expect(error?.code == .badData && error?.message.contains("\(entries) entries; the file has") == true)
    }
  }

  private func data(_ sizes: [Int], _ chunks: [Int]) throws -> HDF5ChunkedData {
    let (file, place) = try file { _ in [UInt8](repeating: 0, count: 4096) }
    let space = try space(sizes)
    let table = try HDF5ChunkTable(
      HDF5Layout.Chunks(sizes: chunks, index: .implicit(place)), space: space, elementSize: 8, filters: HDF5Filters(), of: file)
    #expect(!table.entries.isEmpty)
    return try HDF5ChunkedData(
      table, file: file.bytes.file, sizes: sizes, chunkSizes: chunks, elementSize: 8, filters: HDF5Filters(),
      fill: [UInt8](repeating: 0, count: 8))
  }

  @Test func `chunks side by side are no more than are kept`() throws {
    for (sizes, chunks) in [
      ([2, 100_000], [2, 1]), ([1_000_000, 2], [2, 1]), ([4, 1_000_000], [1, 1]), ([1, 1_000_000], [8, 1]),
      ([3, 1_000_000, 2], [1, 2, 2]),
    ] { _ = try data(sizes, chunks) }
    for (sizes, chunks) in [([2, 1_000_000], [2, 1]), ([3, 2, 1_000_000], [1, 2, 1]), ([2, 1000, 1000], [2, 1, 1])] {
      let error = #expect(throws: RecordingError.self) { try data(sizes, chunks) }
      #expect(error?.code == .unsupported && error?.message.contains("1000000 chunks of") == true)
    }
  }
}
