#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// Purpose: the order of a family from a requirement.
// Source: Parks & Burrus 1987, "Digital filter design", section 7.2–7.5; the edges of a band-stop are first moved inwards to where the order is
// lowest, as the reference implementation does, each edge by itself with the other as it was.
// Priorities: the same order and edges as the reference. Analogue frequencies here are tan(π f / rate), the bilinear transform without its factor.

extension FilterRequirement {
  /// A family, as far as its order goes.
  enum Family { case butterworth, chebyshev, elliptic }

  /// What the families need: the analogue pass-band edges, and how far away the stopped band is in the prototype (above 1).
  struct Analogue {
    var edges: [Double]
    var distance: Double
  }

  func analogue(_ family: Family) -> Analogue {
    let pass = passBand.edges.map(warped)
    let stop = stopBand.edges.map(warped)
    switch passBand {
    case .lowPass: return Analogue(edges: pass, distance: stop[0] / pass[0])
    case .highPass: return Analogue(edges: pass, distance: pass[0] / stop[0])
    case .bandPass:
      let distances = stop.map { (($0 * $0 - pass[0] * pass[1]) / ($0 * (pass[0] - pass[1]))).magnitude }
      return Analogue(edges: pass, distance: min(distances[0], distances[1]))
    case .bandStop:
      func distance(_ low: Double, _ high: Double) -> Double {
        let distances = stop.map { ($0 * (low - high) / ($0 * $0 - low * high)).magnitude }
        return min(distances[0], distances[1])
      }
      let low = BoundedMinimum.of({ order(of: family, distance: distance($0, pass[1])) }, from: pass[0], to: stop[0] - 1e-12)
      let high = BoundedMinimum.of({ order(of: family, distance: distance(pass[0], $0)) }, from: stop[1] + 1e-12, to: pass[1])
      return Analogue(edges: [low, high], distance: distance(low, high))
    }
  }

  /// The order as a broken number.
  func order(of family: Family, distance: Double) -> Double {
    let (pass, stop) = (pow(10, 0.1 * passbandLoss), pow(10, 0.1 * stopbandAttenuation))
    switch family {
    case .butterworth: return log10((stop - 1) / (pass - 1)) / (2 * log10(distance))
    case .chebyshev: return acosh(((stop - 1) / (pass - 1)).squareRoot()) / acosh(distance)
    case .elliptic:
      let discrimination = Decibels.powerExcess(passbandLoss) / Decibels.powerExcess(stopbandAttenuation)
      let selectivity = 1 / distance
      let ratio = { (parameter: Double) in
        EllipticIntegral.complete(complement: 1 - parameter) / EllipticIntegral.complete(complement: parameter)
      }
      return ratio(selectivity * selectivity) / ratio(discrimination)
    }
  }

  /// The order as a whole number.
  ///
  /// - Throws: `SignalError` where none that a computer could run will do.
  func wholeOrder(of family: Family, distance: Double) throws(SignalError) -> Int {
    let order = order(of: family, distance: distance).rounded(.up)
    guard order >= 1, order <= 1e6 else {
      throw SignalError(
        .invalidFrequency, "a filter that passes \(passBand) and stops outside of \(stopBand); expected edges farther apart")
    }
    return Int(order)
  }

  /// The digital band of analogue edges.
  func band(_ edges: [Double]) -> PassBand {
    let digital = edges.map { atan($0) * 2 / Double.pi * sampleRate / 2 }.sorted()
    return switch passBand {
    case .lowPass: .lowPass(digital[0])
    case .highPass: .highPass(digital[0])
    case .bandPass: .bandPass(digital[0]...digital[1])
    case .bandStop: .bandStop(digital[0]...digital[1])
    }
  }

  /// Analogue edges from those where the prototype passes 1, when it should pass `place` instead.
  ///
  /// For Chebyshev II and Butterworth: the prototype's own frequency 1 is not the edge of the pass band.
  func moved(_ edges: [Double], to place: Double) -> [Double] {
    switch passBand {
    case .lowPass: return [edges[0] / place]
    case .highPass: return [edges[0] * place]
    case .bandPass, .bandStop:
      // The two roots that the band transform gives; their product is the square of the centre.
      let isStop = if case .bandStop = passBand { true } else { false }
      let half = (isStop ? place : 1 / place) / 2 * (edges[0] - edges[1])
      let first = half + (half * half + edges[0] * edges[1]).squareRoot()
      return [first, edges[0] * edges[1] / first]
    }
  }

  private func warped(_ frequency: Double) -> Double { tan(Double.pi * (2 * frequency / sampleRate) / 2) }
}

extension Butterworth {
  /// The lowest order that meets a requirement; equals `scipy.signal.buttord`.
  ///
  /// The −3 dB edges are such that the loss at the edges of the pass band is exactly the allowed one.
  ///
  /// - Throws: `SignalError` with `.invalidFrequency` where the edges are too near to each other for any filter.
  public static func order(for requirement: FilterRequirement) throws(SignalError) -> SelectedOrder {
    let analogue = requirement.analogue(.butterworth)
    let order = try requirement.wholeOrder(of: .butterworth, distance: analogue.distance)
    let natural = pow(pow(10, 0.1 * requirement.passbandLoss) - 1, -1 / (2 * Double(order)))
    return SelectedOrder(order: order, band: requirement.band(requirement.moved(analogue.edges, to: 1 / natural)))
  }
}

extension ChebyshevI {
  /// The lowest order that meets a requirement, with the loss as its ripple; equals `scipy.signal.cheb1ord`.
  ///
  /// - Throws: `SignalError` with `.invalidFrequency` where the edges are too near to each other for any filter.
  public static func order(for requirement: FilterRequirement) throws(SignalError) -> SelectedOrder {
    let analogue = requirement.analogue(.chebyshev)
    let order = try requirement.wholeOrder(of: .chebyshev, distance: analogue.distance)
    return SelectedOrder(order: order, band: requirement.band(analogue.edges))
  }
}

extension ChebyshevII {
  /// The lowest order that meets a requirement; equals `scipy.signal.cheb2ord`.
  ///
  /// The edges of the stopped band are such that the loss at the edges of the pass band is exactly the allowed one.
  ///
  /// - Throws: `SignalError` with `.invalidFrequency` where the edges are too near to each other for any filter.
  public static func order(for requirement: FilterRequirement) throws(SignalError) -> SelectedOrder {
    let analogue = requirement.analogue(.chebyshev)
    let order = try requirement.wholeOrder(of: .chebyshev, distance: analogue.distance)
    let (pass, stop) = (pow(10, 0.1 * requirement.passbandLoss), pow(10, 0.1 * requirement.stopbandAttenuation))
    let place = 1 / cosh(1 / Double(order) * acosh(((stop - 1) / (pass - 1)).squareRoot()))
    return SelectedOrder(order: order, band: requirement.band(requirement.moved(analogue.edges, to: place)))
  }
}

extension Elliptic {
  /// The lowest order that meets a requirement, with the loss as its ripple; equals `scipy.signal.ellipord`.
  ///
  /// - Throws: `SignalError` with `.invalidFrequency` where the edges are too near to each other for any filter.
  public static func order(for requirement: FilterRequirement) throws(SignalError) -> SelectedOrder {
    let analogue = requirement.analogue(.elliptic)
    let order = try requirement.wholeOrder(of: .elliptic, distance: analogue.distance)
    return SelectedOrder(order: order, band: requirement.band(analogue.edges))
  }
}
