import Testing

@testable import MinhangSignal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct ElectrodePositionsTests {
  private func angle(_ a: String, _ b: String) throws -> Double {
    let p = try #require(ElectrodePositions.position(of: a))
    let q = try #require(ElectrodePositions.position(of: b))
    return atan2(p.cross(q).length, p.dot(q)) * 180 / .pi
  }

  @Test func `the names are those of the five percent system, each once`() throws {
    let golden: SpatialGoldens = try Golden.load("spatial.json")
    #expect(Set(ElectrodePositions.names).count == 345 && ElectrodePositions.names.count == 345)
    // MNE's table counts Nz among the landmarks, which are not channels.
    #expect(Set(ElectrodePositions.names).subtracting(golden.names) == ["Nz"] || Set(ElectrodePositions.names) == Set(golden.names))
    #expect(Set(golden.names).subtracting(ElectrodePositions.names).isEmpty)
    #expect(ElectrodePositions.names.first == "N1" && ElectrodePositions.names.last == "I2")
    #expect(ElectrodePositions.tenTwenty.count == 21 && Set(ElectrodePositions.tenTwenty).isSubset(of: ElectrodePositions.names))
  }

  @Test func `every place lies on the sphere, alone, and mirrors its partner to the last bit`() throws {
    let places = try ElectrodePositions.positions(of: ElectrodePositions.names)
    for (i, (name, place)) in zip(ElectrodePositions.names, places).enumerated() {
      #expect((place.length - 1).magnitude < 1e-15 * 8)  // a few rounded products
      for other in places[(i + 1)...] { #expect((place - other).length > 0.05, "\(name)") }
      guard let digits = Int(name.filter(\.isNumber)) else {
        #expect(place.x == 0, "\(name)")
        continue
      }
      let partner = name.replacing("\(digits)", with: "\(digits % 2 == 1 ? digits + 1 : digits - 1)")
      let mirrored = try #require(ElectrodePositions.position(of: partner))
      // Rows go along circles with angles from acos: the same operations with the sign of x changed.
      #expect((mirrored - HeadPoint(x: -place.x, y: place.y, z: place.z)).length < 1e-14, "\(name) and \(partner)")
      #expect((place.x < 0) == (digits % 2 == 1))
    }
  }

  @Test func `distances are those of the system`() throws {
    let midline = [
      "Nz", "NFpz", "Fpz", "AFpz", "AFz", "AFFz", "Fz", "FFCz", "FCz", "FCCz", "Cz", "CCPz", "CPz", "CPPz", "Pz", "PPOz", "POz", "POOz",
      "Oz",
      "OIz", "Iz",
    ]
    for (a, b) in zip(midline, midline.dropFirst()) { #expect((try angle(a, b) - 11.25).magnitude < 1e-12) }
    let ring = [
      "Fpz", "Fp1h", "Fp1", "AFp7", "AF7", "AFF7", "F7", "FFT7", "FT7", "FTT7", "T7", "TTP7", "TP7", "TPP7", "P7", "PPO7", "PO7", "POO7",
      "O1", "O1h", "Oz",
    ]
    for (a, b) in zip(ring, ring.dropFirst()) { #expect((try angle(a, b) - 9).magnitude < 1e-12) }
    let row = ["Fz", "F1h", "F1", "F3h", "F3", "F5h", "F5", "F7h", "F7"]
    let step = try angle("Fz", "F1h")
    for (a, b) in zip(row, row.dropFirst()) { #expect((try angle(a, b) - step).magnitude < 1e-12) }
    let down = ["T7", "T9h", "T9"]
    for (a, b) in zip(down, down.dropFirst()) { #expect((try angle(a, b) - 11.25).magnitude < 1e-12) }
    #expect((try angle("F7", "F9") - 22.5).magnitude < 1e-12)
    #expect((try angle("PO8", "PO10h") - 11.25).magnitude < 1e-12)
    // Left, front and up are where they should be.
    let c3 = try #require(ElectrodePositions.position(of: "C3"))
    let fz = try #require(ElectrodePositions.position(of: "Fz"))
    #expect(c3.x < 0 && c3.z > 0.7 && fz.y > 0)
  }

  @Test func `old names and untidy labels find their place`() throws {
    for (old, new) in [
      ("T3", "T7"), ("T4", "T8"), ("T5", "P7"), ("T6", "P8"), ("M1", "TP9"), ("M2", "TP10"), ("Fc5.", "FC5"), ("EEG fp1", "Fp1"),
      ("CZ", "Cz"),
    ] {
      #expect(ElectrodePositions.standardName(of: old) == new)
      #expect(ElectrodePositions.position(of: old) == ElectrodePositions.position(of: new))
    }
    for name in ["A1", "EOG", "", "C11", "Fp3", "x"] {
      #expect(ElectrodePositions.position(of: name) == nil && ElectrodePositions.standardName(of: name) == nil)
    }
    do throws(SignalError) {
      _ = try ElectrodePositions.positions(of: ["C3", "A1", "EMG"])
      Issue.record("no error")
    } catch {
      #expect(error.code == .invalidParameter && error.message.contains("A1, EMG"))
    }
  }
}
