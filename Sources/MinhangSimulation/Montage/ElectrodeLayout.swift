import MinhangCore
import MinhangSignal

/// The 64 standard positions of the 10-10 system on the scalp of a spherical head.
///
/// The places are those of `ElectrodePositions`. The names and their order are those of the BCI2000 cap that the PhysioNet motor-imagery set
/// uses.
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
  public static let positions: [HeadPoint] = names.map { name in
    guard let place = ElectrodePositions.position(of: name) else { preconditionFailure("no place for \(name)") }
    return place
  }

  /// Place of an electrode in `names`, compared without regard to case and padding; nil for another name.
  public static func index(of name: String) -> Int? { names.firstIndex { ChannelName.matches($0, name) } }

  /// The point of the scalp below an electrode; nil for a name that is not one of the 64.
  public static func position(of name: String) -> HeadPoint? { index(of: name).map { positions[$0] } }
}
