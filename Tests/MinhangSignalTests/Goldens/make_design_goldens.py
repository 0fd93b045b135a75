"""Makes the golden values of the recursive filter families, of order selection, and of peaks and combs.

Made with Python 3.11.7, numpy 2.4.6, scipy 1.17.1; run in this folder:

    python make_design_goldens.py [sets]

`sets` random parameter sets are drawn for each family: 100 for the files that are kept. With 1000 the files become too large to keep, but the
same tests read them: the parity of the documentation is measured so, and the files are put back afterwards.
"""
import json
import sys

import numpy as np
import scipy
import scipy.signal as ss

SETS = int(sys.argv[1]) if len(sys.argv) > 1 else 100
VERSIONS = dict(python=sys.version.split()[0], numpy=np.__version__, scipy=scipy.__version__)
KINDS = ["lowpass", "highpass", "bandpass", "bandstop"]


def write(name, content):
    text = json.dumps(dict(versions=VERSIONS, **content), separators=(",", ":")) + "\n"
    assert SETS > 100 or len(text) < 100_000, (name, len(text))
    with open(name, "w") as file:
        file.write(text)
    print(name, len(text))


def numbers(array):
    """Doubles in their shortest form that reads back equal; whole numbers without a point."""
    return [int(v) if float(v).is_integer() and abs(v) < 1e6 else float(v) for v in np.ravel(array)]


def roots(values):
    """How many are exactly 1 and -1; of the others the real ones and the upper ones of each pair, as real and imaginary parts."""
    values = np.asarray(values, complex)
    rest = values[(values != 1) & (values != -1)]
    small = np.abs(rest.imag) < 1e-14
    kept = np.concatenate([rest[small].real + 0j, rest[~small & (rest.imag > 0)]])
    assert len(kept) + np.sum(~small & (rest.imag > 0)) == len(rest)
    return dict(ones=int(np.sum(values == 1)), minusOnes=int(np.sum(values == -1)), others=numbers(np.stack([kept.real, kept.imag], -1)))


def random_band(rng, kind, rate):
    low = rate * 10 ** rng.uniform(-2.5, np.log10(0.4))
    high = low + (0.49 * rate - low) * 10 ** rng.uniform(-1.2, 0)
    return [float(np.round(low, 4))] if kind in KINDS[:2] else [float(np.round(low, 4)), float(np.round(high, 4))]


def families():
    """Random designs of every family: orders 1...12, all kinds of band, rates 100...30000 Hz."""
    rng = np.random.default_rng(31)
    made = {name: [] for name in ("cheby1", "cheby2", "ellip", "bessel")}
    for name, designs in made.items():
        for i in range(SETS):
            kind = KINDS[i % 4]
            order = 1 + i // 4 % (8 if name == "ellip" else 12)
            rate = float(np.round(10 ** rng.uniform(2, np.log10(30000)), 1))
            edges = random_band(rng, kind, rate)
            ripple = float(np.round(rng.uniform(0.05, 3), 3))
            attenuation = float(np.round(rng.uniform(20, 100), 2))
            norm = ["phase", "delay", "mag"][i // 4 % 3]
            where = dict(btype=kind, fs=rate, output="zpk")
            wn = edges if len(edges) == 2 else edges[0]
            z, p, k = dict(
                cheby1=lambda: ss.cheby1(order, ripple, wn, **where), cheby2=lambda: ss.cheby2(order, attenuation, wn, **where),
                ellip=lambda: ss.ellip(order, ripple, attenuation, wn, **where), bessel=lambda: ss.bessel(order, wn, norm=norm, **where))[name]()
            designs.append(dict(kind=kind, order=order, rate=rate, edges=edges, ripple=ripple, attenuation=attenuation, norm=norm,
                                zeros=roots(z), poles=roots(p), gain=float(k)))
        write(f"{name}.json", dict(designs=designs))


def orders():
    """Order selection of every family; transitions from narrow to wide."""
    rng = np.random.default_rng(32)
    cases = []
    for i in range(SETS):
        kind = KINDS[i % 4]
        rate = float(np.round(10 ** rng.uniform(2, 4), 1))
        corners = np.sort(rng.uniform(0.02, 0.48, 4)) * rate
        corners = np.round(corners + np.arange(4) * 1e-3 * rate, 4)
        corners = [float(v) for v in corners * 0.99]
        if kind == "lowpass":
            wp, ws = [corners[0]], [corners[1]]
        elif kind == "highpass":
            wp, ws = [corners[1]], [corners[0]]
        elif kind == "bandpass":
            wp, ws = corners[1:3], [corners[0], corners[3]]
        else:
            wp, ws = [corners[0], corners[3]], corners[1:3]
        loss, attenuation = float(np.round(rng.uniform(0.1, 3), 3)), float(np.round(rng.uniform(20, 80), 2))
        case = dict(kind=kind, rate=rate, passEdges=wp, stopEdges=ws, loss=loss, attenuation=attenuation)
        for f in (ss.buttord, ss.cheb1ord, ss.cheb2ord, ss.ellipord):
            n, wn = f(wp if len(wp) > 1 else wp[0], ws if len(ws) > 1 else ws[0], loss, attenuation, fs=rate)
            case[f.__name__] = [int(n), *np.sort(np.atleast_1d(wn)).tolist()]
        cases.append(case)
    write("orders.json", dict(cases=cases))


def teeth():
    """Peaks and combs: coefficients."""
    rng = np.random.default_rng(33)
    peaks, combs = [], []
    for i in range(SETS):
        rate = float(np.round(10 ** rng.uniform(2, 4.5), 1))
        frequency = float(np.round(rng.uniform(0.005, 0.45) * rate, 3))
        quality = float(np.round(10 ** rng.uniform(0.3, 2), 2))
        b, a = ss.iirpeak(frequency, quality, fs=rate)
        peaks.append(dict(frequency=frequency, quality=quality, rate=rate, section=numbers([*b, *a[1:]])))
        spacing = float(rng.integers(5, 70))
        period = int(rng.integers(3, 60))
        kind, zero = ["notch", "peak"][i % 2], bool(i // 2 % 2)
        b, a = ss.iircomb(spacing, quality, ftype=kind, fs=spacing * period, pass_zero=zero)
        combs.append(dict(frequency=spacing, quality=quality, period=period, kind=kind, passesZero=zero, ends=numbers([b[0], b[-1], a[-1]])))
    write("teeth.json", dict(peaks=peaks, combs=combs))


def responses():
    """Frequency response and group delay of sections and of taps."""
    rng = np.random.default_rng(34)
    filters = []
    for i in range(40):
        rate = float(np.round(10 ** rng.uniform(2, 4), 1))
        frequencies = np.sort(np.round(rng.uniform(0.01, 0.49, 12) * rate, 3))
        if i % 2:
            taps = np.round(rng.standard_normal(int(rng.integers(1, 30))), 4)
            b, a, case = taps, np.ones(1), dict(taps=numbers(taps), sections=[])
        else:
            sos = ss.cheby1(1 + i // 2 % 3, 1, random_band(rng, KINDS[i // 2 % 4], rate) if i // 2 % 4 > 1 else rate / 5, KINDS[i // 2 % 4], fs=rate, output="sos")
            b, a = ss.sos2tf(sos)
            case = dict(taps=[], sections=numbers(sos[:, [0, 1, 2, 4, 5]]))
        _, h = ss.freqz(b, a, frequencies, fs=rate)
        # Section by section: for the multiplied polynomials group_delay loses up to ten digits.
        parts = [(b, a)] if i % 2 else [(s[:3], s[3:]) for s in sos]
        delay = sum(ss.group_delay(part, frequencies, fs=rate)[1] for part in parts)
        filters.append(dict(rate=rate, frequencies=numbers(frequencies), values=numbers(np.stack([h.real, h.imag], -1)), delays=numbers(delay),
                            phases=numbers(np.unwrap(np.angle(h))), **case))
    write("responses.json", dict(filters=filters))


if __name__ == "__main__":
    responses()
    families()
    orders()
    teeth()
