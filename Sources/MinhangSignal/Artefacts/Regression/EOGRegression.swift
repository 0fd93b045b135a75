import MinhangAlgebra
import MinhangCore

/// Regression of eye movements: how much of each artefact channel (EOG) is seen in each brain channel.
///
/// `coefficients = (A · Aᵀ)⁻¹ · A · xᵀ` with the mean taken off the artefact channels `A` and the channel `x`, in each stretch of training data by
/// itself. Equals `mne.preprocessing.EOGRegression`. Train on data with many blinks, in the reference that will be used.
///
/// **Source:** Gratton, Coles & Donchin 1983, "A new method for off-line removal of ocular artifact", Electroencephalogr. Clin. Neurophysiol.
/// 55:468; Croft & Barry 2000, "Removal of ocular artifact from the EEG: a review".
public struct EOGRegression: Sendable, Hashable {
  /// Indices of the channels to be cleaned.
  public let channels: [Int]
  /// Indices of the artefact channels.
  public let artefactChannels: [Int]

  /// Makes a regression.
  ///
  /// - Parameters:
  ///   - channels: Indices of the channels to be cleaned.
  ///   - artefactChannels: Indices of the channels that record the artefact; none of them may be cleaned.
  public init(channels: [Int], artefactChannels: [Int]) {
    self.channels = channels
    self.artefactChannels = artefactChannels
  }

  /// Fits on training data.
  ///
  /// One pass over each stretch for its means and one for the products, without a copy; the stretches themselves are held whole. Samples at
  /// which a channel is not finite take no part.
  ///
  /// - Parameter stretches: Recordings or epochs, each `[channels × samples]` with the same channels.
  /// - Returns: The coefficients, and the artefact channels' mean levels over all samples.
  /// - Throws: `SignalError` with `.invalidParameter` for channels that do not exist or twice, or artefact channels that depend on each other,
  ///   `.tooShort` for fewer samples than artefact channels.
  public func fit(_ stretches: [SignalBlock]) throws(SignalError) -> FittedEOGRegression {
    let channelCount = stretches.first?.channelCount ?? 0
    let all = channels + artefactChannels
    guard !artefactChannels.isEmpty, Set(all).count == all.count, all.allSatisfy({ (0..<channelCount).contains($0) }),
      stretches.allSatisfy({ $0.channelCount == channelCount })
    else {
      throw SignalError(
        .invalidParameter,
        "a regression of channels \(channels) on \(artefactChannels) in signals of \(channelCount) channels; expected different channels "
          + "that exist, and at least one artefact channel")
    }
    var products = Matrix(rows: artefactChannels.count, columns: artefactChannels.count)
    var crossProducts = Matrix(rows: artefactChannels.count, columns: channels.count)
    var sums = [Double](repeating: 0, count: channelCount)
    var used = 0
    for stretch in stretches {
      let samples = (0..<stretch.sampleCount).filter { i in all.allSatisfy { stretch[channel: $0, sample: i].isFinite } }
      guard !samples.isEmpty else { continue }
      used += samples.count
      func centred(_ channel: Int) -> [Double] {
        let row = stretch.channel(channel)
        let sum = samples.reduce(0.0) { $0 + row[row.startIndex + $1] }
        sums[channel] += sum
        let mean = sum / Double(samples.count)
        return samples.map { row[row.startIndex + $0] - mean }
      }
      let artefacts = artefactChannels.map(centred)
      func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0.0) { $0 + $1.0 * $1.1 } }
      for (i, a) in artefacts.enumerated() { for (j, b) in artefacts.enumerated() { products[i, j] += product(a, b) } }
      for (c, channel) in channels.enumerated() {
        let values = centred(channel)
        for (i, a) in artefacts.enumerated() { crossProducts[i, c] += product(a, values) }
      }
    }
    guard used > artefactChannels.count else {
      throw SignalError(
        .tooShort, "a regression on \(used) samples; expected more than the \(artefactChannels.count) artefact channels")
    }
    do {
      let solution = try products.solve(crossProducts)
      guard solution.isFinite else { throw AlgebraError(.singular, "the solution is not finite") }
      return FittedEOGRegression(
        channelCount: channelCount, channels: channels, artefactChannels: artefactChannels, coefficients: solution.transposed(),
        artefactLevels: artefactChannels.map { sums[$0] / Double(used) })
    } catch {
      throw SignalError(.invalidParameter, "the artefact channels \(artefactChannels) are constant or depend on each other: \(error)")
    }
  }
}

/// The coefficients of a regression of eye movements: a value, without a running state.
public struct FittedEOGRegression: Sendable, Hashable {
  /// Number of channels of the signals.
  public let channelCount: Int
  /// Indices of the channels that are cleaned.
  public let channels: [Int]
  /// Indices of the artefact channels.
  public let artefactChannels: [Int]
  /// µV of the channel per µV of the artefact channel, `[cleaned channels × artefact channels]`.
  public let coefficients: Matrix
  /// Mean of each artefact channel in the training data, µV.
  public let artefactLevels: [Double]

  /// The stage that cleans: subtracts `coefficients · (artefact channels − their training level)`.
  ///
  /// MNE takes the artefact channels' mean in the cleaned signal instead, which a live stage cannot know: the outputs differ by a constant.
  public func stage() -> ArtefactSubtraction {
    var removal = Matrix(rows: channelCount, columns: channelCount)
    var level = [Double](repeating: 0, count: channelCount)
    for (r, channel) in channels.enumerated() {
      for (c, artefact) in artefactChannels.enumerated() { removal[channel, artefact] = coefficients[r, c] }
    }
    for (artefact, mean) in zip(artefactChannels, artefactLevels) { level[artefact] = mean }
    return ArtefactSubtraction(removal: removal, level: level)
  }
}
