/// The taps of a resampling filter, sorted by phase as the kernel reads them.
struct PolyphaseBank: Sendable, Hashable {
  let ratio: ResamplingRatio
  /// Steps of `1 / up` input samples that the filter looks ahead.
  let advance: Int
  /// Taps of a phase.
  let length: Int
  /// `[phase][length]`, from the tap of the oldest sample to that of the newest; a phase with fewer taps of its own begins with zeros.
  let taps: [Double]

  init(ratio: ResamplingRatio, filter: ResamplingFilter) {
    let (up, total) = (ratio.up, filter.taps.count)
    let length = (total + up - 1) / up
    var taps = [Double](repeating: 0, count: up * length)
    for j in 0..<total { taps[(j % up) * length + length - 1 - j / up] = filter.taps[j] }
    self.ratio = ratio
    self.advance = filter.advance
    self.length = length
    self.taps = taps
  }

  /// Input samples before the newest one that an output may use.
  var history: Int { length - 1 }
}
