import MinhangCore

// Goals: one array of doubles as NumPy saves it, so that `numpy.load` opens a model; read strictly, sizes checked before memory is taken.
// Source: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays", version 1.0.

/// An array as the bytes of a `.npy` file: little-endian doubles, the last index fastest.
enum NPYArray {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]

  /// The bytes of an array.
  static func bytes(shape: [Int], values: [Double]) -> [UInt8] {
    let dimensions = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(dimensions)), }"
    // Magic, length and header together are a multiple of 64 bytes; the header ends with a new line.
    let padding = (64 - (magic.count + 2 + header.utf8.count + 1) % 64) % 64
    header += String(repeating: " ", count: padding) + "\n"
    var bytes = magic
    bytes.append(littleEndian: header.utf8.count, width: 2)
    bytes += Array(header.utf8)
    bytes.reserveCapacity(bytes.count + 8 * values.count)
    for value in values { bytes.append(littleEndian: value.bitPattern, width: 8) }
    return bytes
  }

  /// Shape and values of a `.npy` file.
  ///
  /// - Parameter name: For messages.
  /// - Throws: `DecodingError` `.invalidModel`.
  static func array(_ bytes: [UInt8], name: String) throws(DecodingError) -> (shape: [Int], values: [Double]) {
    func wrong(_ problem: String) -> DecodingError { DecodingError(.invalidModel, "entry \(name.quotedForDisplay()): \(problem)") }
    let reader = ByteReader(bytes: bytes)
    guard bytes.starts(with: magic), let length = reader.number(at: magic.count, width: 2),
      let slice = reader.slice(at: magic.count + 2, count: length), let header = String(validating: slice, as: UTF8.self)
    else { throw wrong("no NumPy array of version 1.0") }
    guard let shape = shape(inHeader: header) else {
      throw wrong("header \(header.quotedForDisplay()); expected little-endian doubles in C order")
    }
    var count = 1
    for dimension in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard !overflow, dimension >= 0, product <= StoredArchive.largestSize / 8 else { throw wrong("shape \(shape) is too large") }
      count = product
    }
    let start = magic.count + 2 + length
    guard bytes.count - start == count * 8 else {
      throw wrong("\(bytes.count - start) bytes of values; expected \(count * 8) for shape \(shape)")
    }
    return bytes.withUnsafeBytes { raw in
      (
        shape,
        (0..<count).map { Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: start + $0 * 8, as: UInt64.self))) }
      )
    }
  }

  /// The shape in a header as NumPy writes it, keys in any order; nil for another type of element or Fortran order.
  private static func shape(inHeader header: String) -> [Int]? {
    let plain = String(header.filter { $0 != " " && $0 != "\n" }).replacing("\"", with: "'")
    guard plain.contains("'descr':'<f8'"), plain.contains("'fortran_order':False"), let open = plain.firstIndex(of: "("),
      let close = plain.firstIndex(of: ")"), open < close, plain[..<open].hasSuffix("'shape':")
    else { return nil }
    var shape: [Int] = []
    for part in plain[plain.index(after: open)..<close].split(separator: ",") {
      guard let dimension = Int(part), dimension >= 0 else { return nil }
      shape.append(dimension)
    }
    return shape.count <= 8 ? shape : nil
  }
}
