/// One division of the trials.
public struct Fold: Sendable, Hashable {
  /// What is tested: the name of the file or person held out, or the number of the block.
  public let name: String
  /// Indices of the training trials, ascending.
  public let training: [Int]
  /// Indices of the test trials, ascending.
  public let test: [Int]
  /// Indices of trials left out of training because their windows come too near a test window.
  public let embargoed: [Int]
}
