/// How the values of a stream are stored: the word of `channel_format`.
enum XDFSampleFormat: String, Sendable, Hashable, CaseIterable {
  case int8, int16, int32, int64, float32, double64, string

  /// Bytes of a value; 0 for text, which has its own length.
  var byteCount: Int {
    switch self {
    case .string: 0
    case .int8: 1
    case .int16: 2
    case .int32, .float32: 4
    case .int64, .double64: 8
    }
  }

  /// Other words that are met for a format; a file that uses one breaks the format, though its meaning is clear.
  static let aliases: [String: XDFSampleFormat] = [
    "float": .float32, "cf_float32": .float32, "single": .float32, "double": .double64, "float64": .double64, "cf_double64": .double64,
    "cf_string": .string, "cf_int8": .int8, "cf_int16": .int16, "cf_int32": .int32, "cf_int64": .int64,
  ]
}
