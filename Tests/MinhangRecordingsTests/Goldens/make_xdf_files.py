"""What pyxdf reads in the XDF files under ../shared/data: xdf_files.json.

Made with pyxdf 1.17.5, numpy 2.4.6; run: python make_xdf_files.py PATH_TO_DATA

The robust line through the clock offsets is computed in 80-bit floats, with pyxdf's own steps: in 64 bits it is up to 1.3e-8 s off where offsets
are as large as in clock_resets.xdf (650 000 s), and up to 1.8e-8 s from itself by OpenBLAS's kernels for one processor or another
(OPENBLAS_CORETYPE=Haswell, Prescott; Tests/compare-readers shows it). Everything else is pyxdf's.
"""
import json, os, sys
import numpy as np
import pyxdf

FILES = ["formats/xdf/clock_resets.xdf", "formats/xdf/empty_streams.xdf", "formats/xdf/minimal.xdf", "motor-imagery/mi-switch.xdf",
         "ssvep/ssvep-dsi7.xdf", "erp/p300-checkerboard.xdf"]


def checksum(values):
    """sum of (mix(k) | 1) * bits(value k) modulo 2^64, as the test computes it."""
    bits = np.ascontiguousarray(values, dtype="<f8").view("<u8")
    mix = np.arange(len(bits), dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return f"{int(((mix | np.uint64(1)) * bits).sum(dtype=np.uint64)):016x}"


def robust_fit(A, y, rho=1, iters=1000):
    """pyxdf's _robust_fit for two columns in extended precision."""
    L = np.longdouble
    x, y = A[:, 1].astype(L), y.astype(L)
    offset = x.min()
    x = x - offset
    n, s, q = L(len(x)), x.sum(), (x * x).sum()
    u = np.zeros_like(x)
    z = u.copy()
    for _ in range(iters):
        w = y + z - u
        r0, r1 = w.sum(), (x * w).sum()
        slope = (n * r1 - s * r0) / (n * q - s * s)
        constant = (r0 - s * slope) / n
        d = constant + slope * x - y + u
        inverse = np.zeros_like(d)
        np.divide(1, d, out=inverse, where=d != 0)
        z = L(rho) / (1 + rho) * d + L(1) / (1 + rho) * np.maximum(0, 1 - (1 + L(1) / rho) * np.abs(inverse)) * d
        u = d - z
    return [constant - slope * offset, slope]


def main(root):
    pyxdf.pyxdf._robust_fit = robust_fit
    out = {}
    for name in FILES:
        streams, _ = pyxdf.load_xdf(os.path.join(root, name))
        entry = dict(signals=[], events=[])
        for s in streams:
            info, t = s["info"], np.asarray(s["time_stamps"])
            if info["channel_format"][0] == "string":
                entry["events"] += [[float(x), str(v[0])] for x, v in zip(t, s["time_series"])]
            elif float(info["nominal_srate"][0]) > 0 and len(t):
                step = max(1, len(t) // 40)
                picked = sorted(set(range(0, len(t), step)) | {len(t) - 1} | {i for a, b in info["segments"] for i in (a, b)})
                values = np.asarray(s["time_series"], dtype=float)
                entry["signals"].append(dict(
                    name=info["name"][0], rate=float(info["effective_srate"]), nominal=float(info["nominal_srate"][0]), count=len(t),
                    segments=[list(map(int, x)) for x in info["segments"]], stamps=[[i, float(t[i])] for i in picked],
                    checksums=[checksum(values[:, c]) for c in range(values.shape[1])]))
        entry["events"].sort(key=lambda e: e[0])
        out[name] = entry
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "xdf_files.json")
    json.dump(out, open(path, "w"), indent=0, ensure_ascii=False)
    print(os.path.getsize(path), pyxdf.__version__, np.__version__)


if __name__ == "__main__":
    main(sys.argv[1])
