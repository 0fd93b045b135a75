"""Makes the golden values of this folder.

Made with Python 3.11.7, numpy 2.4.6, scipy 1.17.1; run in this folder:

    python make_goldens.py

Each file states its versions. Seeds are fixed; the same versions give the same files.
"""
import json
import sys

import numpy as np
import scipy
import scipy.signal as ss

SETS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
VERSIONS = dict(python=sys.version.split()[0], numpy=np.__version__, scipy=scipy.__version__)


def write(name, content):
    text = json.dumps(dict(versions=VERSIONS, **content), separators=(",", ":")) + "\n"
    assert SETS > 200 or len(text) < 100_000, (name, len(text))
    with open(name, "w") as file:
        file.write(text)
    print(name, len(text))


def numbers(array):
    """Doubles in their shortest form that reads back equal; whole numbers without a point."""
    return [int(v) if float(v).is_integer() and abs(v) < 1e6 else float(v) for v in np.ravel(array)]


def designs():
    """200 (or as many as are asked for) random designs: orders 1...12, all types, rates 100...30000 Hz."""
    rng = np.random.default_rng(2026)
    made = dict(edge=[], band=[])
    for i in range(SETS):
        kind = ["lowpass", "highpass", "bandpass", "bandstop"][i % 4]
        order = 1 + i // 4 % 12
        rate = float(np.round(10 ** rng.uniform(2, np.log10(30000)), 1))
        low = rate * 10 ** rng.uniform(-3, np.log10(0.4))
        high = low + (0.49 * rate - low) * 10 ** rng.uniform(-1.5, 0)
        edges = [float(np.round(low, 4))] if i % 4 < 2 else [float(np.round(low, 4)), float(np.round(high, 4))]
        sos = ss.butter(order, edges if len(edges) == 2 else edges[0], btype=kind, fs=rate, output="sos")
        made["edge" if i % 4 < 2 else "band"].append(
            dict(kind=kind, order=order, rate=rate, edges=edges, sections=numbers(sos[:, [0, 1, 2, 4, 5]])))
    write("butterworth-edge.json", dict(designs=made["edge"]))
    write("butterworth-band.json", dict(designs=made["band"]))


def filtering():
    """A drifting signal with an offset through sosfilt (steady and zero start) and sosfiltfilt."""
    rng = np.random.default_rng(7)
    x = np.round(500 + np.cumsum(rng.standard_normal(180)) * 3 + 20 * rng.standard_normal(180), 3)
    cases = []
    for order, kind, edges in [(4, "bandpass", [8, 30]), (1, "lowpass", 40), (3, "highpass", 1), (2, "bandstop", [48, 52]), (5, "bandpass", [0.5, 40]), (9, "lowpass", 30)]:
        sos = ss.butter(order, edges, btype=kind, fs=250, output="sos")
        zi = ss.sosfilt_zi(sos)
        cases.append(dict(
            order=order, kind=kind, edges=list(np.atleast_1d(edges).astype(float)), rate=250.0, steady=numbers(zi),
            causal=numbers(ss.sosfilt(sos, x, zi=zi * x[0])[0]), causalFromZero=numbers(ss.sosfilt(sos, x)),
            zeroPhase=numbers(ss.sosfiltfilt(sos, x))))
    notches = []
    for frequency, quality, rate in [(50, 30, 250), (60, 35, 512), (50, 5, 1000), (16.7, 30, 30000)]:
        b, a = ss.iirnotch(frequency, quality, fs=rate)
        notches.append(dict(frequency=float(frequency), quality=float(quality), rate=float(rate), section=numbers([*b, *a[1:]])))
    write("filtering.json", dict(signal=numbers(x), cases=cases, notches=notches))


TAPERS = ["boxcar", "triang", "bartlett", "hann", "hamming", ("general_hamming", 0.6), "blackman", "blackmanharris", "nuttall", "flattop",
          "cosine", "barthann", "parzen", "bohman", "lanczos", ("tukey", 0.5), ("tukey", 0.1), ("tukey", 0.0), ("tukey", 1.0), ("kaiser", 14.0),
          ("kaiser", 0.0), ("kaiser", 60.0), ("gaussian", 30.0), ("gaussian", 2.5), ("exponential", None, 40.0), ("exponential", None, 3.0)]


def name_of(taper):
    return taper if isinstance(taper, str) else f"{taper[0]}:{taper[-1]}"


def tapers():
    write("tapers.json", dict(tapers=[
        dict(name=name_of(t), count=n, values=numbers(ss.get_window(t, n, fftbins=True))) for t in TAPERS for n in (1, 2, 3, 4, 7, 16, 25)]))


def welch():
    """Every taper; then overlap, detrend, lengths and transform lengths with Hann."""
    rng = np.random.default_rng(11)
    n, rate = 420, 128.0
    t = np.arange(n) / rate
    x = np.round(np.stack([200 + 40 * np.sin(2 * np.pi * 10.3 * t) + 10 * rng.standard_normal(n),
                           -3000 + 50 * t + 5 * rng.standard_normal(n)]), 3)
    cases = []

    def case(taper, window, overlap, detrend, length=None):
        _, p = ss.welch(x, rate, window=taper, nperseg=window, noverlap=overlap, nfft=length,
                        detrend=False if detrend == "none" else detrend, axis=-1)
        cases.append(dict(taper=name_of(taper), window=window, overlap=overlap, detrend=detrend, length=length or window, density=numbers(p)))

    for t in TAPERS:
        case(t, 30, 15, "constant")
    for detrend in ("none", "constant", "linear"):
        for window, overlap in [(32, 16), (33, 16), (31, 0), (64, 63), (29, 20), (50, 25), (2, 1), (1, 0)]:
            case("hann" if window > 1 else "boxcar", window, overlap, detrend)
        for window, length in [(30, 37), (30, 64), (25, 49), (32, 100)]:
            case("hann", window, window // 2, detrend, length)
    write("welch.json", dict(rate=rate, channels=2, signal=numbers(x), cases=cases))


if __name__ == "__main__":
    designs()
    filtering()
    tapers()
    welch()
