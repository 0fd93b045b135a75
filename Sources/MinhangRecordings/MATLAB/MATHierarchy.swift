import MinhangCore

/// Turns the objects of a MATLAB file of version 7.3 into values.
///
/// A structure is a group with a data set for each field; an array of structures, and a cell array, are data sets of references, an object for each
/// value. Sizes are those of MATLAB in reverse. Fields that nobody asked for are stepped over.
///
/// **Source:** The MathWorks, "MAT-File Versions"; the attributes `MATLAB_class`, `MATLAB_empty` and `MATLAB_sparse` as its files have them.
struct MATHierarchy {
  private static let deepest = 64
  /// No recording has more; it bounds the memory of a tree that was made to be large.
  private static let mostValues = 8_000_000
  private static let longestText = 1 << 16
  /// Few enough that all their objects fit the pages in memory.
  private static let structuresInStep = 1024
  /// The most frequent ones first: they are looked for one after the other.
  private static let classes = [
    "double", "char", "single", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "logical", "cell", "struct",
    "canonical empty",
  ]

  private let file: HDF5File
  /// Names of variables and fields that are read.
  private let wanted: Set<String>
  /// The header of the object that is read; what is needed of it is taken before another object is.
  private var header = HDF5ObjectHeader()
  private var valueCount = 0
  /// Values for which memory may be taken before they are read: lists that name one another claim more than there can be.
  private var reservable = mostValues
  /// Objects that hold nothing: all empty values may be one.
  private var empty: Set<Int> = []
  private(set) var names: [String] = []
  private(set) var variables: [String: MATValue] = [:]

  /// Reads the variables of some names, and of structures the fields of these names.
  init(_ file: HDF5File, wanted: Set<String>) throws(RecordingError) {
    self.file = file
    self.wanted = wanted
    try header.read(file, at: file.root)
    guard let root = try HDF5Group(header, of: file) else {
      throw file.bytes.damage("object header", at: file.root, "it describes no group; expected the group of all variables")
    }
    // Names with a number sign are MATLAB's own.
    for link in root.links where !link.name.hasPrefix("#") {
      names.append(link.name)
      guard wanted.contains(link.name), variables[link.name] == nil else { continue }
      variables[link.name] = try survived(link.name) { (me) throws(RecordingError) in try me.value(at: link.place, depth: 0) }
    }
  }

  /// Reads a value; where it is damaged, that is kept in mind and the value is empty.
  private mutating func survived(
    _ name: String, _ read: (inout Self) throws(RecordingError) -> MATValue
  ) throws(RecordingError) -> MATValue {
    do throws(RecordingError) {
      return try read(&self)
    } catch {
      try survive(error, name)
      return .empty
    }
  }

  /// Keeps damage in mind; throws what ends the reading.
  private func survive(_ error: RecordingError, _ name: String) throws(RecordingError) {
    guard error.code == .badData || error.code == .unsupported, !file.bytes.isExhausted else { throw error }
    file.complain("\(error.message) (of \(name.quotedForDisplay()))")
  }

  /// What an object is.
  private enum Content {
    case value(MATValue)
    /// A field of an array of structures: a reference for each of them.
    case column(MATReferences)
  }

  /// The value of an object.
  private mutating func value(at place: Int, depth: Int) throws(RecordingError) -> MATValue {
    switch try object(at: place, depth: depth) {
    case .value(let value): value
    case .column(let references): .cells(try values(references, depth: depth + 1))
    }
  }

  private mutating func object(at place: Int, depth: Int) throws(RecordingError) -> Content {
    if !empty.isEmpty, empty.contains(place) { return .value(.empty) }
    guard depth < Self.deepest else {
      throw file.bytes.damage("object header", at: place, "nested deeper than \(Self.deepest) levels")
    }
    valueCount += 1
    guard valueCount <= Self.mostValues else { throw file.bytes.damage("object header", at: place, "more than \(Self.mostValues) values") }
    try header.read(file, at: place)
    if let group = try HDF5Group(header, of: file) {
      // Of a sparse matrix nothing is read.
      if try header.attribute("MATLAB_sparse", of: file) != nil { return .value(.empty) }
      return .value(try structures(group, depth: depth))
    }
    var name: String?
    if case .text(let text) = try header.attribute("MATLAB_class", of: file) { name = text }
    if let name, !Self.classes.contains(name) { return .value(.empty) }
    if case .number(let flag) = try header.attribute("MATLAB_empty", of: file), flag != 0 {
      empty.insert(place)
      return .value(.empty)
    }
    guard let data = try HDF5Dataset(header, of: file) else {
      throw file.bytes.damage("object header", at: place, "it describes neither a group nor a data set")
    }
    guard data.space.count > 0, data.byteCount > 0 else { return .value(.empty) }
    switch data.type.kind {
    case .references:
      let references = MATReferences(data, of: file)
      return name == nil ? .column(references) : .value(.cells(try values(references, depth: depth + 1)))
    case .text:
      let letters = try data.first(min(data.type.byteCount, Self.longestText), of: file)
      return .value(.text(String(decoding: letters.prefix { $0 != 0 }, as: UTF8.self)))
    case .numbers(let type): return .value(name == "char" ? .text(try text(data, type)) : try numbers(data, type))
    case .other(let what):
      throw file.bytes.unsupported("data set", at: place, "its elements are \(what); expected numbers, texts or references")
    }
  }

  /// As many of some values as memory may be taken for.
  private mutating func reserved(_ count: Int) -> Int {
    let some = min(count, reservable)
    reservable -= some
    return some
  }

  /// Follows all references.
  private mutating func values(_ references: MATReferences, depth: Int) throws(RecordingError) -> [MATValue] {
    var (references, values) = (references, [MATValue]())
    values.reserveCapacity(reserved(references.count))
    try follow(&references, count: .max, depth: depth, into: &values)
    return values
  }

  /// Follows some references more.
  private mutating func follow(
    _ references: inout MATReferences, count: Int, depth: Int, into values: inout [MATValue]
  ) throws(RecordingError) {
    var left = count
    while left > 0, let address = try references.next() {
      left -= 1
      guard address != 0, address != .max >> UInt64(64 - 8 * file.bytes.offsetSize) else {
        values.append(.empty)
        continue
      }
      values.append(
        try survived("a reference") { (me) throws(RecordingError) in
          guard address < UInt64(me.file.bytes.byteCount) else {
            throw me.file.bytes.damage("reference", at: me.file.bytes.base, "it leads to \(address), behind the end of the file")
          }
          return try me.value(at: me.file.bytes.base + Int(address), depth: depth)
        })
    }
  }

  private mutating func structures(_ group: HDF5Group, depth: Int) throws(RecordingError) -> MATValue {
    var fields: [String] = []
    var columns: [[MATValue]] = []
    var lists: [(field: Int, references: MATReferences)] = []
    var seen: Set<String> = []
    for link in group.links where wanted.contains(link.name) && seen.insert(link.name).inserted {
      var list: MATReferences?
      let value = try survived(link.name) { (me) throws(RecordingError) in
        switch try me.object(at: link.place, depth: depth + 1) {
        case .value(let value): return value
        case .column(let references):
          list = references
          return .empty
        }
      }
      if let list { lists.append((fields.count, list)) }
      fields.append(link.name)
      columns.append(list == nil ? [value] : [])
    }
    let isSingle = lists.count < fields.count
    for list in lists { columns[list.field].reserveCapacity(reserved(list.references.count)) }
    // What belongs to a structure lies together in many files: all fields of some structures are read before those of the next ones.
    let longest = lists.map(\.references.count).max() ?? 0
    for _ in stride(from: 0, to: longest, by: Self.structuresInStep) {
      for k in lists.indices {
        let field = lists[k].field
        do throws(RecordingError) {
          try follow(&lists[k].references, count: Self.structuresInStep, depth: depth + 2, into: &columns[field])
        } catch {
          try survive(error, fields[field])
          lists[k].references.end()
        }
      }
    }
    let count = columns.map(\.count).max() ?? 0
    if !lists.isEmpty, isSingle || columns.contains(where: { $0.count != count }) {
      file.complain(
        "MATLAB structure: its fields have \(columns.map { String($0.count) }.joined(separator: ", ")) values; expected as many of each")
    }
    return .structures(MATStructures(fieldNames: fields, columns: columns))
  }

  private func numbers(_ data: HDF5Dataset, _ type: NPYType) throws(RecordingError) -> MATValue {
    if data.space.count == 1 {
      guard data.byteCount >= type.byteCount else { return .empty }
      return .number(try number(data, type))
    }
    var shape = Array(data.space.sizes.reversed())
    while shape.count < 2 { shape.insert(1, at: 0) }
    return .array(MATArray(source: data.source(in: file), type: type, offset: 0, shape: shape, isComplex: false))
  }

  /// The first element of a data set that has one.
  private func number(_ data: HDF5Dataset, _ type: NPYType) throws(RecordingError) -> Double {
    var bits: UInt64 = 0
    if let place = data.place {
      bits = try file.bytes.number(at: place, count: type.byteCount, of: "data").littleEndian
    } else {
      let stored = try data.first(type.byteCount, of: file)
      withUnsafeMutableBytes(of: &bits) { $0.copyBytes(from: stored) }
    }
    var value = 0.0
    withUnsafeBytes(of: bits) { if let base = $0.baseAddress { type.decode(base, stride: 0, count: 1, factor: 1, into: &value) } }
    return value
  }

  private func text(_ data: HDF5Dataset, _ type: NPYType) throws(RecordingError) -> String {
    let count = min(data.space.count, Self.longestText, data.byteCount / type.byteCount)
    let stored = try data.first(count * type.byteCount, of: file)
    let rows = data.space.rank < 2 ? 1 : data.space.fastest
    if rows == 1, type.byteCount == 2 {
      let (low, high) = type.isBigEndian ? (1, 0) : (0, 1)
      let isASCII = (0..<count).allSatisfy { stored[2 * $0 + high] == 0 && stored[2 * $0 + low] < 0x80 }
      if isASCII {
        return String(unsafeUninitializedCapacity: count) { letters in
          for k in 0..<count { letters[k] = stored[2 * k + low] }
          return count
        }
      }
    }
    let units = (0..<count).map { k in
      let unit = stored[k * type.byteCount..<(k + 1) * type.byteCount]
      return UInt32(
        truncatingIfNeeded: type.isBigEndian
          ? unit.reduce(0) { $0 << 8 | UInt64($1) } : unit.reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
    if rows == 1, type.byteCount == 2 { return String(decoding: units.map { UInt16(truncatingIfNeeded: $0) }, as: UTF16.self) }
    return MATParser.text(units, rows: rows)
  }
}

extension MATFile {
  /// Reads the variables of some names of a file of version 7.3, and of structures the fields of these names.
  init(hierarchy file: RandomAccessFile, wanted: Set<String>) throws(RecordingError) {
    let content = try HDF5File(file)
    let hierarchy = try MATHierarchy(content, wanted: wanted)
    self.init(variables: hierarchy.variables, names: hierarchy.names, survived: content.defects)
  }
}
