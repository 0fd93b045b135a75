import Foundation
import MinhangCore

@testable import MinhangRecordings

/// A small HDF5 file as MATLAB 7.3 writes it, made part by part; places count from the superblock.
struct SampleHDF5 {
  /// Superblock version 2, object headers of version 2 and link messages, instead of the oldest forms.
  var isModern = false
  var isBigEndian = false
  /// Elements of a chunk of data sets of more than one number, slowest dimension first; nil for data that lie together.
  var chunk: [Int]?
  var filters: [HDF5Filters.Filter] = []
  var userBlock = 512
  private(set) var bytes: [UInt8] = []

  static let undefined = UInt64.max

  func number<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }

  /// A number of the data, in the order of bytes asked for.
  func element<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    withUnsafeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
  }

  func padded(_ data: [UInt8]) -> [UInt8] { data + [UInt8](repeating: 0, count: (8 - data.count % 8) % 8) }

  mutating func append(_ data: [UInt8]) -> Int {
    while bytes.count % 8 != 0 { bytes.append(0) }
    bytes += data
    return bytes.count - data.count
  }

  // MARK: - Messages

  func real(_ size: Int) -> [UInt8] {
    let fields: [UInt8] = size == 4 ? [0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0] : [0, 0, 64, 0, 52, 11, 0, 52, 0xFF, 3, 0, 0]
    return [0x11, 0x20 | (isBigEndian ? 1 : 0), UInt8(8 * size - 1), 0] + number(UInt32(size)) + fields
  }

  func whole(_ size: Int, isSigned: Bool) -> [UInt8] {
    [0x10, (isSigned ? 8 : 0) | (isBigEndian ? 1 : 0), 0, 0] + number(UInt32(size)) + [0, 0, UInt8(8 * size), 0]
  }

  var reference: [UInt8] { [0x17, 0, 0, 0] + number(UInt32(8)) }

  func space(_ sizes: [Int]) -> [UInt8] {
    var data: [UInt8] = isModern ? [2, UInt8(sizes.count), 0, sizes.isEmpty ? 0 : 1] : [1, UInt8(sizes.count), 0, 0, 0, 0, 0, 0]
    for size in sizes { data += number(UInt64(size)) }
    return data
  }

  func attribute(_ name: String, type: [UInt8], data: [UInt8]) -> (Int, [UInt8]) {
    let name: [UInt8] = Array(name.utf8) + [0]
    let parts = [name, type, space([])]
    var message: [UInt8] = isModern ? [3, 0] : [1, 0]
    for part in parts { message += number(UInt16(part.count)) }
    if isModern { message.append(0) }
    for part in parts { message += isModern ? part : padded(part) }
    return (12, message + data)
  }

  func classAttribute(_ name: String) -> (Int, [UInt8]) {
    attribute("MATLAB_class", type: [0x13, 0, 0, 0] + number(UInt32(name.utf8.count)), data: Array(name.utf8))
  }

  var emptyAttribute: (Int, [UInt8]) { attribute("MATLAB_empty", type: [0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0], data: [1]) }

  mutating func header(_ messages: [(Int, [UInt8])]) -> Int {
    var all: [UInt8] = []
    for (kind, data) in messages {
      if isModern {
        all += [UInt8(kind)] + number(UInt16(data.count))
        all += [0] + data
      } else {
        all += number(UInt16(kind)) + number(UInt16(padded(data).count))
        all += [0, 0, 0, 0] + padded(data)
      }
    }
    var head: [UInt8] = isModern ? Array("OHDR".utf8) + [2, 2] : [1, 0]
    if !isModern { head += number(UInt16(messages.count)) + number(UInt32(1)) }
    head += number(UInt32(all.count))
    if !isModern { head += [0, 0, 0, 0] }
    head += all
    return append(isModern ? head + number(HDF5CheckSum.lookup(head)) : head)
  }

  // MARK: - Objects

  mutating func group(_ links: [(String, Int)], _ more: [(Int, [UInt8])]) -> Int {
    if isModern {
      var messages: [(Int, [UInt8])] = [(2, [0, 0] + number(Self.undefined) + number(Self.undefined))]
      for (name, place) in links {
        let start: [UInt8] = [1, 0, UInt8(name.utf8.count)]
        messages.append((6, start + Array(name.utf8) + number(UInt64(place))))
      }
      return header(messages + more)
    }
    var names: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]
    var entries: [UInt8] = []
    for (name, place) in links.sorted(by: { $0.0 < $1.0 }) {
      entries += number(UInt64(names.count)) + number(UInt64(place))
      entries += [UInt8](repeating: 0, count: 24)
      names += padded(Array(name.utf8) + [0])
    }
    let data = append(names)
    let heapStart: [UInt8] = Array("HEAP".utf8) + [0, 0, 0, 0] + number(UInt64(names.count))
    let heap = append(heapStart + number(Self.undefined) + number(UInt64(data)))
    let nodeStart: [UInt8] = Array("SNOD".utf8) + [1, 0] + number(UInt16(links.count))
    let node = append(nodeStart + entries)
    let treeStart: [UInt8] = Array("TREE".utf8) + [0, 0, 1, 0] + number(Self.undefined) + number(Self.undefined)
    let tree = append(treeStart + number(UInt64(0)) + number(UInt64(node)) + number(UInt64(8)))
    return header([(17, number(UInt64(tree)) + number(UInt64(heap)))] + more)
  }

  /// - Parameter sizes: Slowest dimension first.
  mutating func dataset(_ sizes: [Int], type: [UInt8], data: [UInt8], _ more: [(Int, [UInt8])]) -> Int {
    let count = sizes.reduce(1, *)
    var messages = [(1, space(sizes)), (3, type)]
    if let chunk, chunk.count == sizes.count, count > 1 {
      messages += chunked(sizes, chunk, elementSize: data.count / count, data)
    } else {
      let place = append(data)
      messages.append((8, [3, 1] + number(UInt64(place)) + number(UInt64(data.count))))
    }
    return header(messages + more)
  }

  private mutating func chunked(_ sizes: [Int], _ chunk: [Int], elementSize: Int, _ data: [UInt8]) -> [(Int, [UInt8])] {
    let counts = zip(sizes, chunk).map { ($0 + $1 - 1) / $1 }
    var children: [UInt8] = []
    let total = counts.reduce(1, *)
    for number in 0..<total {
      var (rest, first) = (number, [Int](repeating: 0, count: sizes.count))
      for k in sizes.indices.reversed() {
        first[k] = rest % counts[k] * chunk[k]
        rest /= counts[k]
      }
      var stored: [UInt8] = []
      for element in 0..<chunk.reduce(1, *) {
        var (rest, place, step, isInside) = (element, 0, 1, true)
        for k in sizes.indices.reversed() {
          let index = first[k] + rest % chunk[k]
          rest /= chunk[k]
          isInside = isInside && index < sizes[k]
          place += index * step
          step *= sizes[k]
        }
        stored += isInside ? data[place * elementSize..<(place + 1) * elementSize] : ArraySlice(repeating: 0, count: elementSize)
      }
      let filtered = Self.filtered(stored, filters)
      let place = append(filtered)
      children += self.number(UInt32(filtered.count)) + self.number(UInt32(0))
      for offset in first + [0, place] { children += self.number(UInt64(offset)) }
    }
    for offset in [0] + sizes + [0] { children += number(UInt64(offset)) }
    let treeStart: [UInt8] = Array("TREE".utf8) + [1, 0] + number(UInt16(total))
    let tree = append(treeStart + number(Self.undefined) + number(Self.undefined) + children)
    var layout: [UInt8] = [3, 2, UInt8(chunk.count + 1)] + number(UInt64(tree))
    for size in chunk + [elementSize] { layout += number(UInt32(size)) }
    var messages = [(8, layout)]
    if !filters.isEmpty {
      let all = filters.flatMap { filter -> [UInt8] in
        switch filter {
        case .deflate: [1, 0, 0, 0, 0, 0, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0]
        case .shuffle(let size): [2, 0, 0, 0, 0, 0, 1, 0] + number(UInt32(size)) + [0, 0, 0, 0]
        case .fletcher: [3, 0, 0, 0, 0, 0, 0, 0]
        }
      }
      messages.append((11, [1, UInt8(filters.count), 0, 0, 0, 0, 0, 0] + all))
    }
    return messages
  }

  private static func filtered(_ bytes: [UInt8], _ filters: [HDF5Filters.Filter]) -> [UInt8] {
    var bytes = bytes
    for filter in filters {
      switch filter {
      case .deflate: bytes = SampleMATLAB.stored(bytes)
      case .shuffle(let size):
        let count = bytes.count / size
        bytes = (0..<size).flatMap { byte in (0..<count).map { bytes[$0 * size + byte] } } + bytes[(count * size)...]
      case .fletcher:
        let sum = HDF5CheckSum.fletcher(bytes[...])
        bytes += (0..<4).map { UInt8(sum >> (8 * UInt32($0)) & 0xFF) }
      }
    }
    return bytes
  }

  /// An object for a value of MATLAB.
  mutating func object(_ value: SampleMATLAB.Value) -> Int {
    func reversed(_ shape: [Int]) -> [Int] { shape.reversed() }
    switch value {
    case .double(let values, let shape):
      if values.isEmpty { return empty("double", shape) }
      return dataset(reversed(shape), type: real(8), data: values.flatMap { element($0.bitPattern) }, [classAttribute("double")])
    case .single(let values, let shape):
      return dataset(reversed(shape), type: real(4), data: values.flatMap { element($0.bitPattern) }, [classAttribute("single")])
    case .small(let values, let shape):
      return dataset(reversed(shape), type: whole(2, isSigned: true), data: values.flatMap { element($0) }, [classAttribute("int16")])
    case .text(let text), .utf8(let text):
      if text.isEmpty { return empty("char", [0, 0]) }
      let units = Array(text.utf16)
      return dataset([units.count, 1], type: whole(2, isSigned: false), data: units.flatMap { element($0) }, [classAttribute("char")])
    case .cells(let cells):
      if cells.isEmpty { return empty("cell", [0, 0]) }
      return references(cells, [classAttribute("cell")])
    case .structures(let fields, let rows):
      if rows.isEmpty { return empty("struct", [1, 0]) }
      let links = fields.enumerated().map { place, name in
        (name, rows.count == 1 ? object(rows[0][place]) : references(rows.map { $0[place] }, []))
      }
      return group(links, [classAttribute("struct")])
    case .sparse:
      return group([], [classAttribute("double"), attribute("MATLAB_sparse", type: whole(8, isSigned: false), data: number(3))])
    }
  }

  private mutating func references(_ values: [SampleMATLAB.Value], _ more: [(Int, [UInt8])]) -> Int {
    let places = values.map { object($0) }
    return dataset([places.count, 1], type: reference, data: places.flatMap { number(UInt64($0)) }, more)
  }

  private mutating func empty(_ name: String, _ shape: [Int]) -> Int {
    let place = append(shape.flatMap { number(UInt64($0)) })
    return header([
      (1, space([2])), (3, [0x10, 0, 0, 0, 8, 0, 0, 0, 0, 0, 64, 0]), (8, [3, 1] + number(UInt64(place)) + number(UInt64(16))),
      classAttribute(name), emptyAttribute,
    ])
  }

  /// The whole file around a root group.
  func finished(root: Int) -> [UInt8] {
    var bytes = padded(bytes)
    let end = UInt64(userBlock + bytes.count)
    let base = number(UInt64(userBlock))
    var block = HDF5File.magic
    if isModern {
      block += [2, 8, 8, 0] + base + number(Self.undefined)
      block += number(end) + number(UInt64(root))
      block += number(HDF5CheckSum.lookup(block))
    } else {
      block += [0, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0, 0, 0, 0, 0] + base
      block += number(Self.undefined) + number(end) + number(Self.undefined)
      block += number(UInt64(0)) + number(UInt64(root)) + [UInt8](repeating: 0, count: 24)
    }
    bytes.replaceSubrange(0..<block.count, with: block)
    var text = Array("MATLAB 7.3 MAT-file, made by a test".utf8)
    text += [UInt8](repeating: 0x20, count: 124 - text.count) + [0, 2, 0x49, 0x4D]
    return (userBlock == 0 ? [] : text + [UInt8](repeating: 0, count: userBlock - 128)) + bytes
  }

  func file(_ variables: [(String, SampleMATLAB.Value)]) -> [UInt8] {
    var made = self
    made.bytes = [UInt8](repeating: 0, count: 96)
    let links = variables.map { ($0.0, made.object($0.1)) }
    let references = ("#refs#", made.group([], []))
    let root = made.group(links + [references], [])
    return made.finished(root: root)
  }
}
