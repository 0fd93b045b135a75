import MinhangCore

extension HDF5File {
  static let magic: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Finds the superblock, at byte 0, 512, 1024 and so on, and reads it.
  ///
  /// - Returns: Where the root group's object header lies.
  static func superblock(_ bytes: HDF5Bytes, complain: (String) -> Void) throws(RecordingError) -> Int {
    var place = 0
    while true {
      guard place <= bytes.byteCount - 16 else {
        throw RecordingError(
          .badData, path: bytes.file.path, "HDF5 signature is neither at byte 0 nor at 512, 1024, 2048 …; expected it (is the file cut?)")
      }
      if try bytes.bytes(at: place, count: 8, of: "signature") == magic { break }
      place = place == 0 ? 512 : 2 * place
    }
    bytes.base = place
    let version = try bytes.u8(at: place + 8, of: "superblock")
    guard (0...3).contains(version) else {
      throw bytes.unsupported("superblock", at: place, "version is \(version); expected 0 to 3")
    }
    let sizes = place + (version < 2 ? 13 : 9)
    bytes.offsetSize = try bytes.u8(at: sizes, of: "superblock")
    bytes.lengthSize = try bytes.u8(at: sizes + 1, of: "superblock")
    guard [2, 4, 8].contains(bytes.offsetSize), [2, 4, 8].contains(bytes.lengthSize) else {
      throw bytes.damage(
        "superblock", at: place, "sizes of addresses and lengths are \(bytes.offsetSize) and \(bytes.lengthSize) bytes; expected 2, 4 or 8")
    }
    let addresses = place + (version == 0 ? 24 : version == 1 ? 28 : 12)
    let offset = bytes.offsetSize
    let base = try bytes.number(at: addresses, count: offset, of: "superblock")
    if base != UInt64(place) { complain("HDF5 superblock at byte \(place): base address is \(base); expected \(place), which is taken") }
    // This address counts from the first byte of the file.
    let end = try bytes.number(at: addresses + 2 * offset, count: offset, of: "superblock")
    if base == UInt64(place), end > UInt64(bytes.byteCount) {
      complain("HDF5 superblock at byte \(place): the file should end at byte \(end); it is cut at byte \(bytes.byteCount)")
    }
    if version >= 2 {
      let stored = try bytes.u32(at: addresses + 4 * offset, of: "superblock")
      let body = try bytes.bytes(at: place, count: addresses + 4 * offset - place, of: "superblock")
      if stored != Int(HDF5CheckSum.lookup(body)) { complain("HDF5 superblock at byte \(place): check sum contradicts its bytes") }
    }
    // Versions 0 and 1: the root group's entry, whose second address is that of its header.
    let root = version < 2 ? addresses + 5 * offset : addresses + 3 * offset
    guard let address = try bytes.address(at: root, of: "superblock") else {
      throw bytes.damage("superblock", at: place, "address of the root group is undefined; expected one")
    }
    return address
  }
}
