import MinhangBCI

extension Workload {
  private static let bandPass = Result {
    try Butterworth.filter(order: 4, .bandPass(8...30), sampleRate: Shape.sampleRate)
  }

  /// Filters and spectra.
  static let signalWorkloads: [Workload] = [
    Workload(name: "iir_causal", summary: "band-pass 8–30 Hz of order 4 over 64 × 150 000 samples, causal, in place") { settings in
      var block = Shape.block()
      var stage = CausalFilter(try bandPass.get(), threads: settings.threads)
      return {
        stage.reset()
        stage.process(&block)
      }
    },
    Workload(name: "iir_zero_phase", summary: "the same filter forward and backward, in place") { settings in
      var block = Shape.block()
      let filter = ZeroPhaseFilter(try bandPass.get(), threads: settings.threads)
      return { try filter.apply(to: &block) }
    },
    Workload(name: "iir_blocks", summary: "the same filter over 1000 blocks of 32 samples, with the state carried, as a live decoder does")
    { settings in
      let signal = Shape.block(samples: 32_000)
      var block = SignalBlock(channelCount: Shape.channels, sampleCount: 32)
      var stage = CausalFilter(try bandPass.get(), threads: settings.threads)
      return {
        stage.reset()
        for start in stride(from: 0, to: 32_000, by: 32) {
          block.firstSample = start
          signal.withUnsafeStorage { source, sourceStride in
            block.withUnsafeMutableStorage { target, targetStride in
              for c in 0..<Shape.channels { (target + c * targetStride).update(from: source + c * sourceStride + start, count: 32) }
            }
          }
          stage.process(&block)
        }
      }
    },
    Workload(
      name: "fir_zero_phase", summary: "MNE's default filter for 8–30 Hz, designed and run over 64 × 150 000 samples without delay"
    ) { settings in
      let block = Shape.block()
      return {
        let taps = try MNEDesign.filter(.bandPass(8...30), sampleRate: Shape.sampleRate)
        keep(try ZeroPhaseConvolution(taps, threads: settings.threads).applied(to: block))
      }
    },
    Workload(name: "welch", summary: "densities of 64 × 150 000 samples, Hann windows of 500 with an overlap of 250") { settings in
      let block = Shape.block()
      return {
        var estimator = try WelchEstimator(
          sampleRate: Shape.sampleRate, channelCount: Shape.channels, windowLength: 500, overlap: 250,
          threads: settings.threads)
        estimator.add(block)
        keep(estimator.spectrum())
      }
    },
    Workload(
      name: "resample",
      summary: "64 × 150 000 samples from 250 to 200 Hz by a polyphase filter, designed in each run, into one block that is reused"
    ) {
      settings in
      let block = Shape.block()
      var result = SignalBlock(channelCount: 0, sampleCount: 0)
      return {
        PolyphaseResampler(try ResamplingRatio(up: 4, down: 5), threads: settings.threads).apply(to: block, into: &result)
        keep(result)
      }
    },
  ]
}
