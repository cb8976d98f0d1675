"""Learns the weights of commitments (crates/reading/src/commitments.rs).

    cargo run -p annalist-evaluate --example commitments -- desk.train.jsonl --evidence > evidence.tsv
    python training/commitments.py evidence.tsv > models/english/commitments.tsv

Logistic regression with an L2 penalty over the features the program writes; a candidate is a commitment when its words and a gold one's have
a token Jaccard of .3 or more. Penalty, rarest feature and threshold are those with the best F1 in a cross-validation by report over the training file.
"""

import hashlib
import sys

import numpy as np

FOLDS = 8


def load(path):
    rows, golds = [], {}
    for line in open(path, encoding="utf-8"):
        fields = line.rstrip("\n").split("\t")
        if fields[1] == "gold":
            golds[fields[0]] = int(fields[2])
        else:
            rows.append((fields[0], int(fields[1]), int(fields[2]), float(fields[3]), int(fields[4]), fields[5:]))
    return rows, golds


def report(record):
    """Windows of one report stay in one fold."""
    return record.split("@")[0]


def fit(rows, names, penalty, weight_of):
    """Newton's method is too heavy here: plain gradient steps with momentum on a sparse matrix in coordinate form."""
    index = {name: i for i, name in enumerate(names)}
    at = [(r, index[f]) for r, row in enumerate(rows) for f in set(row[5]) if f in index]
    r, c = np.array([a for a, _ in at]), np.array([b for _, b in at])
    y = np.array([row[3] >= 0.3 for row in rows], float)
    weights = np.array([weight_of(row) for row in rows])
    w, m, v = np.zeros(len(names)), np.zeros(len(names)), np.zeros(len(names))
    for step in range(1, 301):
        z = np.bincount(r, w[c], len(rows))
        error = (1 / (1 + np.exp(-z)) - y) * weights
        free = np.ones(len(names))
        free[index["bias"]] = 0
        gradient = np.bincount(c, error[r], len(names)) + penalty * w * free
        m = 0.9 * m + 0.1 * gradient
        v = 0.999 * v + 0.001 * gradient**2
        w -= 0.05 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8) * (1 if step < 200 else 0.2)
    return w, index


def scores(rows, w, index):
    return [1 / (1 + np.exp(-sum(w[index[f]] for f in set(row[5]) if f in index))) for row in rows]


def judge(rows, probabilities, golds, threshold):
    """Right, predicted, gold: as the program chooses among candidates that overlap."""
    by_record = {}
    for row, p in zip(rows, probabilities):
        if p >= threshold:
            by_record.setdefault(row[0], []).append((p, row))
    right = predicted = 0
    for found in by_record.values():
        kept, used = [], set()
        for p, row in sorted(found, key=lambda x: -x[0]):
            if not any(row[1] < k[2] and k[1] < row[2] for k in kept):
                kept.append(row)
        predicted += len(kept)
        for row in kept:
            if row[3] >= 0.3 and row[4] not in used:
                used.add(row[4])
                right += 1
    return right, predicted, sum(golds.values())


def f1(right, predicted, gold):
    return 2 * right / (predicted + gold) if predicted + gold else 0


def vocabulary(rows, least):
    counts = {}
    for row in rows:
        for f in set(row[5]):
            counts[f] = counts.get(f, 0) + 1
    return sorted(f for f, n in counts.items() if n >= least)


def main():
    rows, golds = load(sys.argv[1])
    reachable = len({(row[0], row[4]) for row in rows if row[3] >= 0.3})
    print(f"candidates {len(rows)}, gold {sum(golds.values())}, reachable {reachable}", file=sys.stderr)
    fold = lambda record: int(hashlib.sha256(report(record).encode()).hexdigest(), 16) % FOLDS
    weight_of = lambda row: 1.0
    best = None
    for least in (2, 4):
        for penalty in (0.5, 1.0, 2.0, 4.0):
            probabilities = np.zeros(len(rows))
            for k in range(FOLDS):
                train = [row for row in rows if fold(row[0]) != k]
                held = [i for i, row in enumerate(rows) if fold(row[0]) == k]
                w, index = fit(train, vocabulary(train, least), penalty, weight_of)
                probabilities[held] = scores([rows[i] for i in held], w, index)
            for threshold in np.arange(0.15, 0.6, 0.025):
                counts = judge(rows, probabilities, golds, threshold)
                if best is None or f1(*counts) > best[0]:
                    best = (f1(*counts), least, penalty, threshold, counts)
            print(least, penalty, best, file=sys.stderr)
    _, least, penalty, threshold, _ = best
    names = vocabulary(rows, least)
    w, index = fit(rows, names, penalty, weight_of)
    print("# Weights of commitments (crates/reading/src/commitments.rs), learnt by training/commitments.py on desk.train.jsonl.")
    print(f"threshold\t{threshold:.3f}")
    for name in names:
        if abs(w[index[name]]) >= 0.02:
            print(f"{name}\t{w[index[name]]:.2f}")


main()
