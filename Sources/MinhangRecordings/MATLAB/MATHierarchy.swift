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
  private static let classes: Set<String> = [
    "double", "single", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "logical", "char", "cell", "struct",
    "canonical empty",
  ]

  private let file: HDF5File
  /// Names of variables and fields that are read.
  private let wanted: Set<String>
  private var valueCount = 0
  /// Objects that hold nothing: all empty values may be one.
  private var empty: Set<Int> = []
  private(set) var names: [String] = []
  private(set) var variables: [String: MATValue] = [:]

  /// Reads the variables of some names, and of structures the fields of these names.
  init(_ file: HDF5File, wanted: Set<String>) throws(RecordingError) {
    self.file = file
    self.wanted = wanted
    let header = try HDF5ObjectHeader(file, at: file.root)
    guard let root = try HDF5Group(header, of: file) else {
      throw file.bytes.damage("object header", at: file.root, "it describes no group; expected the group of all variables")
    }
    // Names with a number sign are MATLAB's own.
    for link in root.links where !link.name.hasPrefix("#") {
      names.append(link.name)
      guard wanted.contains(link.name), variables[link.name] == nil else { continue }
      variables[link.name] = try survived(link.name) { (me) throws(RecordingError) in try me.object(at: link.place, depth: 0).value }
    }
  }

  /// Reads a value; where it is damaged, that is kept in mind and the value is empty.
  private mutating func survived(
    _ name: String, _ read: (inout Self) throws(RecordingError) -> MATValue
  ) throws(RecordingError) -> MATValue {
    do throws(RecordingError) {
      return try read(&self)
    } catch {
      guard [.badData, .unsupported].contains(error.code), !file.bytes.isExhausted else { throw error }
      file.complain("\(error.message) (of \(name.quotedForDisplay()))")
      return .empty
    }
  }

  /// The value of an object, and whether it is a field of an array of structures: a value for each of them.
  private mutating func object(at place: Int, depth: Int) throws(RecordingError) -> (value: MATValue, isColumn: Bool) {
    if empty.contains(place) { return (.empty, false) }
    guard depth < Self.deepest else {
      throw file.bytes.damage("object header", at: place, "nested deeper than \(Self.deepest) levels")
    }
    valueCount += 1
    guard valueCount <= Self.mostValues else { throw file.bytes.damage("object header", at: place, "more than \(Self.mostValues) values") }
    let header = try HDF5ObjectHeader(file, at: place)
    let attributes = HDF5Attributes(header, of: file)
    if let group = try HDF5Group(header, of: file) {
      // Of a sparse matrix nothing is read.
      if try attributes.value(of: "MATLAB_sparse") != nil { return (.empty, false) }
      return (try structures(group, depth: depth), false)
    }
    var name: String?
    if case .text(let text) = try attributes.value(of: "MATLAB_class") { name = text }
    if let name, !Self.classes.contains(name) { return (.empty, false) }
    if case .number(let flag) = try attributes.value(of: "MATLAB_empty"), flag != 0 {
      empty.insert(place)
      return (.empty, false)
    }
    guard let data = try HDF5Dataset(header, of: file) else {
      throw file.bytes.damage("object header", at: place, "it describes neither a group nor a data set")
    }
    guard data.space.count > 0, data.source.byteCount > 0 else { return (.empty, false) }
    switch data.type.kind {
    case .references: return (.cells(try values(data, depth: depth)), name == nil)
    case .text:
      let letters = try first(min(data.type.byteCount, Self.longestText), of: data)
      return (.text(String(decoding: letters.prefix { $0 != 0 }, as: UTF8.self)), false)
    case .numbers(let type): return (try numbers(data, type, isText: name == "char"), false)
    case .other(let what):
      throw file.bytes.unsupported("data set", at: place, "its elements are \(what); expected numbers, texts or references")
    }
  }

  /// The first bytes of a small data set.
  private func first(_ count: Int, of data: HDF5Dataset) throws(RecordingError) -> [UInt8] {
    let count = min(count, data.source.byteCount)
    if let place = data.place { return try file.bytes.bytes(at: place, count: count, of: "data") }
    try file.bytes.check(0, 0, "data", steps: count + data.chunkByteCount / 8)
    return try data.source.bytes(at: 0, count: count)
  }

  private mutating func values(_ data: HDF5Dataset, depth: Int) throws(RecordingError) -> [MATValue] {
    let width = file.bytes.offsetSize
    let count = data.source.byteCount / width
    var values: [MATValue] = []
    values.reserveCapacity(min(count, Self.mostValues))
    var next = 0
    while next < count {
      let some = min(count - next, 8192)
      let stored: [UInt8]
      if count <= 8192 {
        stored = try first(some * width, of: data)
      } else {
        try file.bytes.check(0, 0, "references", steps: some * width + data.chunkByteCount / 8)
        stored = try data.source.bytes(at: next * width, count: some * width)
      }
      for k in 0..<some {
        let address = stored[k * width..<(k + 1) * width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard address != 0, address != .max >> UInt64(64 - 8 * width) else {
          values.append(.empty)
          continue
        }
        values.append(
          try survived("a reference") { (me) throws(RecordingError) in
            guard address < UInt64(me.file.bytes.byteCount) else {
              throw me.file.bytes.damage("reference", at: me.file.bytes.base, "it leads to \(address), behind the end of the file")
            }
            return try me.object(at: me.file.bytes.base + Int(address), depth: depth + 1).value
          })
      }
      next += some
    }
    return values
  }

  private mutating func structures(_ group: HDF5Group, depth: Int) throws(RecordingError) -> MATValue {
    var fields: [String] = []
    var columns: [[MATValue]] = []
    var (isArray, isSingle) = (false, false)
    var seen: Set<String> = []
    for link in group.links where wanted.contains(link.name) && seen.insert(link.name).inserted {
      var isColumn = false
      let value = try survived(link.name) { (me) throws(RecordingError) in
        let object = try me.object(at: link.place, depth: depth + 1)
        isColumn = object.isColumn
        return object.value
      }
      fields.append(link.name)
      if isColumn, case .cells(let values) = value {
        columns.append(values)
        isArray = true
      } else {
        columns.append([value])
        isSingle = true
      }
    }
    let count = columns.map(\.count).max() ?? 0
    if isArray, isSingle || columns.contains(where: { $0.count != count }) {
      file.complain(
        "MATLAB structure: its fields have \(columns.map { String($0.count) }.joined(separator: ", ")) values; expected as many of each")
    }
    var values: [MATValue] = []
    values.reserveCapacity(count * fields.count)
    for k in 0..<count { for column in columns { values.append(k < column.count ? column[k] : .empty) } }
    return .structures(MATStructures(fieldNames: fields, values: values))
  }

  private func numbers(_ data: HDF5Dataset, _ type: NPYType, isText: Bool) throws(RecordingError) -> MATValue {
    var shape = Array(data.space.sizes.reversed())
    while shape.count < 2 { shape.insert(1, at: 0) }
    if isText {
      let count = min(data.space.count, Self.longestText, data.source.byteCount / type.byteCount)
      let stored = try first(count * type.byteCount, of: data)
      let units = (0..<count).map { k in
        let unit = stored[k * type.byteCount..<(k + 1) * type.byteCount]
        return UInt32(
          truncatingIfNeeded: type.isBigEndian
            ? unit.reduce(0) { $0 << 8 | UInt64($1) } : unit.reversed().reduce(0) { $0 << 8 | UInt64($1) })
      }
      if shape[0] == 1, type.byteCount == 2 {
        return .text(String(decoding: units.map { UInt16(truncatingIfNeeded: $0) }, as: UTF16.self))
      }
      return .text(MATParser.text(units, rows: shape[0]))
    }
    if data.space.count == 1 {
      let stored = try first(type.byteCount, of: data)
      guard stored.count == type.byteCount else { return .empty }
      var value = 0.0
      stored.withUnsafeBytes { if let base = $0.baseAddress { type.decode(base, stride: 0, count: 1, factor: 1, into: &value) } }
      return .number(value)
    }
    return .array(MATArray(source: data.source, type: type, offset: 0, shape: shape, isComplex: false))
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
