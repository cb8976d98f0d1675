"""Speed beside a peer, in one run on one thread: python peers.py --texts FOLDER --binary annalist --model en_core_web_md

Reads the same texts with the program (everything on) and with a spaCy pipeline (tags, dependencies, lemmas, names; no attribution), and
prints words a CPU second of each, words being split at white space, and their ratio. Loading is not counted for spaCy and is for the program.
"""
import argparse
import os
import resource
import subprocess
import time

os.environ['OMP_NUM_THREADS'] = os.environ['OPENBLAS_NUM_THREADS'] = '1'


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--texts', required=True, help='a folder of plain texts')
    p.add_argument('--binary', required=True)
    p.add_argument('--model', required=True, help='name or folder of a spaCy pipeline')
    a = p.parse_args()
    texts = [open(os.path.join(a.texts, f), encoding='utf-8').read() for f in sorted(os.listdir(a.texts))]
    words = sum(len(t.split()) for t in texts)
    subprocess.run([a.binary, 'read', '--threads', '1', '--format', 'jsonl', a.texts, '--output', os.devnull], check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    ours = words / (used.ru_utime + used.ru_stime)
    import spacy
    nlp = spacy.load(a.model)
    nlp(texts[0])
    began = time.process_time()
    for _ in nlp.pipe(texts):
        pass
    theirs = words / (time.process_time() - began)
    print(f'{words} words; annalist {ours:.0f}, {nlp.meta["name"]} {theirs:.0f} words a CPU second; ratio {ours / theirs:.2f}')


if __name__ == '__main__':
    main()
