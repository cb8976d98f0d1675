"""Step 3. Figures of the trained reader in PyTorch, on development windows: python evaluate.py --work DIR

Of tokens, and for the attribution graph given its gold anchors; the program's scorers give the official figures.
"""
import argparse
import json
import os
import pickle

import torch

from model import Reader
from train import evaluate, indexer


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--work', required=True)
    a = p.parse_args()
    labels = json.load(open(os.path.join(a.work, 'labels.json')))
    model = Reader(*(len(labels[k]) for k in ('upos', 'lemmas', 'deprels', 'names')))
    model.load_state_dict(torch.load(os.path.join(a.work, 'reader.pt')))
    data = pickle.load(open(os.path.join(a.work, 'data.pkl'), 'rb'))
    for corpus, figures in evaluate(model, data['dev'], indexer(labels)).items():
        print(corpus, figures)


if __name__ == '__main__':
    main()
