@testable import MinhangSignal

/// A band as the goldens write it.
func passBand(_ kind: String, _ edges: [Double]) -> PassBand {
  switch kind {
  case "lowpass": .lowPass(edges[0])
  case "highpass": .highPass(edges[0])
  case "bandpass": .bandPass(edges[0]...edges[1])
  default: .bandStop(edges[0]...edges[1])
  }
}
