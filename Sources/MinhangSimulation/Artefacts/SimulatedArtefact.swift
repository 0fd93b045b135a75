/// A disturbance that a simulated recording can be asked to hold.
public enum SimulatedArtefact: String, Sendable, Hashable, CaseIterable, Codable {
  /// Blinks: 100–200 µV at the forehead, 200–400 ms, about 15 a minute.
  case blinks
  /// The mains: a sine with its second and third harmonic, of another size at each electrode.
  case line
  /// The slow wander of electrodes, tens of µV below 0.1 Hz.
  case drift
  /// Bursts of the chewing muscles, broad-band above 20 Hz, over the temples.
  case muscle
}
