import CFFTW3
import MinhangBCI

extension Workload {
  /// What the machine allows at best.
  static let limits: [Workload] = [
    Workload(name: "limit_fftw", summary: "FFTW alone: the transforms of the workload welch, from cache to cache") { _ in
      let (length, windows) = (500, Shape.channels * ((Shape.samples - 500) / 250 + 1))
      guard let input = fftw_alloc_real(length), let output = fftw_alloc_complex(length / 2 + 1),
        let plan = fftw_plan_dft_r2c_1d(Int32(length), input, output, UInt32(FFTW_ESTIMATE) | UInt32(FFTW_PRESERVE_INPUT))
      else { throw BenchmarkError(description: "FFTW cannot plan a transform of length \(length)") }
      var generator = SeededGenerator(seed: 0)
      for i in 0..<length { input[i] = generator.nextNormal() }
      return { for _ in 0..<windows { fftw_execute(plan) } }
    },
    Workload(name: "limit_copy", summary: "memory bandwidth: 64 × 150 000 samples copied from one array to another") { settings in
      let source = Shape.block()
      var target = SignalBlock(channelCount: Shape.channels, sampleCount: Shape.samples)
      return {
        source.withUnsafeStorage { source, sourceStride in
          target.withUnsafeMutableStorage { target, targetStride in
            nonisolated(unsafe) let (source, target) = (source, target)
            _ = concurrentMap(count: Shape.channels / 8, threads: settings.threads) { group in
              for c in (8 * group)..<(8 * group + 8) {
                (target + c * targetStride).update(from: source + c * sourceStride, count: Shape.samples)
              }
            }
          }
        }
      }
    },
  ]
}

/// Why a workload cannot run.
struct BenchmarkError: Error, CustomStringConvertible {
  let description: String
}
