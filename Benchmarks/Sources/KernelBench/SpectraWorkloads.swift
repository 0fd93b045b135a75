import MinhangBCI

extension Workload {
  /// Spectra beyond Welch's, and the live band power.
  static let spectraWorkloads: [Workload] = [
    Workload(name: "multitaper", summary: "densities of 16 × 5000 samples, bandwidth 4 Hz, the Slepian tapers computed anew in every run") {
      settings in
      let block = Shape.excerpt(channels: 16, samples: 5000)
      return {
        let estimator = try MultitaperEstimator(sampleRate: Shape.sampleRate, length: 5000, bandwidth: 4, threads: settings.threads)
        keep(try estimator.spectrum(of: block))
      }
    },
    Workload(name: "multitaper_design", summary: "the same with one design for all runs, as a program has that makes many spectra") {
      settings in
      let block = Shape.excerpt(channels: 16, samples: 5000)
      let estimator = try MultitaperEstimator(sampleRate: Shape.sampleRate, length: 5000, bandwidth: 4, threads: settings.threads)
      return { keep(try estimator.spectrum(of: block)) }
    },
    Workload(
      name: "live_broadband",
      summary: "0.3 s of 1024 channels at 30 kHz in blocks of 30: band-pass and running power of three bands; see live-bench"
    ) { _ in
      let (channels, rate, size) = (1024, 30_000.0, 30)
      var block = SignalBlock(channelCount: channels, sampleCount: size)
      block.withUnsafeMutableStorage { values, _ in
        var generator = SeededGenerator(seed: 0)
        for i in 0..<(channels * size) { values[i] = generator.nextNormal() }
      }
      var stage = CausalFilter(try Butterworth.filter(order: 4, .bandPass(1...7500), sampleRate: rate))
      var power = try RunningBandPower(
        sampleRate: rate, channelCount: channels, bands: [60...150, 300...1000, 1000...6000], order: 4, windowLength: 100 * size, step: size
      )
      var sum = 0.0
      return {
        for _ in 0..<300 {
          stage.process(&block)
          power.process(block) { sum += $0[channel: 0, band: 0] }
          block.firstSample += size
        }
        keep(sum)
      }
    },
  ]
}

extension Shape {
  /// Standard normal samples.
  static func excerpt(channels: Int, samples: Int) -> SignalBlock {
    var block = SignalBlock(channelCount: channels, sampleCount: samples)
    for channel in 0..<channels {
      var generator = SeededGenerator(seed: 0, stream: UInt64(channel))
      block.withUnsafeMutableStorage { values, stride in
        for i in 0..<samples { values[channel * stride + i] = generator.nextNormal() }
      }
    }
    return block
  }
}
