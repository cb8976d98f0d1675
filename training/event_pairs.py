"""Learns when two mentions are of one event (crates/reading/src/events/merge.rs).

    cargo run --release -p annalist-evaluate --example event_pairs -- desk.train.jsonl > pairs.tsv
    cargo run --release -p annalist-evaluate --example event_pairs -- desk.dev.jsonl > held_out.tsv
    python training/event_pairs.py pairs.tsv held_out.tsv

Logistic regression in two steps. What words, participants, place and time tell is weighed on the training file, without what the model tells,
which was trained on those reports. How the two are joined (a constant and two weights) is learnt on reports that the model was not trained on.
Figures are of a cross-validation by report.
"""

import sys
import zlib

import numpy as np

FOLDS = 8


def load(path):
    rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8")]
    report = np.array([zlib.crc32(r[0].split("@")[0].split("+")[0].encode()) % FOLDS for r in rows])
    right = np.array([float(r[3]) for r in rows])
    told = np.array([float(r[4]) if r[4] != "-" else np.nan for r in rows])
    evidence = np.array([[1.0] + [float(v) for v in r[5:]] for r in rows])
    return report, right, told, evidence


def fit(x, y, penalty=0.5):
    """Newton's method; the constant is free."""
    w = np.zeros(x.shape[1])
    ridge = np.full(x.shape[1], penalty)
    ridge[0] = 1e-6
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        w -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge), x.T @ (p - y) + ridge * w)
    return w


def f1(z, y):
    hit = z >= 0
    return 2 * (hit & (y > 0)).sum() / (hit.sum() + y.sum())


def crossed(report, x, y):
    z = np.zeros(len(y))
    for k in range(FOLDS):
        z[report == k] = x[report == k] @ fit(x[report != k], y[report != k])
    return z


def main():
    report, right, told, evidence = load(sys.argv[1])
    print(f"pairs {len(right)}, of one event {int(right.sum())}; F1 without the model {f1(crossed(report, evidence, right), right):.3f}")
    weights = fit(evidence, right)
    report, right, told, evidence = load(sys.argv[2])
    alone, seen = evidence @ weights, ~np.isnan(told)
    x = np.column_stack([np.ones(seen.sum()), told[seen], alone[seen]])
    joined = fit(x, right[seen])
    z = alone.copy()
    z[seen] = crossed(report[seen], x, right[seen])
    print(f"held out: pairs {len(right)}, of one event {int(right.sum())}; F1 without the model {f1(alone, right):.3f}, with it {f1(z, right):.3f}")
    print("WEIGHTS", ", ".join(f"{w:.3f}" for w in weights))
    print("JOINED", ", ".join(f"{w:.3f}" for w in joined))


main()
