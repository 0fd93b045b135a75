"""Makes the golden values of the finite filters: window method, frequency sampling, least squares, equiripple, minimum phase, MNE's default.

Made with Python 3.11.7, numpy 2.4.6, scipy 1.17.1, mne 1.13.2; run in this folder:

    python make_finite_goldens.py [sets]

`sets` random parameter sets are drawn for each family: 100 for the files that are kept; see make_design_goldens.py.
"""
import json
import sys

import mne
import numpy as np
import scipy
import scipy.signal as ss

SETS = int(sys.argv[1]) if len(sys.argv) > 1 else 100
VERSIONS = dict(python=sys.version.split()[0], numpy=np.__version__, scipy=scipy.__version__, mne=mne.__version__)
KINDS = ["lowpass", "highpass", "bandpass", "bandstop"]
TAPERS = ["boxcar", "triang", "bartlett", "hann", "hamming", ("general_hamming", 0.6), "blackman", "blackmanharris", "nuttall", "flattop",
          "cosine", "barthann", "parzen", "bohman", "lanczos", ("tukey", 0.5), ("kaiser", 6.0), ("gaussian", 9.0), ("exponential", None, 8.0)]


def write(name, content):
    text = json.dumps(dict(versions=VERSIONS, **content), separators=(",", ":")) + "\n"
    assert SETS > 100 or len(text) < 100_000, (name, len(text))
    with open(name, "w") as file:
        file.write(text)
    print(name, len(text))


def numbers(array):
    """Doubles in their shortest form that reads back equal; whole numbers without a point."""
    return [int(v) if float(v).is_integer() and abs(v) < 1e6 else float(v) for v in np.ravel(array)]


def half(taps):
    """The first half, with the centre; the other one mirrors it."""
    return numbers(taps[:(len(taps) + 1) // 2])


def name_of(taper):
    return taper if isinstance(taper, str) else f"{taper[0]}:{taper[-1]}"


def random_edges(rng, kind, rate):
    low = rng.uniform(0.02, 0.3) * rate
    high = low + rng.uniform(0.05, 0.48 - low / rate) * rate if low / rate < 0.4 else 0.45 * rate
    return [float(np.round(low, 3))] if kind in KINDS[:2] else [float(np.round(low, 3)), float(np.round(high, 3))]


def windowed():
    rng = np.random.default_rng(41)
    designs = []
    for i in range(SETS):
        kind, taper = KINDS[i % 4], TAPERS[i // 4 % len(TAPERS)]
        rate = float(np.round(10 ** rng.uniform(2, 4.5), 1))
        edges = random_edges(rng, kind, rate)
        taps = int(rng.integers(3, 62))
        taps += kind in ("highpass", "bandstop") and taps % 2 == 0
        scale = bool(i % 5)
        h = ss.firwin(taps, edges if len(edges) > 1 else edges[0], window=taper, pass_zero=kind, scale=scale, fs=rate)
        designs.append(dict(kind=kind, taps=taps, rate=rate, edges=edges, taper=name_of(taper), isScaled=scale, half=half(h)))
    kaisers = []
    for i in range(min(SETS, 100)):
        ripple, width = float(np.round(rng.uniform(8, 120), 2)), float(np.round(rng.uniform(0.5, 40), 2))
        n, beta = ss.kaiserord(ripple, width / 125)
        kaisers.append([ripple, width, n, float(beta), float(ss.kaiser_atten(n, width / 125))])
    write("finite-window.json", dict(designs=designs, kaisers=kaisers))


def sampled():
    rng = np.random.default_rng(42)
    designs = []
    for i in range(SETS):
        rate = float(np.round(10 ** rng.uniform(2, 4.5), 1))
        taps, anti = int(rng.integers(3, 60)), bool(i % 3 == 2)
        inner = np.sort(np.round(rng.uniform(0.03, 0.47, int(rng.integers(1, 5))) * rate, 3))
        freq = [0.0, *inner.tolist(), rate / 2]
        gain = np.round(rng.uniform(0, 2, len(freq)), 3)
        if i % 4 == 1:  # a jump
            freq.insert(2, freq[1])
            gain = np.insert(gain, 2, 0.25)
        if anti:
            gain[0] = 0
        if (taps % 2 == 0) != anti:
            gain[-1] = 0
        taper = None if i % 7 == 0 else TAPERS[i % len(TAPERS)]
        grid = None if i % 5 else 150
        h = ss.firwin2(taps, freq, gain, nfreqs=grid, window=taper, antisymmetric=anti, fs=rate)
        designs.append(dict(taps=taps, rate=rate, frequencies=freq, gains=numbers(gain), taper=taper and name_of(taper), grid=grid,
                            isAntisymmetric=anti, half=half(h)))
    write("finite-sampled.json", dict(designs=designs))


def random_bands(rng, count, gap):
    """Bands from 0 to half the rate with gaps between them, as parts of half the rate."""
    widths, gaps = rng.uniform(0.5, 2, count), rng.uniform(gap, 2 * gap, count - 1)
    widths *= (1 - gaps.sum()) / widths.sum()
    corners = np.cumsum(np.concatenate([[0], np.stack([widths, np.append(gaps, 0)], -1).ravel()[:-1]]))
    return np.round(corners, 4).tolist()


def least_squares():
    rng = np.random.default_rng(43)
    designs = []
    for i in range(SETS):
        rate = float(np.round(10 ** rng.uniform(2, 4.5), 1))
        taps = 2 * int(rng.integers(1, 25)) + 1
        corners = random_bands(rng, int(rng.integers(2, 4)), 0.05)
        bands = [float(v) for v in np.round(np.array(corners) * rate / 2, 3)]
        bands[-1] = rate / 2
        count = len(bands) // 2
        gains = np.round(rng.uniform(0, 1, 2 * count), 2) if i % 3 == 0 else np.repeat((np.arange(count) + i) % 2, 2)
        weight = np.round(10 ** rng.uniform(-1, 1, count), 2)
        h = ss.firls(taps, bands, gains, weight=weight, fs=rate)
        designs.append(dict(taps=taps, rate=rate, bands=bands, gains=numbers(gains), weights=numbers(weight), half=half(h)))
    write("finite-least-squares.json", dict(designs=designs))


def equiripple():
    rng = np.random.default_rng(44)
    designs, failed = [], 0
    while len(designs) < SETS:
        i = len(designs)
        kind = ["bandpass", "bandpass", "differentiator", "hilbert"][i % 4]
        taps = int(rng.integers(7, 56))
        rate = 100.0
        if kind == "bandpass":
            corners = random_bands(rng, int(rng.integers(2, 4)), 3 / taps)
            gains = (np.arange(len(corners) // 2) + int(rng.integers(2))) % 2
            if taps % 2 == 0 and gains[-1] == 1:
                continue
        elif kind == "differentiator":
            corners, gains = [0, float(np.round(rng.uniform(0.4, 0.8), 3))], np.array([1.0])
        else:
            corners, gains = [float(np.round(3 / taps / 2, 4)), float(np.round(1 - 3 / taps / 2, 4))], np.array([1.0])
        if any(a >= b for a, b in zip(corners, corners[1:])):
            continue
        bands = [float(v) for v in np.round(np.array(corners) * rate / 2, 3)]
        weight = np.round(10 ** rng.uniform(-1, 1, len(gains)), 2)
        try:
            h = ss.remez(taps, bands, gains, weight=weight, type=kind, fs=rate, maxiter=100)
        except ValueError:
            failed += 1
            continue
        if not np.all(np.isfinite(h)):
            failed += 1
            continue
        designs.append(dict(kind=kind, taps=taps, rate=rate, bands=bands, gains=numbers(gains), weights=numbers(weight), half=half(h)))
    print("remez did not converge, or gave NaN:", failed)
    write("finite-equiripple.json", dict(designs=designs))


def least_delay():
    rng = np.random.default_rng(45)
    designs = []
    for i in range(SETS):
        method = ["homomorphic", "homomorphicFull", "hilbert"][i % 3]
        taps = 2 * int(rng.integers(5, 25)) + 1
        cutoff = float(np.round(rng.uniform(0.15, 0.6), 3))
        h = ss.remez(taps, [0, cutoff, min(cutoff + 6 / taps, 0.97), 1], [1, 0], fs=2) if method == "hilbert" else ss.firwin(taps, cutoff)
        m = ss.minimum_phase(h, method=method[:11] if method != "hilbert" else method, half=method != "homomorphicFull")
        designs.append(dict(method=method, taps=taps, linear=half(h), result=numbers(m)))
    write("finite-minimum-phase.json", dict(designs=designs))


def mne_default():
    rng = np.random.default_rng(46)
    designs, refused = [], 0
    while len(designs) < SETS:
        i = len(designs)
        kind = KINDS[i % 4]
        rate = float(np.round(10 ** rng.uniform(1.8, 2.4), 1))
        low = float(np.round(rng.uniform(0.18, 0.3) * rate, 2))
        high = float(np.round(rng.uniform(0.34, 0.42) * rate, 2))
        window = ["hamming", "hann", "blackman"][i // 4 % 3]
        l, h = dict(lowpass=(None, low), highpass=(low, None), bandpass=(low, high), bandstop=(high, low))[kind]
        widths = {}
        if i % 5 == 4:
            widths = dict(l_trans_bandwidth=float(np.round(0.06 * rate, 2)), h_trans_bandwidth=float(np.round(0.055 * rate, 2)))
        phase = ["minimum", "minimum-half"][i // 6 % 2] if i % 6 == 5 else "zero"
        try:
            taps = mne.filter.create_filter(None, rate, l, h, fir_window=window, phase=phase, verbose="error", **widths)
        except ValueError:  # a stopped band narrower than its transitions
            refused += 1
            continue
        designs.append(dict(kind=kind, rate=rate, edges=[low] if kind in KINDS[:2] else [low, high], window=window, phase=phase,
                            lower=widths.get("h_trans_bandwidth" if kind == "bandstop" else "l_trans_bandwidth"),
                            upper=widths.get("l_trans_bandwidth" if kind == "bandstop" else "h_trans_bandwidth"),
                            count=len(taps), taps=half(taps) if phase == "zero" else numbers(taps)))
    print("mne refused:", refused)
    write("finite-mne.json", dict(designs=designs))


if __name__ == "__main__":
    windowed()
    sampled()
    least_squares()
    equiripple()
    least_delay()
    mne_default()
