"""Step 3b. The mean of two readers' weights: python average.py FIRST/reader.pt SECOND/reader.pt --share 0.65 --out WORK/reader.pt

For two readers of one run, the second trained on from the first: their mean generalises better than either (Wortsman et al. 2022,
"Model soups").
"""
import argparse

import torch


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('first')
    p.add_argument('second')
    p.add_argument('--share', type=float, default=0.5, help="the second's part of the mean")
    p.add_argument('--out', required=True)
    a = p.parse_args()
    first, second = torch.load(a.first), torch.load(a.second)
    mean = {k: (first[k].float() * (1 - a.share) + second[k].float() * a.share).to(first[k].dtype) for k in first}
    torch.save(mean, a.out)


if __name__ == '__main__':
    main()
