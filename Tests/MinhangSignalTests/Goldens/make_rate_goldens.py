"""Makes rates.json: resampling and decimation by scipy.signal.

Made with Python 3.11.7, numpy 2.4.6, scipy 1.17.1; run in this folder:

    python make_rate_goldens.py

Signals are not stored: both sides make them by the same whole-number rule (see `signal`), so that long ones cost nothing. Of long outputs
every few samples are kept. Seeds are fixed; the same versions give the same file.
"""
import json
import sys

import numpy as np
import scipy
import scipy.signal as ss

VERSIONS = dict(python=sys.version.split()[0], numpy=np.__version__, scipy=scipy.__version__)


def signal(count, seed):
    """Noise of 24 bits around an offset of 40: x[i] from the whole-number recurrence s = s * 1664525 + 1013904223 mod 2**32."""
    values, s = [], seed
    for _ in range(count):
        s = (s * 1664525 + 1013904223) % 2**32
        values.append(40.0 + (s >> 8) / 2**18 - 32.0)
    return np.array(values)


def kept(y, most=16):
    """The first and last samples, and some between: [indices, values]."""
    n = len(y)
    at = sorted(set(range(min(n, 4))) | set(range(max(0, n - 4), n)) | set(np.linspace(0, n - 1, most).astype(int).tolist())) if n else []
    return dict(count=n, at=at, values=[float(y[i]) for i in at])


def main():
    rng = np.random.default_rng(3)
    polyphase, padded, fourier, decimated = [], [], [], []
    fixed = [(4, 5, 999), (5, 4, 500), (1, 2, 301), (2, 1, 77), (1, 10, 1000), (3, 7, 1), (125, 128, 700), (128, 125, 333), (1, 1, 20), (7, 3, 2),
             (1, 50, 300), (40, 1, 5), (6, 4, 100)]
    for i in range(60):
        up, down, n = fixed[i] if i < len(fixed) else (int(rng.integers(1, 60)), int(rng.integers(1, 60)), int(rng.integers(1, 1500)))
        polyphase.append(dict(up=up, down=down, samples=n, seed=i, output=kept(ss.resample_poly(signal(n, i), up, down))))
    for i, kind in enumerate(["edge", "line", "mean", "median", "minimum", "maximum"] * 3):
        up, down, n = [(4, 5, 200), (9, 2, 31), (3, 10, 157)][i // 6]
        padded.append(dict(padding=kind, up=up, down=down, samples=n, seed=i, output=kept(ss.resample_poly(signal(n, i), up, down, padtype=kind))))
    for i in range(40):
        n, num = [(1, 1), (1, 4), (4, 1), (2, 3), (3, 2), (8, 8), (8, 6), (8, 7), (7, 8), (6, 8), (101, 97), (1000, 800), (250, 512)][i] if i < 13 else (
            int(rng.integers(1, 700)), int(rng.integers(1, 700)))
        fourier.append(dict(samples=n, count=num, seed=i, output=kept(ss.resample(signal(n, i), num))))
    for i, q in enumerate([1, 2, 3, 4, 5, 8, 10, 13]):
        for order in [8, 5] if i < 4 else [8]:
            x = signal(701, i)
            decimated.append(dict(
                factor=q, order=order, samples=701, seed=i, zeroPhase=kept(ss.decimate(x, q, n=order)),
                causal=kept(ss.decimate(x, q, n=order, zero_phase=False))))
    fir = []
    for i, (q, order) in enumerate([(2, None), (5, None), (10, None), (3, 31), (4, 12)]):
        x = signal(401, i)
        fir.append(dict(
            factor=q, order=order, samples=401, seed=i, zeroPhase=kept(ss.decimate(x, q, n=order, ftype="fir")),
            causal=kept(ss.decimate(x, q, n=order, ftype="fir", zero_phase=False))))
    text = json.dumps(dict(versions=VERSIONS, polyphase=polyphase, padded=padded, fourier=fourier, recursive=decimated, fir=fir),
                      separators=(",", ":")) + "\n"
    assert len(text) < 100_000, len(text)
    with open("rates.json", "w") as file:
        file.write(text)
    print(len(text))


main()
