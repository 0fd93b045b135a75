import Foundation
import MinhangCore

/// How raw frames are laid out: one value a channel, channel after channel, frame after frame, little-endian.
public struct FrameFormat: Sendable, Hashable {
  /// The type of one value.
  public enum SampleType: String, Sendable, Hashable, CaseIterable, Codable {
    /// 16-bit whole number.
    case int16
    /// 24-bit whole number.
    case int24
    /// 32-bit whole number.
    case int32
    /// 32-bit IEEE number.
    case float32
    /// 64-bit IEEE number.
    case float64

    /// Bytes of one value.
    public var byteCount: Int {
      switch self {
      case .int16: 2
      case .int24: 3
      case .int32, .float32: 4
      case .float64: 8
      }
    }
  }

  /// The type of every value.
  public var sampleType: SampleType
  /// Names of the channels, in the order of a frame.
  public var channels: [String]
  /// Samples a second, Hz.
  public var sampleRate: Double
  /// The unit of a value times `scale`.
  public var unit: PhysicalUnit
  /// Units in one step of a value.
  public var scale: Double

  /// The largest number of channels that a description may claim.
  public static let largestChannelCount = 65_536

  /// Makes a format.
  ///
  /// - Throws: `StreamingError.badDescription` for no or too many channels, a rate or scale that is not a positive finite number.
  public init(
    sampleType: SampleType, channels: [String], sampleRate: Double, unit: PhysicalUnit = .microvolt, scale: Double = 1
  ) throws(StreamingError) {
    guard (1...Self.largestChannelCount).contains(channels.count) else {
      throw StreamingError(.badDescription, "frames of \(channels.count) channels; expected 1…\(Self.largestChannelCount)")
    }
    guard SamplingRate.isUsable(sampleRate) else {
      throw StreamingError(.badDescription, "a sampling rate of \(sampleRate); expected \(SamplingRate.expected)")
    }
    guard scale.isFinite, scale != 0 else {
      throw StreamingError(.badDescription, "a scale of \(scale); expected a finite number other than 0")
    }
    self.sampleType = sampleType
    self.channels = channels
    self.sampleRate = sampleRate
    self.unit = unit
    self.scale = scale
  }

  /// Bytes of one frame.
  public var byteCount: Int { sampleType.byteCount * channels.count }
  /// What a stored value is multiplied by to be handed out: to µV for a voltage.
  public var gain: Double { scale * (unit.microvoltsPerUnit ?? 1) }

  /// Reads a description in JSON: `{"sampling_rate":250,"channels":["C3","C4"],"format":"float32","unit":"uV","scale":1}`.
  ///
  /// `format` is `float32`, `unit` `uV` and `scale` 1 where they are absent.
  ///
  /// - Throws: `StreamingError.badDescription` naming the key.
  public init(json line: Data) throws(StreamingError) {
    struct Description: Decodable {
      var samplingRate: Double
      var channels: [String]
      var format: String?
      var unit: String?
      var scale: Double?

      enum CodingKeys: String, CodingKey {
        case samplingRate = "sampling_rate"
        case channels, format, unit, scale
      }
    }
    let description: Description
    do {
      description = try JSONDecoder().decode(Description.self, from: line)
    } catch {
      let shown = String(decoding: line.prefix(80), as: UTF8.self).quotedForDisplay()
      throw StreamingError(
        .badDescription,
        "the first line is \(shown); expected a JSON object like {\"sampling_rate\":250,\"channels\":[\"C3\",\"C4\"],\"format\":\"float32\"}"
      )
    }
    let format = description.format ?? SampleType.float32.rawValue
    guard let sampleType = SampleType(rawValue: format) else {
      throw StreamingError(.badDescription, "header key \"format\" is \(format.quotedForDisplay()); expected \(Self.sampleTypeNames)")
    }
    try self.init(
      sampleType: sampleType, channels: description.channels, sampleRate: description.samplingRate,
      unit: PhysicalUnit(description.unit ?? "uV"), scale: description.scale ?? 1)
  }

  /// The names of the sample types, for messages.
  public static let sampleTypeNames = SampleType.allCases.map(\.rawValue).joined(separator: ", ")
}
