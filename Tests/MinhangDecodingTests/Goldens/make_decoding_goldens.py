"""Makes the goldens of covariance, CSP, LDA and metrics from the field's reference implementations.

    python make_decoding_goldens.py

Written with Python 3.11, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1, pyriemann 0.12. Writes the JSON files beside this script.
"""
import json
import os
import warnings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
warnings.filterwarnings("ignore")
import numpy as np
from pyriemann.estimation import Covariances
from pyriemann.spatialfilters import CSP
from scipy.stats import binom
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import (
    accuracy_score, balanced_accuracy_score, brier_score_loss, cohen_kappa_score, confusion_matrix, roc_auc_score)

here = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(20240607)


def write(name, content):
    with open(os.path.join(here, name), "w") as file:
        json.dump(content, file, separators=(",", ":"))
        file.write("\n")


def flat(array):
    return [float(x) for x in np.ravel(array)]


def covariances():
    cases = []
    shapes = {"tall": (6, 40), "offset": (4, 33), "few samples": (8, 5), "two": (2, 3), "one channel": (1, 12), "duplicate": (5, 30)}
    for name, (p, n) in shapes.items():
        x = random.normal(size=(p, n)) * random.uniform(0.5, 20, size=(p, 1))
        if name == "offset":
            x += 1000
        if name == "duplicate":
            x[3] = x[1]
            x -= x.mean(axis=0)  # common average reference as well
        estimates = {ours: flat(Covariances(theirs).transform(x[None])[0]) for ours, theirs in [("empirical", "scm"), ("ledoit-wolf", "lwf"), ("oas", "oas")]}
        cases.append(dict(name=name, channels=p, samples=n, x=flat(x), **estimates))
    write("covariance.json", cases)


def trials(classes, each, p, n=40):
    labels = np.repeat(np.arange(classes), each)
    mixing = random.normal(size=(p, p))
    gains = random.uniform(0.4, 2.5, size=(classes, p))
    x = np.array([mixing @ (gains[label][:, None] * random.normal(size=(p, n))) for label in labels])
    order = random.permutation(len(labels))
    return Covariances("scm").transform(x[order]), labels[order]


def csp():
    cases = []
    for classes, each, p, filters in [(2, 7, 6, 4), (2, 4, 3, 6), (3, 5, 5, 4), (4, 4, 6, 6)]:
        c, y = trials(classes, each, p)
        model = CSP(nfilter=filters, metric="euclid", log=True).fit(c, y)
        cases.append(dict(
            classes=classes, channels=p, filters=filters, labels=[int(v) for v in y], covariances=flat(c),
            filter_matrix=flat(model.filters_), pattern_matrix=flat(model.patterns_), features=flat(model.transform(c))))
    write("csp.json", cases)


def lda():
    cases = []
    for classes, counts, p in [(2, (9, 14), 6), (3, (8, 6, 11), 4), (2, (5, 5), 8), (2, (6, 6), 1)]:
        y = np.repeat(np.arange(classes), counts)
        x = random.normal(size=(len(y), p)) * random.uniform(0.1, 5, size=p) + random.normal(size=(classes, p))[y] * 1.5 - 3
        if p == 8:
            x[:, 2] = 7.0  # a constant feature
        test = random.normal(size=(10, p)) * 2 - 3
        for ours, theirs in [("ledoit-wolf", "auto"), ("0.3", 0.3), ("none", None)]:
            model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=theirs).fit(x, y)
            decision = model.decision_function(test)
            cases.append(dict(
                classes=classes, features=p, shrinkage=ours, labels=[int(v) for v in y], x=flat(x), test=flat(test),
                probabilities=flat(model.predict_proba(test)), decision=flat(decision), predicted=[int(v) for v in model.predict(test)]))
    write("lda.json", cases)


def metrics():
    cases = []
    for classes, n, ties in [(2, 45, False), (2, 30, True), (3, 50, False), (4, 61, True), (2, 12, False)]:
        y = random.integers(0, classes, size=n)
        y[:classes] = np.arange(classes)
        logits = random.normal(size=(n, classes)) * 1.2
        logits[np.arange(n), y] += 0.9
        if ties:
            logits = np.round(logits)
        p = np.exp(logits)
        p /= p.sum(axis=1, keepdims=True)
        predicted = p.argmax(axis=1)
        auc = roc_auc_score(y, p[:, 1]) if classes == 2 else roc_auc_score(y, p, multi_class="ovr", average="macro")
        brier = brier_score_loss(y, p[:, 1]) if classes == 2 else brier_score_loss(y, p)
        cases.append(dict(
            classes=classes, labels=[int(v) for v in y], probabilities=flat(p), predicted=[int(v) for v in predicted],
            accuracy=float(accuracy_score(y, predicted)), balanced_accuracy=float(balanced_accuracy_score(y, predicted)),
            kappa=float(cohen_kappa_score(y, predicted)), roc_auc=float(auc), brier=float(brier),
            confusion=[int(v) for v in confusion_matrix(y, predicted, labels=np.arange(classes)).ravel()]))
    quantiles = [dict(trials=n, probability=q, level=level, quantile=int(binom.ppf(level, n, q)))
                 for n in [1, 2, 15, 45, 135, 1000, 20000] for q in [0.5, 1 / 3, 0.25, 0.511, 0.9] for level in [0.95, 0.99]]
    write("metrics.json", dict(cases=cases, binomial_quantiles=quantiles))


covariances()
csp()
lda()
metrics()
