struct ASRGoldens: Decodable {
  struct Design: Decodable {
    let rate: Double
    let numerator: [Double]
    let denominator: [Double]
  }
  struct Fit: Decodable {
    let seed: Int
    let count: Int
    let clean: Double
    let dropout: Double
    let mean: Double
    let deviation: Double
    let shape: Double
  }
  struct Medians: Decodable {
    let plain: [Double]
    let weighted: [Double]
  }
  struct Output: Decodable {
    let interval: Int
    let every: Int
    let values: [Double]
  }
  struct Gamma: Decodable {
    let a: Double
    let part: Double
    let x: Double
  }
  let designs: [Design]
  let fits: [Fit]
  let medians: Medians
  let kept: [Int]
  let mixing: [Double]
  let thresholds: [Double]
  let outputs: [Output]
  let gamma: [Gamma]

  static func load() throws -> ASRGoldens { try artefactGolden("artefact-asr.json") }
}
