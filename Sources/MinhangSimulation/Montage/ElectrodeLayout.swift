import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The 64 standard positions of the 10-10 system on the scalp of a spherical head.
///
/// The places follow from the system's definition, not from a table of measured heads: the ring Fpz–T7–Oz–T8 lies in the plane through
/// the centre and is cut into steps of 18° (10 % of each half), the midline Fpz–Cz–Oz into steps of 22.5°, and each row (F7–Fz–F8 …) runs
/// along the circle through its two ends and its midline point in equal steps. The names and their order are those of the BCI2000 cap
/// that the PhysioNet motor-imagery set uses.
///
/// **Source:** Chatrian, Lettich & Nelson 1985, "Ten percent electrode system for topographic studies of spontaneous and evoked EEG
/// activities", Am. J. EEG Technol. 25:83; Oostenveld & Praamstra 2001, Clin. Neurophysiol. 112:713.
public enum ElectrodeLayout {
  /// The names, in the order of the 64-channel cap.
  public static let names: [String] = [
    "FC5", "FC3", "FC1", "FCz", "FC2", "FC4", "FC6", "C5", "C3", "C1", "Cz", "C2", "C4", "C6", "CP5", "CP3", "CP1", "CPz", "CP2", "CP4",
    "CP6",
    "Fp1", "Fpz", "Fp2", "AF7", "AF3", "AFz", "AF4", "AF8", "F7", "F5", "F3", "F1", "Fz", "F2", "F4", "F6", "F8", "FT7", "FT8", "T7", "T8",
    "T9", "T10", "TP7", "TP8", "P7", "P5", "P3", "P1", "Pz", "P2", "P4", "P6", "P8", "PO7", "PO3", "POz", "PO4", "PO8", "O1", "Oz", "O2",
    "Iz",
  ]

  /// The places of `names`, each of length 1.
  public static let positions: [HeadPoint] = names.map { place(ofStandardName: $0) }

  /// Place of an electrode in `names`, compared without regard to case and padding; nil for another name.
  public static func index(of name: String) -> Int? { names.firstIndex { ChannelName.matches($0, name) } }

  /// The point of the scalp below an electrode; nil for a name that is not one of the 64.
  public static func position(of name: String) -> HeadPoint? { index(of: name).map { positions[$0] } }

  /// Rows from front to back: the letters, degrees on the ring from Fpz to the left end, degrees on the midline from Cz to the front.
  private static let rows: [(letters: String, ring: Double, midline: Double)] = [
    ("Fp", 0, 90), ("AF", 36, 67.5), ("F", 54, 45), ("FC", 72, 22.5), ("FT", 72, 22.5), ("C", 90, 0), ("T", 90, 0), ("CP", 108, -22.5),
    ("TP", 108, -22.5), ("P", 126, -45), ("PO", 144, -67.5), ("O", 180, -90), ("I", 180, -112.5),
  ]

  /// The place of a name of the table above: row letters, then `z` or a number whose oddness says the side (odd is left).
  private static func place(ofStandardName name: String) -> HeadPoint {
    let letters = String(name.prefix(while: { $0.isUppercase || $0 == "p" }))
    guard let row = rows.first(where: { $0.letters == letters }) else { preconditionFailure("no row \(letters)") }
    let middle = onMidline(row.midline)
    guard let number = Int(name.dropFirst(letters.count)) else { return middle }
    let side = number % 2 == 1 ? -1.0 : 1.0
    let step = Double((number + 1) / 2)  // 1 beside the midline … 4 on the ring, 5 one step below it
    if letters == "Fp" { return onRing(18, side) }
    if letters == "O" { return onRing(162, side) }
    return onRow(from: middle, to: onRing(row.ring, side), part: step / 4)
  }

  private static func onMidline(_ degrees: Double) -> HeadPoint {
    HeadPoint(x: 0, y: sin(degrees * .pi / 180), z: cos(degrees * .pi / 180))
  }

  private static func onRing(_ degrees: Double, _ side: Double) -> HeadPoint {
    HeadPoint(x: side * sin(degrees * .pi / 180), y: cos(degrees * .pi / 180), z: 0)
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
