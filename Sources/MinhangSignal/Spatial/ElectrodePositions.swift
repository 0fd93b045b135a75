import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The places of the 10-20, 10-10 and 10-5 systems on a spherical head: 345 names.
///
/// The places follow from the systems' definition, not from a table of measured heads, so that they are symmetric to the last bit, spaced as
/// the system says, and nobody's template: what the spherical splines and the neighbours of a Laplacian ask for. The ring Fpz–T7–Oz–T8 lies in
/// the plane through the centre and is cut into steps of 9° (5 % of each half); the midline Nz–Fpz–Cz–Oz–Iz into steps of 11.25° (5 % of
/// nasion–inion); each row (F7–Fz–F8 …) runs along the circle through its two ends and its midline point in eight equal steps a side
/// (`1h`, `1`, `3h` … `7h`, `7`); below the ring, `9h` and `9` lie straight down, 11.25° and 22.5° from its row's end. `x` is to the right, `y` to
/// the nose, `z` to the crown. The template heads of the field (Colin27, fsaverage), brought to a sphere and turned to fit, lie 2° from these
/// places in the median and 7° at most; where positions were digitised, use those.
///
/// **Source:** Jasper 1958, Electroencephalogr. Clin. Neurophysiol. 10:371; Chatrian, Lettich & Nelson 1985, Am. J. EEG Technol. 25:83;
/// Oostenveld & Praamstra 2001, "The five percent electrode system", Clin. Neurophysiol. 112:713.
public enum ElectrodePositions {
  /// All names of the 10-5 system, from front to back, each row from left to right.
  public static let names: [String] = table.map(\.name)

  /// The electrodes of the 10-20 system in their present names: the 19 of Jasper, and Fpz, Oz between.
  public static let tenTwenty: [String] = [
    "Fp1", "Fpz", "Fp2", "F7", "F3", "Fz", "F4", "F8", "T7", "C3", "Cz", "C4", "T8", "P7", "P3", "Pz", "P4", "P8", "O1", "Oz", "O2",
  ]

  /// Other names of places: the 10-20 system's first names of the temporal electrodes, and the mastoids, which lie at TP9 and TP10.
  ///
  /// The ears (A1, A2) are not places of the scalp and have no position.
  public static let aliases: [String: String] = ["T3": "T7", "T4": "T8", "T5": "P7", "T6": "P8", "M1": "TP9", "M2": "TP10"]

  /// The present name of a place: `T7` for `T3`, `FC5` for `Fc5.`; nil for what is no place of the 10-5 system.
  ///
  /// Compared without regard to case and padding.
  public static func standardName(of name: String) -> String? {
    let key = ChannelName.key(name)
    return (keyedAliases[key] ?? index[key]).map { table[$0].name }
  }

  /// The point of the scalp below an electrode, at length 1; nil for what is no place of the 10-5 system.
  public static func position(of name: String) -> HeadPoint? {
    let key = ChannelName.key(name)
    return (index[key] ?? keyedAliases[key]).map { table[$0].place }
  }

  /// The places of channels.
  ///
  /// - Throws: `SignalError` with `.invalidParameter` that names those without a place.
  public static func positions(of names: [String]) throws(SignalError) -> [HeadPoint] {
    let places = names.map { position(of: $0) }
    let missing = zip(names, places).filter { $0.1 == nil }.map(\.0)
    guard missing.isEmpty else {
      throw SignalError(
        .invalidParameter, "no position for \(missing.joined(separator: ", ")); expected names of the 10-5 system, such as C3 or FFC1h")
    }
    return places.compactMap { $0 }
  }

  private static let index: [String: Int] = Dictionary(
    uniqueKeysWithValues: table.enumerated().map { (ChannelName.key($0.element.name), $0.offset) })
  private static let keyedAliases: [String: Int] = aliases.reduce(into: [:]) {
    $0[ChannelName.key($1.key)] = index[ChannelName.key($1.value)]
  }

  /// Rows from front to back: letters above the ring and from its last eighth on, degrees on the ring from Fpz, degrees on the midline from Cz.
  private static let rows: [(letters: String, temporal: String, ring: Double, midline: Double)] = [
    ("AFp", "AFp", 27, 78.75), ("AF", "AF", 36, 67.5), ("AFF", "AFF", 45, 56.25), ("F", "F", 54, 45), ("FFC", "FFT", 63, 33.75),
    ("FC", "FT", 72, 22.5), ("FCC", "FTT", 81, 11.25), ("C", "T", 90, 0), ("CCP", "TTP", 99, -11.25), ("CP", "TP", 108, -22.5),
    ("CPP", "TPP", 117, -33.75), ("P", "P", 126, -45), ("PPO", "PPO", 135, -56.25), ("PO", "PO", 144, -67.5), ("POO", "POO", 153, -78.75),
  ]

  /// Short rows at both ends, which follow the ring and the lines below it: letters, degrees on the ring of `1`, degrees below the ring.
  private static let front: [(letters: String, ring: Double, below: Double)] = [("N", 18, 22.5), ("NFp", 18, 11.25), ("Fp", 18, 0)]
  private static let back: [(letters: String, ring: Double, below: Double)] = [("O", 162, 0), ("OI", 162, 11.25), ("I", 162, 22.5)]

  private static let table: [(name: String, place: HeadPoint)] =
    front.flatMap { shortRow($0.letters, ring: $0.ring, half: 9, below: $0.below, middle: 90 + $0.below) }
    + rows.flatMap { row in longRow(row.letters, row.temporal, ring: row.ring, middle: onMidline(row.midline)) }
    + back.flatMap { shortRow($0.letters, ring: $0.ring, half: 171, below: $0.below, middle: -90 - $0.below) }

  /// `1`, `1h`, `z`, `2h`, `2`.
  private static func shortRow(
    _ letters: String, ring: Double, half: Double, below: Double, middle: Double
  ) -> [(name: String, place: HeadPoint)] {
    [
      (letters + "1", underRing(ring, -1, below)), (letters + "1h", underRing(half, -1, below)), (letters + "z", onMidline(middle)),
      (letters + "2h", underRing(half, 1, below)), (letters + "2", underRing(ring, 1, below)),
    ]
  }

  /// `9`, `9h`, `7` … `1h`, `z`, `2h` … `8`, `10h`, `10`.
  private static func longRow(
    _ letters: String, _ temporal: String, ring: Double, middle: HeadPoint
  ) -> [(name: String, place: HeadPoint)] {
    func side(_ sign: Double) -> [(name: String, place: HeadPoint)] {
      (1...10).map { step in
        let number = (step + 1) / 2 * 2 - (sign < 0 ? 1 : 0)
        let name = (step > 6 ? temporal : letters) + "\(number)" + (step % 2 == 1 ? "h" : "")
        let part = Double(step) / 8
        // The row through Cz is a great circle: going on along it and going straight down are the same.
        let staysOnRow = step <= 8 || ring == 90
        let place = staysOnRow ? onRow(from: middle, to: onRing(ring, sign), part: part) : underRing(ring, sign, 11.25 * Double(step - 8))
        return (name, place)
      }
    }
    return side(-1).reversed() + [(letters + "z", middle)] + side(1)
  }

  private static func onMidline(_ degrees: Double) -> HeadPoint {
    HeadPoint(x: 0, y: sin(degrees * .pi / 180), z: cos(degrees * .pi / 180))
  }

  private static func onRing(_ degrees: Double, _ side: Double) -> HeadPoint {
    HeadPoint(x: side * sin(degrees * .pi / 180), y: cos(degrees * .pi / 180), z: 0)
  }

  private static func underRing(_ degrees: Double, _ side: Double, _ below: Double) -> HeadPoint {
    guard below > 0 else { return onRing(degrees, side) }
    let flat = onRing(degrees, side) * cos(below * .pi / 180)
    return HeadPoint(x: flat.x, y: flat.y, z: -sin(below * .pi / 180))
  }

  /// The point a part of the way along the circle through `middle`, `end` and the mirror image of `end`.
  private static func onRow(from middle: HeadPoint, to end: HeadPoint, part: Double) -> HeadPoint {
    let mirrored = HeadPoint(x: -end.x, y: end.y, z: end.z)
    let axis = (end - middle).cross(mirrored - middle).normalized
    let centre = axis * axis.dot(middle)
    let toMiddle = middle - centre
    let toEnd = end - centre
    let radius = toMiddle.length
    let angle = part * acos(max(-1, min(1, toMiddle.dot(toEnd) / (radius * radius))))
    let across = (toEnd - toMiddle * (toMiddle.dot(toEnd) / (radius * radius))).normalized
    return centre + toMiddle * cos(angle) + across * (radius * sin(angle))
  }
}
