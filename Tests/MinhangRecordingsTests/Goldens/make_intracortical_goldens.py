"""Goldens of SpikeGLX and Blackrock NSx: what neo reads from small files.

Needs neo (0.14.6 was used) and numpy. The files are described by the fields that the tests build them from again; here they are written to a
temporary folder and read by neo, whose names, rates, scaled values and segment starts are kept.

    python make_intracortical_goldens.py > intracortical.json
"""

import json
import struct
import tempfile
import warnings
from pathlib import Path

import numpy as np
from neo.rawio import BlackrockRawIO, SpikeGLXRawIO

warnings.simplefilter("ignore")
rng = np.random.default_rng(20240607)


def read(reader, stream):
    """The scaled values of every segment, in the unit of each channel, and where the segments start."""
    parts, starts = [], []
    scale = reader.header["signal_channels"]
    scale = scale[scale["stream_id"] == stream[1]]
    for segment in range(reader.segment_count(0)):
        raw = reader.get_analogsignal_chunk(0, segment, stream_index=stream[0])
        scale = scale[: raw.shape[1]]  # without the digital word at the end, which neo keeps apart
        parts.append(raw.astype(np.float64) * scale["gain"] + scale["offset"])
        starts.append(float(reader.get_signal_t_start(0, segment, stream[0])))
    values = np.concatenate(parts)
    return {
        "names": [str(n) for n in scale["name"]],
        "units": [str(u) for u in scale["units"]],
        "rate": float(scale["sampling_rate"][0]),
        "counts": [len(p) for p in parts],
        "starts": [s - starts[0] for s in starts],
        "values": values.ravel().tolist(),
    }


def spikeglx(folder, name, lines, samples):
    folder = Path(folder) / name
    folder.mkdir()
    base = folder / name
    samples = np.asarray(samples, dtype="<i2")
    lines = [f"fileName={name}.bin", f"fileSizeBytes={samples.nbytes}", f"nSavedChans={samples.shape[1]}", *lines]
    Path(str(base) + ".meta").write_text("\n".join(lines) + "\n")
    samples.tofile(str(base) + ".bin")
    reader = SpikeGLXRawIO(str(folder))
    reader.parse_header()
    result = read(reader, (0, reader.header["signal_streams"]["id"][0]))
    return {"name": name, "meta": lines, "samples": samples.ravel().tolist(), "channels": samples.shape[1], **result}


def corner(c):
    return struct.pack("<IIH", *c)


def nsx(folder, name, version, period, resolution, channels, packets, origin=(2024, 6, 5, 7, 13, 14, 15, 250)):
    magic = b"BRSMPGRP" if version[0] == 3 else b"NEURALCD"
    size = 314 + 66 * len(channels)
    data = magic + bytes(version) + struct.pack("<I", size) + b"30 kS/s".ljust(16, b"\0") + b"".ljust(256, b"\0")
    data += struct.pack("<II8HI", period, resolution, *origin, len(channels))
    for c in channels:
        data += b"CC" + struct.pack("<H", c["electrode"]) + c["label"].encode().ljust(16, b"\0") + b"\1\2"
        data += struct.pack("<4h", *c["ranges"]) + c["unit"].encode().ljust(16, b"\0") + corner(c["high"]) + corner(c["low"])
    for p in packets:
        samples = np.asarray(p["samples"], dtype="<i2").reshape(-1, len(channels))
        data += struct.pack("<BQI" if version[0] == 3 else "<BII", 1, p["stamp"], len(samples)) + samples.tobytes()
    path = Path(folder) / f"{name}.ns5"
    path.write_bytes(data)
    reader = BlackrockRawIO(str(path), nsx_to_load=5, gap_tolerance_ms=0.0)
    reader.parse_header()
    return {
        "name": name, "version": list(version), "period": period, "resolution": resolution, "origin": list(origin), "channels": channels,
        "packets": packets, "size": len(data), **read(reader, (0, "5")),
    }


def noise(*shape):
    return rng.integers(-(2**15), 2**15, size=shape)


def packet(stamp, count, channels=3):
    return {"stamp": stamp, "samples": noise(count, channels).ravel().tolist()}


imro1 = "(0,384)" + "".join(f"({i} 0 1 {[500, 250, 1000, 125][i % 4]} {[250, 125, 50, 500][i % 4]} 1)" for i in range(384))


def chan_map(*saved):
    """The map of the saved channels of a probe with 384 electrodes."""
    names = [f"AP{i};{i}:{k}" if i < 384 else f"LF{i - 384};{i}:{k}" if i < 768 else "SY0;768:768" for k, i in enumerate(saved)]
    return "~snsChanMap=(384,384,1)" + "".join(f"({n})" for n in names)


np1 = ["typeThis=imec", "imAiRangeMax=0.6", "imAiRangeMin=-0.6", "imDatPrb_pn=NP1010", "imDatPrb_type=0", "acqApLfSy=384,384,1",
       "fileCreateTime=2024-06-07T13:14:15", f"~imroTbl={imro1}"]
np2 = ["typeThis=imec", "imAiRangeMax=0.62", "imAiRangeMin=-0.62", "imDatPrb_pn=NP2013", "imDatPrb_type=2013", "imMaxInt=2048", "imChan0apGain=100",
       "acqApLfSy=384,0,1", "fileCreateTime=2024-06-07T13:14:15"]
ni = ["typeThis=nidq", "niAiRangeMax=5", "niAiRangeMin=-5", "niMNGain=200", "niMAGain=20", "niSampRate=25000.5", "acqMnMaXaDw=2,1,1,1",
      "snsMnMaXaDw=2,1,1,1", "snsSaveChanSubset=all", "fileCreateTime=2024-06-07T13:14:15",
      "~snsChanMap=(2,1,1,1,1)(MN0C0;0:0)(MN0C1;1:1)(MA0C0;2:2)(XA0;3:3)(XD0;4:4)"]
electrodes = [
    {"electrode": 1, "label": "elec1-1", "ranges": [-32764, 32764, -8191, 8191], "unit": "uV", "high": [300, 1, 1], "low": [7500000, 3, 1]},
    {"electrode": 2, "label": "elec1-2", "ranges": [-32764, 32764, -8191, 8191], "unit": "uV", "high": [0, 0, 0], "low": [0, 0, 0]},
    {"electrode": 129, "label": "ainp1", "ranges": [-32767, 32767, -5000, 5000], "unit": "mV", "high": [0, 0, 0], "low": [0, 0, 0]},
]
second = 1_000_000_000
ptp = [packet(1_700_000_000 * second + i * 33333, 1) for i in range(20)]
ptp += [packet(1_700_000_001 * second + i * 33334, 1) for i in range(15)]

with tempfile.TemporaryDirectory() as folder:
    goldens = {
        "spikeglx": [
            spikeglx(folder, "a_g0_t0.imec0.ap", [*np1, "imSampRate=30000.123", "snsApLfSy=5,0,1", "snsSaveChanSubset=0:4,768", chan_map(0, 1, 2, 3, 4, 768)], noise(40, 6)),
            spikeglx(folder, "b_g0_t0.imec0.lf", [*np1, "imSampRate=2500.01", "snsApLfSy=0,4,1", "snsSaveChanSubset=384:387,768", chan_map(384, 385, 386, 387, 768)], noise(40, 5)),
            spikeglx(folder, "c_g0_t0.imec0.ap", [*np2, "imSampRate=30000", "snsApLfSy=3,0,1", "snsSaveChanSubset=7,8,9,384",
                      "~snsChanMap=(384,0,1)(AP7;7:0)(AP8;8:1)(AP9;9:2)(SY0;384:384)"], noise(40, 4)),
            spikeglx(folder, "d_g0_t0.nidq", ni, noise(40, 5)),
        ],
        "nsx": [
            nsx(folder, "v22", (2, 2), 30, 30000, electrodes, [packet(0, 30)]),
            nsx(folder, "v23", (2, 3), 1, 30000, electrodes, [packet(900, 30), packet(60900, 25), packet(91000, 10)]),
            nsx(folder, "v30", (3, 0), 15, 30000, electrodes, [packet(1500, 30), packet(61500, 20)]),
            nsx(folder, "ptp", (3, 0), 1, second, electrodes, ptp),
        ],
    }
print(json.dumps(goldens))
