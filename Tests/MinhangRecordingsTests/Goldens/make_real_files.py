"""What edfio reads from real recordings, as checksums and events: real_files.json.

    python make_real_files.py ../../../../shared/data > real_files.json

Made with edfio 0.4.18, numpy 2.4.6. A checksum is sum(mix(k) * value[k]) modulo 2^64 with mix(k) = k * 0x9E3779B97F4A7C15 | 1 over the stored
numbers, and over the bits of the physical values (volts brought to microvolts), all channels one after the other. Status channels of BDF are
taken as unsigned 24-bit numbers, which edfio reads as signed.
"""
import glob
import json
import os
import sys
import warnings

import edfio
import numpy as np

warnings.simplefilter("ignore")
MICROVOLTS = {"uV": 1, "mV": 1e3, "V": 1e6, "nV": 1e-3}


def checksum(values):
    with np.errstate(over="ignore"):
        mix = np.arange(len(values), dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) | np.uint64(1)
        return f"{int(np.sum(mix * values, dtype=np.uint64)):016x}"


def describe(path):
    file = (edfio.read_bdf if path.endswith("bdf") else edfio.read_edf)(path)
    digital, physical = [], []
    for signal in file.signals:
        numbers = signal.digital.astype(np.int64)
        if path.endswith("bdf") and signal.label == "Status":
            numbers &= 0xFFFFFF
            values = numbers.astype(np.float64)
        else:
            values = signal.data * MICROVOLTS.get(signal.physical_dimension, 1)
        digital.append(numbers.view(np.uint64))
        physical.append(values.view(np.uint64))
    empty = [np.zeros(0, np.uint64)]
    return dict(
        channels=len(file.signals), rates=[s.sampling_frequency for s in file.signals], counts=[len(s.digital) for s in file.signals],
        digital=checksum(np.concatenate(digital or empty)), physical=checksum(np.concatenate(physical or empty)),
        start=f"{file.startdate}T{file.starttime}", continuous=file.is_continuous,
        events=[[a.onset, a.duration, a.text] for a in file.annotations])


root = sys.argv[1]
names = sorted(glob.glob("formats/edf/*", root_dir=root) + glob.glob("formats/bdf/*", root_dir=root))
names += ["motor-imagery/S001/S001R04.edf", "motor-imagery/S008/S008R12.edf"]
print("{")
print(",\n".join(f"{json.dumps(name)}: {json.dumps(describe(os.path.join(root, name)), ensure_ascii=False)}" for name in names))
print("}")
