"""Learns the weights by which candidate places are told apart (`alone` and `together` in places.toml).

    python places.py EVIDENCE…

EVIDENCE are files that `cargo run -p annalist-evaluate --example place_evidence -- GOLD ROUND` made: a line a mention, with its
document's number and its candidates' distances from the gold and features. Documents with odd numbers are learnt from, the
others are checked on. The weights are those of a softmax over candidates, by Adam on the likelihood of the right ones together;
right is a candidate of the gold's id or within 161 km. Prints the weights in the form of places.toml.
"""

import json
import sys

import numpy as np

NAMES = """population share largest other_name partial demonym country division subdivision capital seat lower_seat populated
    section continent region water area said said_otherwise qualified qualified_otherwise host_country near in_reach
    same_division same_subdivision within_named same_country country_named within_named_here near_lead lead_division
    lead_country same_name_settlement holds_others may_be_near may_lie_within home_population near_home""".split()
RIGHT_KM = 161
L2 = 0.0005


def load(files):
    mentions = []
    for number, file in enumerate(files):
        for line in open(file, encoding="utf-8"):
            row = json.loads(line)
            right = [bool(c[1]) for c in row["c"]]
            close = [c[0] <= RIGHT_KM for c in row["c"]]
            # Where the entry itself is among the candidates, it counts most; what is near it, half.
            target = np.array([1.0 if r else 0.5 if c else 0.0 for r, c in zip(right, close)])
            mentions.append((number, row["doc"], np.array([c[2] for c in row["c"]]), target, np.array(close)))
    return mentions


def learn(mentions, columns, steps=1200):
    usable = [m for m in mentions if 0 < m[3].max() and len(m[3]) > 1]
    features = np.concatenate([m[2][:, columns] for m in usable])
    target = np.concatenate([m[3] for m in usable])
    starts = np.cumsum([0] + [len(m[3]) for m in usable])[:-1]
    sizes = np.diff(np.append(starts, len(target)))
    owner = np.repeat(np.arange(len(usable)), sizes)
    # The corpora weigh the same, and no document more than twenty mentions.
    share = np.ones(len(usable))
    count = {}
    for m in usable:
        count[m[0], m[1]] = count.get((m[0], m[1]), 0) + 1
    for i, m in enumerate(usable):
        share[i] = min(1.0, 20 / count[m[0], m[1]])
    for corpus in {m[0] for m in usable}:
        own = np.array([m[0] == corpus for m in usable])
        share[own] /= share[own].sum()
    share /= share.sum()
    w = np.zeros(len(columns))
    first, second = np.zeros_like(w), np.zeros_like(w)

    def softmax(scores):
        scores = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        return scores / np.add.reduceat(scores, starts)[owner]

    for step in range(1, steps + 1):
        p = softmax(features @ w)
        right = p * target
        posterior = right / np.add.reduceat(right, starts)[owner].clip(1e-12)
        gradient = features.T @ ((p - posterior) * share[owner]) + L2 * w
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        w -= 0.1 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return w


def accuracy(mentions, columns, w):
    return np.mean([m[4][np.argmax(m[2][:, columns] @ w)] for m in mentions]) if mentions else float("nan")


def main(files):
    mentions = load(files)
    odd = [m for m in mentions if m[1] % 2 == 0]  # numbered from 0 there: the first is odd
    even = [m for m in mentions if m[1] % 2 == 1]
    used = np.abs(np.concatenate([m[2] for m in mentions])).sum(axis=0) > 0
    columns = np.flatnonzero(used)
    w = learn(odd, columns)
    for name, part in (("odd", odd), ("even", even)):
        for number in range(len(files)):
            own = [m for m in part if m[0] == number]
            print(f"# {files[number]} {name}: {len(own)} mentions with candidates, within 161 km {accuracy(own, columns, w):.3f}",
                  file=sys.stderr)
    for column, weight in zip(columns, w):
        print(f"{NAMES[column]} = {weight:.2f}")


main(sys.argv[1:])
