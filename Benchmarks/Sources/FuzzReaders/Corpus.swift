import Foundation
import MinhangBCI

/// The files from which mutated ones are made.
///
/// Files that belong together form a group, of which one member is damaged at a time.
struct Corpus {
  /// Files that belong together.
  struct Group {
    /// The member that is opened.
    var opened: String
    /// Every member: its name and its bytes, in the order of names.
    var members: [(name: String, bytes: [UInt8])]
  }

  var groups: [Group] = []

  /// Larger files are left out: mutation is about headers and structure.
  private static let byteLimit = 2 << 20
  /// Suffixes of files that are opened through another file.
  private static let companions: Set<String> = ["vmrk", "eeg", "fdt", "json", "meta", "nev"]

  /// Takes the files of a folder and of what lies below it.
  ///
  /// Files of one name with different suffixes make a group when one of them is a header of BrainVision, EEGLAB or SpikeGLX, or has a
  /// JSON sidecar.
  ///
  /// - Parameter format: Only files with this suffix; nil for all.
  init(folder: String, format: String?) throws {
    let root = URL(fileURLWithPath: folder)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
    var stems: [String: [String]] = [:]
    for path in paths {
      let url = root.appendingPathComponent(path)
      guard let size = try? url.resourceValues(forKeys: [.fileSizeKey, .isRegularFileKey]), size.isRegularFile == true,
        let bytes = size.fileSize, bytes > 0, bytes <= Self.byteLimit, !path.split(separator: "/").last!.hasPrefix(".")
      else { continue }
      stems[url.deletingPathExtension().path, default: []].append(url.path)
    }
    for (_, files) in stems.sorted(by: { $0.key < $1.key }) {
      for file in files {
        let suffix = (file as NSString).pathExtension.lowercased()
        let isAlone = files.count == 1
        guard isAlone || !Self.companions.contains(suffix), format == nil || suffix == format else { continue }
        let others = files.filter { $0 != file && Self.companions.contains(($0 as NSString).pathExtension.lowercased()) }
        let members = try ([file] + others).sorted().map {
          (name: ($0 as NSString).lastPathComponent, bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: $0))))
        }
        groups.append(Group(opened: (file as NSString).lastPathComponent, members: members))
      }
    }
  }

  /// The files of a seed, one member of one group damaged.
  func mutated(seed: UInt64) -> Group {
    var generator = SeededGenerator(seed: seed)
    var group = groups[generator.nextInteger(below: groups.count)]
    let other = groups[generator.nextInteger(below: groups.count)].members
    let member = generator.nextInteger(below: group.members.count)
    let second = other[generator.nextInteger(below: other.count)].bytes
    var mutation = Mutation(generator: generator)
    mutation.damage(&group.members[member].bytes, other: second)
    return group
  }
}
