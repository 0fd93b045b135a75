/// What a filter has to do, from which the order of each family follows: little loss in one band, much in another.
public struct FilterRequirement: Sendable, Hashable {
  /// What has to get through with at most `passbandLoss`.
  public let passBand: PassBand
  /// The same kind of band with the edges from which on `stopbandAttenuation` has to hold.
  public let stopBand: PassBand
  /// Most loss in the pass band, dB.
  public let passbandLoss: Double
  /// Least loss in the stopped band, dB.
  public let stopbandAttenuation: Double
  /// Hz.
  public let sampleRate: Double

  /// States a requirement.
  ///
  /// For example `passBand: .bandPass(8...30), stopBand: .bandPass(6...35)`, or `passBand: .bandStop(45...55), stopBand: .bandStop(48...52)`.
  ///
  /// - Parameters:
  ///   - passBand: Edges of what gets through, Hz.
  ///   - stopBand: The same kind of band; its edges lie on the stopped side of those of `passBand`, Hz.
  ///   - passbandLoss: dB; above 0.
  ///   - stopbandAttenuation: dB; above `passbandLoss`, at most 1000.
  ///   - sampleRate: Hz.
  /// - Throws: `SignalError` with `.invalidFrequency` or `.invalidParameter`.
  public init(
    passBand: PassBand, stopBand: PassBand, passbandLoss: Double, stopbandAttenuation: Double, sampleRate: Double
  ) throws(SignalError) {
    try passBand.validate(sampleRate: sampleRate)
    try stopBand.validate(sampleRate: sampleRate)
    try FilterFamily.validate(ripple: passbandLoss, attenuation: stopbandAttenuation)
    let fits =
      switch (passBand, stopBand) {
      case (.lowPass(let pass), .lowPass(let stop)): pass < stop
      case (.highPass(let pass), .highPass(let stop)): pass > stop
      case (.bandPass(let pass), .bandPass(let stop)): stop.lowerBound < pass.lowerBound && pass.upperBound < stop.upperBound
      case (.bandStop(let pass), .bandStop(let stop)): pass.lowerBound < stop.lowerBound && stop.upperBound < pass.upperBound
      default: false
      }
    guard fits else {
      throw SignalError(
        .invalidFrequency,
        "a filter has to pass \(passBand) and to stop outside of \(stopBand); expected one kind of band, and a transition between the edges"
      )
    }
    self.passBand = passBand
    self.stopBand = stopBand
    self.passbandLoss = passbandLoss
    self.stopbandAttenuation = stopbandAttenuation
    self.sampleRate = sampleRate
  }
}

/// The lowest order of a family that meets a requirement, and the edges to design it with.
public struct SelectedOrder: Sendable, Hashable {
  /// The order.
  public let order: Int
  /// The natural frequencies, Hz, as the family's `filter(order:…)` takes them.
  public let band: PassBand
}
