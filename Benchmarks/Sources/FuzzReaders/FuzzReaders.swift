import ArgumentParser
import Foundation

/// Opens damaged recordings, of which none may end the program, hang it, fill the memory or leave a message that cannot be shown.
///
/// The program starts itself as a worker. A worker that ends or hangs costs one seed: the files of that seed are kept, the next worker goes
/// on behind it. The same seed and the same corpus make the same files.
@main
struct FuzzReaders: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz-readers", abstract: "Open damaged recordings at random; status 1 where one crashes, hangs or fills the memory.",
    discussion: """
      fuzz-readers --seconds 60
      fuzz-readers --seconds 3600 --seed 7000000 --corpus RECORDINGS --format edf --keep FINDS
      fuzz-readers --replay 1234 --keep OUT        # write the files of one seed and open them in this process
      """)

  @Option(help: "How long.")
  var seconds = 60.0
  @Option(help: "The first seed; each file has a seed of its own, one more than the one before.")
  var seed: UInt64 = 1
  @Option(help: "Only files of this suffix: edf, bdf, gdf, vhdr, xdf, set, csv …")
  var format: String?
  @Option(help: ArgumentHelp("Recordings to damage, at most 2 MiB each; without it small ones are made.", valueName: "folder"))
  var corpus: String?
  @Option(help: ArgumentHelp("Where the files of each find are kept.", valueName: "folder"))
  var keep: String?
  @Option(help: ArgumentHelp("Open the files of one seed in this process.", valueName: "seed"))
  var replay: UInt64?

  @Flag(help: .hidden)
  var worker = false
  @Option(help: .hidden)
  var state: String?

  func validate() throws {
    guard seconds > 0, seconds <= 1e7 else { throw ValidationError("--seconds is \(seconds); expected more than 0") }
  }

  func run() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/fuzz-readers-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder + "/corpus", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    if corpus == nil { try MadeFiles.write(to: folder + "/corpus", format: format) }
    let corpusFolder = URL(fileURLWithPath: corpus ?? folder + "/corpus").path
    let files = try Corpus(folder: corpusFolder, format: format?.lowercased())
    guard !files.groups.isEmpty else { throw ValidationError("there is no file to damage in \(corpusFolder)") }
    if worker { return try work(files, state: state) }
    if let replay {
      let group = files.mutated(seed: replay)
      let target = keep ?? folder
      try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
      print(try Worker(corpus: files, folder: target, state: "").examine(group) ?? "nothing: \(group.opened) is well")
      return
    }
    let began = Date()
    let (seeds, finds) = try Supervisor(corpus: files, corpusFolder: corpusFolder, format: format, keep: keep, folder: folder)
      .run(from: seed, seconds: seconds)
    let passed = Int(Date().timeIntervalSince(began).rounded())
    print("\(seeds) files made from \(files.groups.count) in \(passed) s, from seed \(seed) on: \(finds.count) found")
    if !finds.isEmpty { throw ExitCode(1) }
  }

  /// The worker's part: its files lie in the folder it was started in.
  private func work(_ files: Corpus, state: String?) throws {
    guard let state else { throw ValidationError("a worker needs --state") }
    var limit = rlimit(rlim_cur: 8 << 30, rlim_max: 8 << 30)
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    let found = try Worker(corpus: files, folder: FileManager.default.currentDirectoryPath, state: state).run(from: seed)
    print(found)
    throw ExitCode(Worker.foundStatus)
  }
}
