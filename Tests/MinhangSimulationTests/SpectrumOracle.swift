import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Slow, obvious spectra for the tests.
enum SpectrumOracle {
  /// Density at a frequency, µV²/Hz: the mean over windows of 2 s under a Hann taper of `|Σ w x e^(−iωt)|² · 2 / (rate · Σ w²)`, each
  /// window without its mean.
  static func density(of samples: ArraySlice<Double>, at frequency: Double, sampleRate: Double) -> Double {
    let length = Int(2 * sampleRate)
    let start = samples.startIndex
    let turns = (0..<length).map { 2 * Double.pi * frequency * Double($0) / sampleRate }
    let taper = (0..<length).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(length)) }
    let cosines = zip(turns, taper).map { cos($0) * $1 }
    let sines = zip(turns, taper).map { sin($0) * $1 }
    let energy = taper.reduce(0) { $0 + $1 * $1 }
    var sum = 0.0
    var count = 0
    for first in stride(from: start, through: samples.endIndex - length, by: length) {
      var mean = 0.0
      for t in 0..<length { mean += samples[first + t] }
      mean /= Double(length)
      var (real, imaginary) = (0.0, 0.0)
      for t in 0..<length {
        let x = samples[first + t] - mean
        real += x * cosines[t]
        imaginary += x * sines[t]
      }
      sum += real * real + imaginary * imaginary
      count += 1
    }
    return sum / Double(max(count, 1)) * 2 / (sampleRate * energy)
  }

  /// Power in a band, µV²: the sum of the densities on a grid of half hertz.
  static func power(of samples: ArraySlice<Double>, in band: ClosedRange<Double>, sampleRate: Double) -> Double {
    stride(from: band.lowerBound, through: band.upperBound, by: 0.5).reduce(0) { $0 + density(of: samples, at: $1, sampleRate: sampleRate) }
      / 2
  }

  /// Slope of the straight line nearest to points.
  static func slope(_ points: [(x: Double, y: Double)]) -> Double {
    let count = Double(points.count)
    let meanX = points.reduce(0) { $0 + $1.x } / count
    let meanY = points.reduce(0) { $0 + $1.y } / count
    let xy = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) }
    let xx = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
    return xy / xx
  }
}
