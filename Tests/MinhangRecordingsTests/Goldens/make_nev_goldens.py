"""Goldens of Blackrock NEV: what neo reads from small files.

Needs neo (0.14.6 was used) and numpy. The files are described by the fields that the tests build them from again; here they are written to a
temporary folder, with an NSx file beside them of which neo needs the channels, and read by neo, whose spike times of each unit and digital events
are kept.

    python make_nev_goldens.py > nev.json
"""

import json
import struct
import tempfile
import warnings
from pathlib import Path

import numpy as np
from neo.rawio import BlackrockRawIO

warnings.simplefilter("ignore")
rng = np.random.default_rng(20240608)


def nev(folder, name, version, resolution, labels, packets, packet_bytes, origin=(2024, 6, 5, 7, 13, 14, 15, 250)):
    long = version[0] == 3
    head = b"BREVENTS" if long else b"NEURALEV"
    extension = b""
    for electrode, label in sorted(labels.items(), key=lambda item: str(item[0])):
        extension += b"NEUEVLBL" + struct.pack("<H", electrode) + label.encode().ljust(16, b"\0") + bytes(6)
    # neo wants the waveforms' description; it is no part of what is compared.
    waves = b"".join(
        b"NEUEVWAV" + struct.pack("<HBBHHhhBB", e, 1, e, 1000, 0, 0, -100, 0, 2) + bytes(10) for e in sorted(labels))
    def data(extras):
        body = extension + extras
        size = 336 + len(body)
        data = head + bytes(version) + struct.pack("<HIIII", 1, size, packet_bytes, resolution, 30000)
        data += struct.pack("<8H", *origin) + b"test".ljust(32, b"\0") + bytes(256) + struct.pack("<I", len(body) // 32) + body
        for p in packets:
            packet = struct.pack("<QH" if long else "<IH", p["stamp"], p["identifier"]) + bytes(p["body"])
            data += packet.ljust(packet_bytes, b"\0")
        return data
    (Path(folder) / f"{name}.nev").write_bytes(data(waves))
    reader = BlackrockRawIO(str(Path(folder) / name), load_nev=True)
    reader.parse_header()
    spikes = {}
    for k, channel in enumerate(reader.header["spike_channels"]):
        stamps = np.concatenate([reader.get_spike_timestamps(0, s, k, None, None) for s in range(reader.segment_count(0))])
        spikes[str(channel["name"])] = reader.rescale_spike_timestamp(stamps, "float64").tolist()
    events = {}
    for k, channel in enumerate(reader.header["event_channels"]):
        stamps, _, words = reader.get_event_timestamps(0, 0, k, None, None)
        events[str(channel["name"])] = [[float(t), str(w)] for t, w in zip(reader.rescale_event_timestamp(stamps, "float64", k), words)]
    return {
        "name": name, "file": {
            "version": list(version), "resolution": resolution, "origin": list(origin), "packetBytes": packet_bytes,
            "labels": {str(k): v for k, v in labels.items()}, "packets": packets},
        "size": len(data(b"")), "spikes": spikes, "events": events,
    }


def packets(count, step, electrodes):
    stamp, all = 0, []
    for _ in range(count):
        stamp += int(rng.integers(1, step))
        if rng.random() < 0.1:
            all.append({"stamp": stamp, "identifier": 0, "body": [1, 0, *struct.pack("<H", int(rng.integers(1, 2000)))]})
        else:
            unit = int(rng.choice([0, 1, 2, 255]))
            all.append({"stamp": stamp, "identifier": int(rng.choice(electrodes)), "body": [unit, 0, 7, 9]})
    return all


with tempfile.TemporaryDirectory() as folder:
    labels = {1: "elec1", 12: "elec12", 96: "M1-96"}
    goldens = [
        nev(folder, "v22", (2, 2), 30000, labels, packets(60, 9000, list(labels)), 20),
        nev(folder, "v23", (2, 3), 30000, labels, packets(60, 9000, list(labels)), 104),
        nev(folder, "v30", (3, 0), 30000, labels, packets(60, 9000, list(labels)), 24),
    ]
print(json.dumps(goldens))
