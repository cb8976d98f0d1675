"""Web pages beside peers, in one run: python page_peers.py --pages FOLDER --ours EXAMPLE [--smoothie BINARY]

    pip install trafilatura htmldate lxml_html_clean
    cargo build --release -p annalist-intake --example extraction
    cargo build --release --manifest-path training/smoothie/Cargo.toml

FOLDER holds `ground_truth.dev.jsonl` (`article_body`) and `meta.dev.jsonl` (`title`, `author`, `date`), each with the pages' gzipped
files in `html`. EXAMPLE is the built example `extraction`, BINARY the built `smoothie`. Every system gets the pages in memory and runs on
one thread; each is timed three times over the pages of `ground_truth` and the least CPU time counts. Body text is scored as the Article
Extraction Benchmark does, day, title and authors as `annalist evaluate metadata` does: equal but for case, white space and order.
"""
import argparse
import collections
import gzip
import json
import os
import re
import subprocess
import tempfile
import time


def load(folder, name):
    found = []
    for line in open(os.path.join(folder, name), encoding='utf-8'):
        gold = json.loads(line)
        path = os.path.join(folder, gold['html'])
        with gzip.open(path) as file:
            found.append((gold, file.read().decode('utf-8', 'replace')))
    return found


def shingles(text):
    words = re.findall(r'\w+', text or '')
    size = min(4, len(words))
    return collections.Counter(tuple(words[i:i + size]) for i in range(len(words) - size + 1)) if size else collections.Counter()


def body_scores(golds, texts):
    precisions, recalls = [], []
    for gold, text in zip(golds, texts):
        known, found = shingles(gold['article_body']), shingles(text)
        shared = sum((known & found).values())
        if found:
            precisions.append(shared / sum(found.values()))
        if known:
            recalls.append(shared / sum(known.values()))
    p, r = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    return f'F1 {2 * p * r / (p + r):.4f}  P {p:.4f}  R {r:.4f}'


def fold(text):
    return ' '.join((text or '').lower().split())


def meta_scores(golds, found):
    shares = []
    for key, same in (
        ('date', lambda gold, value: gold == value),
        ('title', lambda gold, value: fold(gold) == fold(value)),
        ('author', lambda gold, value: sorted(map(fold, gold)) == sorted(map(fold, value or []))),
    ):
        known = [(gold[key], one.get(key)) for gold, one in zip(golds, found) if gold.get(key)]
        if any(key in one for one in found):
            right = sum(same(*pair) for pair in known)
            shares.append(f'{key} {right}/{len(known)} = {right / len(known):.3f}')
    return '  '.join(shares)


def least(run):
    spent = []
    for _ in range(3):
        began = time.process_time()
        result = run()
        spent.append(time.process_time() - began)
    return result, min(spent)


def program(command, dump):
    """The least CPU time that a program states in three runs, and what it wrote."""
    spent = []
    for _ in range(3):
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        spent.append(float(re.search(r'([\d.]+) CPU-seconds', said).group(1)))
    return json.load(open(dump, encoding='utf-8')), min(spent)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--pages', required=True)
    p.add_argument('--ours', required=True, help='the built example `extraction`')
    p.add_argument('--smoothie', help='the built program of training/smoothie')
    a = p.parse_args()
    import htmldate
    import trafilatura
    bodies, metas = load(a.pages, 'ground_truth.dev.jsonl'), load(a.pages, 'meta.dev.jsonl')
    body_golds, meta_golds = [g for g, _ in bodies], [g for g, _ in metas]
    times = {}

    with tempfile.TemporaryDirectory() as folder:
        dump = os.path.join(folder, 'dump.json')
        found, times['annalist'] = program([a.ours, a.pages, '--dump', dump], dump)
        print('annalist          ', body_scores(body_golds, [found[g['id']]['text'] for g in body_golds]))
        print('annalist          ', meta_scores(meta_golds, [found[g['id']] for g in meta_golds]))
        if a.smoothie:
            found, times['dom_smoothie'] = program([a.smoothie, a.pages, dump], dump)
            print('dom_smoothie      ', body_scores(body_golds, [found.get(g['id'], '') for g in body_golds]))

    trafilatura.extract(bodies[0][1], fast=True)
    texts, times['trafilatura, fast'] = least(lambda: [trafilatura.extract(h, fast=True, include_comments=False) for _, h in bodies])
    print('trafilatura, fast ', body_scores(body_golds, texts))
    texts, times['trafilatura'] = least(lambda: [trafilatura.extract(h, include_comments=False) for _, h in bodies])
    print('trafilatura       ', body_scores(body_golds, texts))
    found = []
    for gold, page in metas:
        meta = trafilatura.extract_metadata(page, default_url=gold.get('url'))
        names = [n.strip() for n in (meta.author or '').split(';') if n.strip()] if meta else []
        found.append({'date': meta and meta.date, 'title': meta and meta.title, 'author': names})
    print('trafilatura       ', meta_scores(meta_golds, found))
    days = [{'date': htmldate.find_date(page, url=gold.get('url'), original_date=True)} for gold, page in metas]
    print('htmldate          ', meta_scores(meta_golds, days))

    print(f'\ntrafilatura {trafilatura.__version__}, htmldate {htmldate.__version__}; CPU seconds over {len(bodies)} pages:')
    for name, spent in times.items():
        print(f'{name:18} {spent:6.2f}   {spent / times["annalist"]:5.2f} times annalist')


if __name__ == '__main__':
    main()
