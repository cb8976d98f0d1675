"""Learns the weights of commitments (crates/reading/src/commitments.rs).

    cargo run -p annalist-evaluate --example commitments -- desk.train.jsonl --evidence > evidence.tsv
    cargo run -p annalist-evaluate --example commitments -- desk.dev.jsonl --evidence > held_out.tsv
    python training/commitments.py evidence.tsv held_out.tsv > models/english/commitments.tsv

Logistic regression with an L2 penalty over the features the program writes; a candidate is a commitment when its words and a gold one's have
a token Jaccard of .3 or more. Penalty and rarest feature are those with the best F1 in a cross-validation by report over the training file. What the model itself thinks
of the words (the features `pledge`) is left out there, since the model was trained on the same reports: its weights, the constant and the threshold are
learnt afterwards on reports that it was not trained on, the others held fast.
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


def without_pledges(rows):
    return [(*row[:5], [f for f in row[5] if not f.startswith("pledge ")]) for row in rows]


def calibrate(rows, base):
    """Weights of the pledges in fifths, the scale of the other weights and a constant: [scale, constant, one for each fifth above 0]."""
    x = np.zeros((len(rows), 7))
    x[:, 0], x[:, 1] = base, 1
    for i, row in enumerate(rows):
        fifth = next(int(f.split()[1]) for f in row[5] if f.startswith("pledge "))
        if fifth > 0:
            x[i, 1 + min(fifth, 5)] = 1
    y = np.array([row[3] >= 0.3 for row in rows], float)
    w = np.array([1.0] + [0.0] * 6)
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        ridge = np.array([0.1, 0.1] + [1.0] * 5)
        w -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge), x.T @ (p - y) + ridge * (w - np.array([1.0] + [0.0] * 6)))
    return w, 1 / (1 + np.exp(-x @ w))


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
    rows = without_pledges(rows)
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
    _, least, penalty, _, _ = best
    names = vocabulary(rows, least)
    w, index = fit(rows, names, penalty, weight_of)
    held, held_golds = load(sys.argv[2])
    base = [sum(w[index[f]] for f in set(row[5]) if f in index) for row in held]
    known, probabilities = calibrate(held, base)
    threshold = max(np.arange(0.15, 0.6, 0.025), key=lambda t: f1(*judge(held, probabilities, held_golds, t)))
    print("held out:", known, threshold, judge(held, probabilities, held_golds, threshold), f1(*judge(held, probabilities, held_golds, threshold)), file=sys.stderr)
    # How it would fare on reports that were not used for these few weights.
    crossed = np.zeros(len(held))
    for k in range(FOLDS):
        fitted, _ = calibrate([r for r in held if fold(r[0]) != k], [b for r, b in zip(held, base) if fold(r[0]) != k])
        for i, r in enumerate(held):
            if fold(r[0]) == k:
                fifth = next(int(f.split()[1]) for f in r[5] if f.startswith("pledge "))
                z = fitted[0] * base[i] + fitted[1] + (fitted[1 + min(fifth, 5)] if fifth > 0 else 0)
                crossed[i] = 1 / (1 + np.exp(-z))
    print("crossed:", f1(*judge(held, crossed, held_golds, threshold)), file=sys.stderr)
    print("# Weights of commitments (crates/reading/src/commitments.rs), learnt by training/commitments.py on desk.train.jsonl, those of pledges on desk.dev.jsonl.")
    print(f"threshold\t{threshold:.3f}")
    for name in names:
        weight = known[0] * w[index[name]] + (known[1] if name == "bias" else 0)
        if abs(weight) >= 0.02:
            print(f"{name}\t{weight:.2f}")
    for fifth in range(1, 6):
        print(f"pledge {fifth}\t{known[1 + fifth]:.2f}")


main()
