"""Step 0, optional. Silver names for texts whose names nobody has annotated: python silver.py --bench DIR --model en_core_web_md --out FILE

A spaCy pipeline (MIT; trained on OntoNotes 5) marks persons, organisations, places and events in the attribution corpus and in
English EWT's training sentences. Writes {"text", "entities": [{start, end, type}], "other": [[start, end], …]} a line; `other` are
its entities of other kinds, which are then known to be no names of ours.
"""
import argparse
import json
import os

import spacy

from prepare import conllu, jsonl

KINDS = {'PERSON': 'PER', 'ORG': 'ORG', 'GPE': 'LOC', 'LOC': 'LOC', 'FAC': 'LOC', 'EVENT': 'EVENT'}
TITLES = set('''mr mrs ms miss dr sir lord lady president vice prime minister king queen prince princess senator sen rep representative
congressman congresswoman gov governor mayor gen general col colonel capt captain maj major lt lieutenant sgt sergeant judge justice
secretary ambassador professor prof rev reverend pope bishop attorney chairman chief rabbi sheikh imam ayatollah'''.split())


def trimmed(text, start, end, kind):
    """The name without an article, a title before it or a possessive after it."""
    words = text[start:end].split(' ')
    while len(words) > 1 and (words[0].lower() in ('the', 'a', 'an') or kind == 'PER' and words[0].rstrip('.').lower() in TITLES):
        start += len(words.pop(0)) + 1
    for suffix in ("'s", '’s'):
        if text[start:end].endswith(suffix):
            end -= len(suffix)
    return start, end


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--bench', required=True)
    p.add_argument('--model', required=True, help='name or folder of a spaCy pipeline')
    p.add_argument('--out', required=True)
    a = p.parse_args()
    nlp = spacy.load(a.model, exclude=['parser', 'lemmatizer', 'attribute_ruler', 'tagger'])
    texts = [r['text'] for r in jsonl(os.path.join(a.bench, 'attribution/polnear.train.jsonl'))]
    for doc in conllu(os.path.join(a.bench, 'parse/en_ewt-ud-train.conllu')):
        texts += [''.join(w[0] + ' ' * w[1] for w in s) for s in doc[2]]
    with open(a.out, 'w', encoding='utf-8') as f:
        for text, doc in zip(texts, nlp.pipe(texts)):
            entities, other = [], []
            for e in doc.ents:
                kind = KINDS.get(e.label_)
                if kind is None:
                    other.append([e.start_char, e.end_char])
                    continue
                start, end = trimmed(text, e.start_char, e.end_char, kind)
                if '\n' not in text[start:end] and end > start:
                    entities.append({'start': start, 'end': end, 'type': kind})
            f.write(json.dumps({'text': text, 'entities': entities, 'other': other}) + '\n')


if __name__ == '__main__':
    main()
