/// A small BCI2000 file, which the library reads but does not write.
enum MadeBCI2000 {
  /// The bytes of a variant: 0 stores int16, 1 int32, 2 float32.
  static func bytes(variant: Int) -> [UInt8] {
    let format = ["int16", "int32", "float32"][variant]
    let states = [
      "Running 1 0 0 0", "SourceTime 16 0 0 1", "StimulusTime 16 0 2 1", "StimulusCode 5 0 4 1", "Feedback 1 0 4 6", "CursorPosX 33 0 4 7",
    ]
    let parameters = [
      "Source:Signal%20Properties int SourceCh= 3 16 1 % // number of channels", "Source int SampleBlockSize= 8 8 1 % // samples",
      "Source:Signal%20Properties float SamplingRate= 128Hz 256Hz 1 % // rate",
      "Source:Signal%20Properties stringlist ChannelNames= 3 C3 Cz Left%20Ear % % %",
      "Source:Signal%20Properties floatlist SourceChOffset= { 1 2 3 } 0 -12 7.5 0 % %",
      "Source:Signal%20Properties floatlist SourceChGain= 3 0.003 1e-3mV 0.1muV 0.003 % % // gain",
      "Storage string StorageTime= Wed%20Aug%2012%2016:15:00%202009 % % %", "Storage string SubjectName= P01 Name % %",
      "Filtering matrix Filter= { a b } 2 1 0 0 1 % % % // identity",
    ]
    var text = " SourceCh= 3 StatevectorLen= 9" + (variant == 0 ? "" : " DataFormat= \(format)") + "\r\n[ State Vector Definition ] \r\n"
    text += states.map { $0 + "\r\n" }.joined() + "[ Parameter Definition ] \r\n" + parameters.map { $0 + "\r\n" }.joined() + "\r\n"
    let start = (variant == 0 ? "" : "BCI2000V= 1.1 ") + "HeaderLen= "
    let length = String(start.utf8.count + 5 + text.utf8.count)
    var bytes = Array((start + String(repeating: " ", count: 5 - length.utf8.count) + length + text).utf8)
    for sample in 0..<400 {
      for channel in 0..<3 {
        let value = (sample * 37 + channel * 101) % 2000 - 1000
        let bits = variant == 2 ? Float(value).bitPattern : UInt32(bitPattern: Int32(value))
        for k in 0..<(variant == 0 ? 2 : 4) { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(8 * k))) }
      }
      let time = UInt64(65_500 + sample / 8 * 62) & 0xFFFF
      let code = [0, 5, 0, 17][sample / 16 % 4] as UInt64
      let cursor = UInt64(sample / 32) << 20
      let low = 1 | time << 1 | time << 17 | code << 33 | UInt64(sample / 100 % 2) << 38 | cursor << 39
      for k in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: low >> UInt64(8 * k))) }
      bytes.append(UInt8(truncatingIfNeeded: cursor >> 25))
    }
    return bytes
  }
}
