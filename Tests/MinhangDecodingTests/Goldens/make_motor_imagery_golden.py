"""Makes the golden of the csp-lda pipeline on PhysioNet's motor-imagery recordings, leave-one-run-out.

    python make_motor_imagery_golden.py ../../../../shared/data/motor-imagery

Written with Python 3.11, numpy 2.4.6, scipy 1.17.1, mne 1.13.2, scikit-learn 1.9.1, pyriemann 0.12. The recordings (ODC-By 1.0, Schalk et al.
2004) are not part of the project; the scores and probabilities are.

Causal order-4 Butterworth 8-32 Hz from the steady state of the first sample; the window 0.5:3.5 s; OAS covariance; CSP of 6 filters; LDA
(least squares, automatic shrinkage). AUC and accuracy are means over the folds.
"""
import json
import os
import sys
import warnings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
warnings.filterwarnings("ignore")
import mne
import numpy as np
import scipy.signal
from pyriemann.estimation import Covariances
from pyriemann.spatialfilters import CSP
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.model_selection import LeaveOneGroupOut
from sklearn.pipeline import make_pipeline

mne.set_log_level("error")
folder = sys.argv[1]
here = os.path.dirname(os.path.abspath(__file__))


def trials(path, labels):
    raw = mne.io.read_raw_edf(path, preload=True)
    rate, x = raw.info["sfreq"], raw.get_data() * 1e6
    sections = scipy.signal.butter(4, [8, 32], btype="band", fs=rate, output="sos")
    state = scipy.signal.sosfilt_zi(sections)[:, None, :] * x[None, :, :1]
    x, _ = scipy.signal.sosfilt(sections, x, axis=-1, zi=state)
    first, last = round(0.5 * rate), round(3.5 * rate)
    found = []
    for note in raw.annotations:
        if note["description"] in labels:
            cue = round(note["onset"] * rate)
            window = x[:, cue + first:cue + last]
            if window.shape[1] == last - first:
                found.append((window, labels.index(note["description"]), float(note["onset"])))
    return found


def score(names, labels):
    x, y, groups, places = [], [], [], []
    for name in names:
        for window, label, onset in trials(os.path.join(folder, name[:4], name), labels):
            x.append(window)
            y.append(label)
            groups.append(name)
            places.append((name, onset))
    y, groups = np.array(y), np.array(groups)
    c = Covariances("oas").transform(np.array(x))
    auc, accuracy, rows = [], [], []
    for train, test in LeaveOneGroupOut().split(c, y, groups):
        model = make_pipeline(CSP(nfilter=6, metric="euclid", log=True), LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto"))
        model.fit(c[train], y[train])
        p = model.predict_proba(c[test])
        if len(labels) == 2:
            auc.append(roc_auc_score(y[test], model.decision_function(c[test])))
        else:
            auc.append(roc_auc_score(y[test], p, multi_class="ovr", average="macro"))
        accuracy.append(accuracy_score(y[test], model.predict(c[test])))
        rows += [dict(file=places[i][0], onset=places[i][1], label=int(y[i]), probabilities=[float(v) for v in q[1:]]) for i, q in zip(test, p)]
    return dict(files=names, labels=labels, roc_auc=float(np.mean(auc)), accuracy=float(np.mean(accuracy)), predictions=rows)


runs = ["R04", "R08", "R12"]
people = ["S001", "S002", "S007"]
sets = [[f"{person}{run}.edf" for run in runs] for person in people]
sets.append([name for files in sets for name in files])
result = [score(files, ["T1", "T2"]) for files in sets]
result.append(score(sets[0], ["T0", "T1", "T2"]))  # three classes: the joint diagonalisation
with open(os.path.join(here, "motor-imagery.json"), "w") as file:
    json.dump(result, file, separators=(",", ":"))
    file.write("\n")
