import MinhangCore

extension Pipeline {
  /// The pipelines that come with the library.
  public static let builtIn: [Pipeline] = [
    Pipeline(
      uncheckedName: "csp-lda", [.butterworth(.bandPass(8...32), order: 4)], [.covariance(.oas), .csp(filters: 6), .lda(.ledoitWolf)]),
    Pipeline(uncheckedName: "logvar-lda", [.butterworth(.bandPass(8...32), order: 4)], [.logVariance, .lda(.ledoitWolf)]),
  ]

  /// The built-in pipeline of a name.
  ///
  /// - Throws: `DecodingError` `.unknownPipeline`, with the names there are.
  public static func named(_ name: String) throws(DecodingError) -> Pipeline {
    guard let found = builtIn.first(where: { $0.name == name }) else {
      throw DecodingError(
        .unknownPipeline,
        "no pipeline is called \(name.quotedForDisplay()); expected one of \(builtIn.map(\.name).joined(separator: ", ")), or a YAML file")
    }
    return found
  }
}
