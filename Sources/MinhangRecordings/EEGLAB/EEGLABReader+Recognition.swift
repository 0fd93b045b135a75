extension Recording.Entry {
  /// EEGLAB: the header of a MATLAB file.
  static let eeglab = Self(
    name: "EEGLAB", recognises: { EEGLABReader.isMATLAB($0) || EEGLABReader.isHDF5($0) },
    open: { file, head, options throws(RecordingError) in try EEGLABReader(file, head: head, options: options) })
}

extension EEGLABReader {
  private static let hdf5: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Whether a file begins as MATLAB files of versions 5 to 7 do: a text of 116 bytes and the order of bytes, or the customary beginning of
  /// the text.
  static func isMATLAB(_ head: FileHead) -> Bool {
    if head.starts(with: "MATLAB ") { return true }
    guard ["set", "mat"].contains(head.suffix), head.bytes.count >= 128 else { return false }
    return head.bytes[126..<128].elementsEqual("IM".utf8) || head.bytes[126..<128].elementsEqual("MI".utf8)
  }

  /// Whether a file is a MATLAB file of version 7.3: HDF5, mostly behind 512 bytes.
  static func isHDF5(_ head: FileHead) -> Bool {
    head.starts(with: "MATLAB 7.3") || head.bytes.dropFirst(512).starts(with: hdf5)
      || (["set", "mat"].contains(head.suffix) && head.bytes.starts(with: hdf5))
  }
}
