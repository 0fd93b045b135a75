/// The times of a NEV file's stamps, packet by packet.
///
/// Packets may be a little out of order. Beside an NSx file the clocks are that one's: a stamp behind the end of one belongs to the next, and so
/// does one that goes back. Alone, or where no clock is left, one that goes back by more than a second began anew, and what follows is put right
/// behind what was there.
struct NEVClock: Sendable {
  /// What packets may be out of order, seconds: a spike is written once its waveform is complete.
  private static let disorder = 0.01

  private let resolution: Double
  private let clocks: [BlackrockClock]
  /// What is to be taken off the times of each clock, seconds: the part of a stamp that the other file's resolution has and this one has not.
  private let shifts: [Double]
  private var current = 0
  /// Whether a stamp behind the end of the clock before led to this one, so that its first stamp that goes back is its beginning.
  private var isEnteredLate = false
  private var latest: UInt64 = 0
  private var latestTime = 0.0
  /// What is added to times behind a clock that began anew.
  private var resumed = 0.0
  /// How often a clock began anew that nothing knew of.
  private(set) var resets = 0

  /// The clock of a file that stands alone.
  ///
  /// - Parameters:
  ///   - zero: The stamp that is time 0.
  ///   - resolution: Stamps a second.
  init(zero: UInt64, resolution: Double) {
    self.resolution = resolution
    clocks = [BlackrockClock(stamp: zero, end: .max, start: 0)]
    shifts = [0]
  }

  /// The clocks of another file.
  ///
  /// - Parameters:
  ///   - others: In order; none stands for one that begins at 0.
  ///   - resolution: Their stamps a second.
  ///   - own: This file's stamps a second.
  init(_ others: [BlackrockClock], resolution: Double, own: Double) {
    self.resolution = own
    guard resolution != own, !others.isEmpty else {
      clocks = others.isEmpty ? [BlackrockClock(stamp: 0, end: .max, start: 0)] : others
      shifts = clocks.map { _ in 0 }
      return
    }
    clocks = others.map { other in
      let end = UInt64(exactly: (Double(other.end) / resolution * own).rounded(.up)) ?? .max
      return BlackrockClock(stamp: 0, end: end, start: other.start)
    }
    shifts = others.map { Double($0.stamp) / resolution }
  }

  /// Seconds of the next packet's stamp.
  mutating func time(of stamp: UInt64) -> Double {
    let back = stamp < latest ? Double(latest - stamp) / resolution : 0
    if current + 1 < clocks.count, back > Self.disorder || isBehind(stamp) {
      isEnteredLate = back <= Self.disorder
      // A clock without events is passed over.
      repeat { current += 1 } while current + 1 < clocks.count && isBehind(stamp)
      latest = stamp
    } else if back > Self.disorder, isEnteredLate {
      isEnteredLate = false
      latest = stamp
    } else if back > 1 {
      resets += 1
      resumed += latestTime - seconds(stamp)
      latest = stamp
    }
    latest = max(latest, stamp)
    let time = seconds(stamp)
    latestTime = max(latestTime, time)
    return time
  }

  /// Whether a stamp lies behind the end of the current clock.
  private func isBehind(_ stamp: UInt64) -> Bool {
    let end = clocks[current].end
    return stamp > end && Double(stamp - end) / resolution > Self.disorder
  }

  private func seconds(_ stamp: UInt64) -> Double {
    let clock = clocks[current]
    let ticks = stamp >= clock.stamp ? Double(stamp - clock.stamp) : -Double(clock.stamp - stamp)
    return clock.start + (ticks / resolution - shifts[current] + resumed)
  }
}
