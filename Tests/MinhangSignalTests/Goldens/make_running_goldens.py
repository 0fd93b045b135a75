"""Makes the golden values of whole-signal filters: MNE's zero-phase finite filter and Gustafsson's method.

Made with Python 3.11.7, numpy 2.4.6, scipy 1.17.1, mne 1.13.2; run in this folder:

    python make_running_goldens.py
"""
import json
import sys

import mne
import numpy as np
import scipy
import scipy.signal as ss

VERSIONS = dict(python=sys.version.split()[0], numpy=np.__version__, scipy=scipy.__version__, mne=mne.__version__)


def numbers(array):
    """Doubles in their shortest form that reads back equal; whole numbers without a point."""
    return [int(v) if float(v).is_integer() and abs(v) < 1e6 else float(v) for v in np.ravel(array)]


WIDE = np.longdouble  # 64 bits of mantissa on x86


def wide_pass(sections, x):
    """One pass through sections, transposed direct form II from zero states, in wide numbers."""
    for b0, b1, b2, _, a1, a2 in sections.astype(WIDE):
        z1 = z2 = WIDE(0)
        y = np.empty(len(x), WIDE)
        for i, v in enumerate(x):
            y[i] = b0 * v + z1
            z1, z2 = b1 * v - a1 * y[i] + z2, b2 * v - a2 * y[i]
        x = y
    return x


def wide_least_squares(matrix, right):
    """Gram-Schmidt, twice."""
    q, count = matrix.copy(), matrix.shape[1]
    r = np.eye(count, dtype=WIDE)
    for _ in range(2):
        step = np.zeros((count, count), WIDE)
        for k in range(count):
            for j in range(k):
                step[j, k] = q[:, j] @ q[:, k]
                q[:, k] -= step[j, k] * q[:, j]
            step[k, k] = np.sqrt(q[:, k] @ q[:, k])
            q[:, k] /= step[k, k]
        r = step @ r
    projected, solution = q.T @ right, np.zeros(count, WIDE)
    for k in reversed(range(count)):
        solution[k] = (projected[k] - r[k, k + 1:] @ solution[k + 1:]) / r[k, k]
    return solution


def wide_gustafsson(sections, order, x, length):
    """Gustafsson's method, equations 5 to 7 of his paper, in wide numbers: scipy's own result has lost up to seven digits."""
    x = x.astype(WIDE)
    window = length if length and len(x) > 2 * length else len(x)
    impulse = np.zeros(window, WIDE)
    impulse[0] = 1
    poles = sections.copy()
    poles[:, :3] = [1, 0, 0]
    answer, free = wide_pass(poles, impulse), np.zeros((window, order), WIDE)
    for k in range(order):
        free[k:, k] = answer[:window - k]
    echo = np.stack([wide_pass(sections, free[::-1, k]) for k in range(order)], -1)[::-1]
    y = wide_pass(sections, wide_pass(sections, x)[::-1])[::-1]
    difference = wide_pass(sections, wide_pass(sections, x[::-1])[::-1]) - y
    first, last = echo - free, (free - echo)[::-1]
    if window == len(x):
        states = wide_least_squares(np.hstack([first, last]), difference)
    else:
        none = np.zeros_like(first)
        states = wide_least_squares(np.block([[first, none], [none, last]]), np.concatenate([difference[:window], difference[-window:]]))
    y[:window] += echo @ states[:order]
    y[len(x) - window:] += free[::-1] @ states[order:]
    return y.astype(float)


def running():
    rng = np.random.default_rng(51)
    x = np.round(500 + np.cumsum(rng.standard_normal(260)) * 3 + 20 * rng.standard_normal(260), 3)
    finite, recursive = [], []
    for count, l, h, phase in [(260, 8, 30, "zero"), (260, None, 30, "zero"), (260, 4, None, "zero"), (260, 35, 12, "zero"),
                               (100, 8, 30, "zero"), (165, 8, 30, "zero"), (166, 8, 30, "zero"), (1, None, 30, "zero"), (7, 8, 30, "zero"),
                               (200, None, 30, "minimum")]:
        y = mne.filter.filter_data(x[:count].copy(), 100.0, l, h, phase=phase, verbose="error")
        kind = "lowpass" if l is None else "highpass" if h is None else "bandpass" if l < h else "bandstop"
        finite.append(dict(kind=kind, edges=[float(v) for v in sorted(v for v in (l, h) if v)], count=count, phase=phase, output=numbers(y)))
    for order, kind, edges, irlen, count in [(2, "lowpass", [40], None, 120), (4, "bandpass", [8, 30], None, 260), (3, "highpass", [1], None, 200),
                                             (2, "bandstop", [45, 55], None, 150), (4, "bandpass", [8, 30], 100, 260),
                                             (1, "lowpass", [20], 60, 125), (1, "lowpass", [20], 60, 120)]:
        b, a = ss.butter(order, edges if len(edges) > 1 else edges[0], btype=kind, fs=250)
        y = ss.filtfilt(b, a, x[:count], method="gust", irlen=irlen)
        sections = ss.butter(order, edges if len(edges) > 1 else edges[0], btype=kind, fs=250, output="sos")
        exact = wide_gustafsson(sections, len(a) - 1, x[:count], irlen)
        recursive.append(dict(order=order, kind=kind, edges=[float(v) for v in edges], responseLength=irlen, count=count, output=numbers(y),
                              exact=numbers(exact)))
    text = json.dumps(dict(versions=VERSIONS, signal=numbers(x), finite=finite, recursive=recursive), separators=(",", ":")) + "\n"
    assert len(text) < 100_000, len(text)
    with open("zero-phase.json", "w") as file:
        file.write(text)
    print("zero-phase.json", len(text))


if __name__ == "__main__":
    running()
