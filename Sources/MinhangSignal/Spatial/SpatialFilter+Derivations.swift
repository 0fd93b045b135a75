import MinhangAlgebra
import MinhangCore

extension ChosenReference {
  /// A reference of channels by their names: two for linked mastoids or ears, one for a single electrode.
  ///
  /// - Parameters:
  ///   - names: The reference channels, `["M1", "M2"]`; compared without regard to case and padding, and by place (`T3` is `T7`).
  ///   - channels: Names of the block's channels.
  /// - Throws: `SignalError` with `.invalidParameter` for a name that no channel bears, or none at all.
  public init(_ names: [String], of channels: [String]) throws(SignalError) {
    guard !names.isEmpty else {
      throw SignalError(.invalidParameter, "a reference of no channels; expected at least one name")
    }
    self.init(channels: try ChannelLookup(channels).indices(of: names))
  }
}

extension SpatialFilter {
  /// One bipolar derivation: the first channel minus the second.
  public struct Pair: Sendable, Hashable {
    /// The channel that counts positive.
    public var first: String
    /// The channel that is subtracted.
    public var second: String

    /// Makes a pair of channel names.
    public init(_ first: String, _ second: String) {
      self.first = first
      self.second = second
    }
  }

  /// Differences of two channels each, named `C3-C4` by the channels' own names.
  ///
  /// - Parameters:
  ///   - pairs: The channels of each derivation; compared without regard to case and padding, and by place (`T3` is `T7`).
  ///   - channels: Names of the block's channels.
  /// - Throws: `SignalError` with `.invalidParameter` for a name that no channel bears, and for a channel minus itself.
  public static func bipolar(_ pairs: [Pair], of channels: [String]) throws(SignalError) -> SpatialFilter {
    let lookup = ChannelLookup(channels)
    var weights = Matrix(rows: pairs.count, columns: channels.count)
    var names: [String] = []
    for (row, pair) in pairs.enumerated() {
      let (first, second) = (try lookup.index(of: pair.first), try lookup.index(of: pair.second))
      guard first != second else {
        throw SignalError(.invalidParameter, "the derivation \(pair.first)-\(pair.second) is a channel minus itself; expected two channels")
      }
      weights[row, first] = 1
      weights[row, second] = -1
      names.append("\(channels[first])-\(channels[second])")
    }
    return try SpatialFilter(weights, names: names)
  }

  /// Differences of neighbours along chains of channels, as montages of clinical EEG are: `Fp1-F7, F7-T7, T7-P7 …`.
  ///
  /// - Parameters:
  ///   - chains: The channels of each chain, at least two.
  ///   - channels: Names of the block's channels.
  /// - Throws: `SignalError` with `.invalidParameter`, as `bipolar(_:of:)`.
  public static func bipolar(chains: [[String]], of channels: [String]) throws(SignalError) -> SpatialFilter {
    try bipolar(chains.flatMap { chain in zip(chain, chain.dropFirst()).map { Pair($0, $1) } }, of: channels)
  }

  /// The mean over all channels subtracted from each, as a matrix.
  ///
  /// Differs from `CommonAverageReference` only for what is not finite: here it reaches every output.
  ///
  /// - Parameter channels: Names of the block's channels, at least one.
  /// - Throws: `SignalError` with `.invalidParameter`.
  public static func commonAverage(of channels: [String]) throws(SignalError) -> SpatialFilter {
    guard !channels.isEmpty else {
      throw SignalError(.invalidParameter, "a common average of no channels; expected at least one")
    }
    let count = channels.count
    let mean = Matrix(rows: count, columns: count, repeating: 1 / Double(count))
    return try SpatialFilter(Matrix.identity(count) - mean, names: channels)
  }
}
