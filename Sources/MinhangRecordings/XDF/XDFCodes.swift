extension RecordingWarning.Code {
  /// A chunk of the file is damaged, cut or belongs to nothing.
  public static let chunk = RecordingWarning.Code("chunk")
  /// The header of a stream or of the file is defective.
  public static let streamHeader = RecordingWarning.Code("stream-header")
  /// A stream is not part of what is read.
  public static let leftOutStream = RecordingWarning.Code("left-out-stream")
  /// Time stamps are not usable as they stand.
  public static let timeStamp = RecordingWarning.Code("time-stamp")
  /// Clock offsets are not usable as they stand.
  public static let clockOffset = RecordingWarning.Code("clock-offset")
}
