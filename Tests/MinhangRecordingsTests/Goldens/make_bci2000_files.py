"""What BCI2kReader reads from small BCI2000 files, with the files themselves in base64: bci2000_files.json.

    python make_bci2000_files.py > bci2000_files.json

Made with BCI2kReader 0.32.dev0, numpy 2.4.6. Stored numbers are taken without gains, since that reader multiplies in 32 bits; the physical
values are its gains and offsets over 64-bit numbers. Events are the changes of its states to something other than 0: sample, label, samples.
"""
import base64
import json
import os
import struct
import tempfile

import numpy as np
from BCI2kReader.BCI2kReader import BCI2kReader


def make(version, kind, gains, offsets, states, names, samples=96, vector=12):
    rng = np.random.default_rng(len(states) + samples)
    count = len(gains)
    code, low, high = {"int16": ("h", -32768, 32768), "int32": ("i", -2 ** 23, 2 ** 23), "float32": ("f", -1000, 1000)}[kind]
    values = rng.uniform(low, high, (samples, count)) if kind == "float32" else rng.integers(low, high, (samples, count))
    lines = [f"{n} {w} 0 {b} {k}" for n, w, b, k, _ in states]
    parameters = [
        f"Source:A%20B int SourceCh= {count} 16 1 % // channels",
        "Source int SampleBlockSize= 8 8 1 % // samples",
        "Source float SamplingRate= 128Hz 256Hz 1 % // rate",
        f"Source stringlist ChannelNames= {count} {' '.join(names)} % % %",
        f"Source floatlist SourceChOffset= {count} {' '.join(offsets)} 0 % %",
        f"Source floatlist SourceChGain= {count} {' '.join(gains)} 0.003 % % // gain",
        "Storage string StorageTime= 2016-03-26T22:42:42 % % %",
    ]
    # That reader stops at parameters when its buffer has reached the data: enough behind those that matter.
    parameters += [f"Filtering matrix Filter{k}= 1 1 0 0 % % // {'-' * 900}" for k in range(3)]
    body = (f" SourceCh= {count} StatevectorLen= {vector}" + (f" DataFormat= {kind}" if version else "") + "\r\n[ State Vector Definition ] \r\n"
            + "".join(l + "\r\n" for l in lines) + "[ Parameter Definition ] \r\n" + "".join(p + "\r\n" for p in parameters) + "\r\n")
    start = (f"BCI2000V= {version} " if version else "") + "HeaderLen= "
    data = (start + str(len(start) + len(body) + 5).rjust(5) + body).encode("latin-1")
    for t in range(samples):
        data += struct.pack("<" + code * count, *[x.item() for x in values[t]])
        bits = 0
        for _, w, b, k, value in states:
            bits |= (value(t) & (2 ** w - 1)) << (8 * b + k)
        data += bits.to_bytes(vector, "little")
    return data


def describe(data):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.dat")
        open(path, "wb").write(data)
        with BCI2kReader(path) as file:
            raw, states = file.readall(apply_gain=False)
            parameters = file.parameters
            rate = file.samplingrate
    gains = np.array([float(x) for x in parameters["SourceChGain"]]).reshape(-1, 1)
    offsets = np.array([float(x) for x in parameters["SourceChOffset"]]).reshape(-1, 1)
    events = []
    for name in states.keys():
        if name in ("SourceTime", "StimulusTime", "Running", "Recording"):
            continue
        row = np.asarray(states[name]).ravel().tolist()
        begin = 0
        for t in range(1, len(row) + 1):
            if t == len(row) or row[t] != row[begin]:
                if row[begin]:
                    events.append([begin, f"{name}={row[begin]}", t - begin])
                begin = t
    values = (raw.astype(float) - offsets) * gains
    return dict(file=base64.b64encode(data).decode(), rate=rate, names=list(parameters["ChannelNames"]), values=values.tolist(),
                events=sorted(events))


states = [
    ("Running", 1, 0, 0, lambda t: 1), ("SourceTime", 16, 0, 1, lambda t: 65500 + 62 * (t // 8)),
    ("TargetCode", 3, 2, 1, lambda t: [0, 3, 7, 0, 1, 1][t // 16]), ("StimulusCode", 13, 2, 4, lambda t: [0, 4097, 0, 12][t // 4 % 4]),
    ("Feedback", 1, 4, 1, lambda t: t // 24 % 2), ("Wide", 31, 4, 2, lambda t: [0, 2 ** 31 - 1, 1 << 30, 0][t // 24]),
    ("Late", 8, 11, 0, lambda t: 255 if t >= 95 else 0),
]
files = {
    "1.0 int16": make(None, "int16", ["0.003", "0.1muV", "1"], ["0", "-12", "7.5"], states, ["Cz", "Left%20Ear", "%"]),
    "1.1 int16": make("1.1", "int16", ["1"], ["0"], states[:3], ["C3"]),
    "1.1 int32": make("1.1", "int32", ["1e-3mV", "0.000001V"], ["100", "0"], states, ["A1", "A2"], samples=64),
    "1.1 float32": make("1.1", "float32", ["1muV", "2"], ["0", "0.5"], states, ["X", "Y"], samples=64),
}
for name in files:
    files[name] = describe(files[name])
    files[name]["values"] = [[round(v, 12) for v in row] for row in files[name]["values"]]
print(json.dumps(files))
