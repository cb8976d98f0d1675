"""Step 1. Turns the corpora into windows: python prepare.py --bench DIR --work DIR

Texts are cut into tokens and windows by the program itself (crates/language, example `windows`), so that training sees
exactly what reading will see. Writes WORK/data.pkl and WORK/labels.json.
"""
import argparse
import collections
import glob
import json
import os
import pickle
import re
import subprocess

UPOS = 'ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X'.split()
NAMES = ['O'] + [p + t for t in ('PER', 'ORG', 'LOC', 'EVENT') for p in ('B-', 'I-')]
LEXICAL = {'ADJ', 'ADP', 'ADV', 'AUX', 'CCONJ', 'DET', 'INTJ', 'NOUN', 'PART', 'PRON', 'SCONJ', 'VERB'}
NON_COMMERCIAL = {'whow', 'fiction'}
# Helping words that often open a cue but do not tell which one it is: the anchor is the first word after them.
HELPING = set('''a an the to have has had having is are was were be been being am 's 've 'd 're 'm 'll will would shall should
may might can could must do does did not n't also has only just still then now even already again further later first
never ever really always often once who which that he she they it i we and or but as in on by , ; : ( " “ ’s ’ve ’d ’re ’m n’t
'''.split())
COARSE = {'politician': 'PER', 'person': 'PER', 'organisation': 'ORG', 'politicalparty': 'ORG', 'location': 'LOC',
          'country': 'LOC', 'event': 'EVENT', 'election': 'EVENT', 'PER': 'PER', 'ORG': 'ORG', 'LOC': 'LOC', 'EVENT': 'EVENT'}


def jsonl(path):
    with open(path, encoding='utf-8') as f:
        return [json.loads(line) for line in f]


def layouts(records, root):
    """Runs the program's own layout over records ({"id", "text"} or {"id", "sentences"})."""
    command = ['cargo', 'run', '--release', '-q', '-p', 'annalist-language', '--example', 'windows', '--',
               'models/english/vocab.txt']
    given = '\n'.join(json.dumps(r) for r in records)
    out = subprocess.run(command, input=given, capture_output=True, text=True, cwd=root, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def windows_of(layout, per_token):
    """Cuts a layout and its per-token targets {name: list} into training windows."""
    for w in layout['windows']:
        a, b = w['tokens']
        base = layout['starts'][a]
        piece_features = []
        for t in range(a, b):
            piece_features += [layout['features'][t]] * (layout['starts'][t + 1] - layout['starts'][t])
        s0, s1 = w['sentences']
        yield w, {
            'ids': [101] + layout['ids'][base:layout['starts'][b]] + [102],
            'features': [4] + piece_features + [4],
            'first': [layout['starts'][t] - base + 1 for t in range(a, b)],
            'last': [layout['starts'][t + 1] - base for t in range(a, b)],
            'own': [w['own'][0] - a, w['own'][1] - a],
            'sentence': [i - s0 for i in range(s0, s1) for _ in range(*layout['sentences'][i][:2])],
            **{k: v[a:b] for k, v in per_token.items()},
        }


def tokens_in(layout, spans, starts):
    """Indices of tokens that share a character with the spans."""
    found = set()
    for s, e in spans:
        for t in range(max(0, starts(s) - 1), len(layout['tokens'])):
            a, b = layout['tokens'][t]
            if a >= e:
                break
            if b > s:
                found.add(t)
    return found


def starts_index(layout):
    import bisect
    firsts = [a for a, _ in layout['tokens']]
    return lambda c: bisect.bisect_right(firsts, c)


def attribution(path, root, silver={}):
    """Windows of the attribution corpus; with silver names where `silver` (text -> record) has them."""
    records, out = jsonl(path), []
    for r, layout in zip(records, layouts([{'id': r['id'], 'text': r['text']} for r in records], root)):
        text, at = r['text'], starts_index(layout)
        graph = []
        for a in r['attributions']:
            roles = {k: tokens_in(layout, a[k], at) for k in ('content', 'source', 'cue')}
            if not roles['cue'] or not roles['content']:
                continue
            cue = sorted(roles['cue'])
            word = lambda t: text[slice(*layout['tokens'][t])].lower()
            anchor = next((t for t in cue if word(t) not in HELPING), cue[0])
            graph.append((anchor, roles))
        per_token = {}
        if text in silver:
            per_token['names'] = names = ['O'] * len(layout['tokens'])
            for e in silver[text]['entities']:
                mark(names, sorted(tokens_in(layout, [(e['start'], e['end'])], at)), e['type'])
            agreed([text[a:b] for a, b in layout['tokens']], names)
        for w, window in windows_of(layout, per_token):
            a, b = w['tokens']
            window['doc'] = r['id']
            window['graph'] = [{'anchor': anchor - a, **{k: sorted(t - a for t in v if a <= t < b) for k, v in roles.items()}}
                               for anchor, roles in graph if a <= anchor < b]
            out.append(window)
    return out


def conllu(path):
    """Documents of a treebank: (id, genre, sentences of (form, space after, upos, lemma, head, deprel), sentence ids)."""
    docs, words, sent_id, skip = [], [], None, 0
    for line in open(path, encoding='utf-8'):
        line = line.rstrip('\n')
        if line.startswith('# newdoc id'):
            docs.append([line.split('= ', 1)[1], None, [], []])
        elif line.startswith('# meta::genre'):
            docs[-1][1] = line.split('= ', 1)[1]
        elif line.startswith('# sent_id'):
            sent_id = line.split('= ', 1)[1]
        elif line and line[0] != '#':
            c = line.split('\t')
            if '-' in c[0]:
                a, b = map(int, c[0].split('-'))
                skip, fused_space = b, 'SpaceAfter=No' not in c[9]
                fused = b
            elif '.' not in c[0]:
                i = int(c[0])
                space = 'SpaceAfter=No' not in c[9]
                if i < skip:
                    space = False
                elif i == skip:
                    space = fused_space
                    skip = 0
                words.append((c[1], space, c[3], c[2], int(c[6]), c[7]))
        elif not line and words:
            if not docs:
                docs.append(['?', None, [], []])
            docs[-1][2].append(words)
            docs[-1][3].append(sent_id)
            words, skip = [], 0
    return docs


def lemma_rule(form, lemma):
    """The shortest edit of the form's end that gives the lemma; see crates/language/src/lemmas.rs for its reading."""
    if lemma in ('_', ''):
        return None
    base, keep = form.lower(), 'l'
    if lemma != lemma.lower():
        base, keep = form, 'k'
        if lemma[:1] + lemma[1:].lower() == lemma and form.isupper() and len(form) > 1:
            base, keep = form[:1] + form[1:].lower(), 't'
    base = base.replace('’', "'")
    n = 0
    while n < min(len(base), len(lemma)) and base[n] == lemma[n]:
        n += 1
    if n == 0 and len(base) > 0:
        return f'{keep}={lemma}'
    return f'{keep}{len(base) - n}+{lemma[n:]}'


def silver_names(words, record):
    """Names of a treebank's sentence: where they begin and end is told by the gold tags, of what kind they are by the silver record.
    A proper noun of which the record says nothing is left unlabelled."""
    spans, c = [], 0
    for w in words:
        spans.append((c, c + len(w[0])))
        c += len(w[0]) + w[1]
    within = lambda s, e: [i for i, (a, b) in enumerate(spans) if a < e and b > s]
    proper = lambda i: 0 <= i < len(words) and words[i][2] == 'PROPN'
    names = [None if proper(i) else 'O' for i in range(len(words))]
    for s, e in record['other']:
        for i in within(s, e):
            names[i] = 'O'
    for e in record['entities']:
        run = [i for i in within(e['start'], e['end']) if proper(i)]
        if not run:
            continue
        a, b = run[0], run[-1]
        while proper(a - 1) and e['type'] != 'PER':
            a -= 1
        while proper(b + 1):
            b += 1
        mark(names, list(range(a, b + 1)), e['type'])
    return names


def treebank(path, root, labels, grow, entities=None, silver=None):
    docs = [d for d in conllu(path) if d[1] not in NON_COMMERCIAL]
    given = [{'id': d[0], 'sentences': [[(w[0], w[1]) for w in s] for s in d[2]]} for d in docs]
    out = []
    for d, layout in zip(docs, layouts(given, root)):
        flat = [w for s in d[2] for w in s]
        offset, head = 0, []
        for s in d[2]:
            head += [0 if w[4] == 0 else offset + w[4] for w in s]     # 1-based in the document; 0 root
            offset += len(s)
        rules = [lemma_rule(w[0], w[3]) for w in flat]
        if grow:
            labels['lemmas'].update(r for r in rules if r)
            for w, r in zip(flat, rules):
                if r and w[2] in LEXICAL:
                    # A lemma with capitals ("I", "French") is the lemma of the form in lower case, too.
                    r = f'k={w[3]}' if w[3] != w[3].lower() and w[0].lower() == w[3].lower() else r
                    labels['forms'][w[0].lower().replace('’', "'"), w[2]][r] += 1
            labels['deprels'].update(w[5] for w in flat)
        names = None
        if entities is not None:
            names, at = ['O'] * len(flat), 0
            for s, sent_id in zip(d[2], d[3]):
                c, spans = 0, []
                for w in s:
                    spans.append((c, c + len(w[0])))
                    c += len(w[0]) + w[1]
                for e in entities.get(sent_id, []):
                    inside = [at + i for i, (a, b) in enumerate(spans) if a < e['end'] and b > e['start']]
                    mark(names, inside, e['type'])
                at += len(s)
        if silver is not None:
            names = [n for s in d[2] for n in silver_names(s, silver[''.join(w[0] + ' ' * w[1] for w in s)])]
        if names:
            agreed([w[0] for w in flat], names)
        per_token = {'upos': [w[2] for w in flat], 'lemma': rules, 'head': head, 'deprel': [w[5] for w in flat]}
        if names:
            per_token['names'] = names
        for w, window in windows_of(layout, per_token):
            a, b = w['tokens']
            window['head'] = [0 if h == 0 else (h - a if a < h <= b else -1) for h in window['head']]
            out.append(window)
    return out


YEAR = re.compile(r'(?:1[89]|20)\d\d$')
VOTE = re.compile(r'(?:by-?)?elections?$|primar(?:y|ies)$|referendum$|runoff$', re.I)
PARTISANS = {'democrat', 'democrats', 'republican', 'republicans', 'conservatives', 'liberals', 'tories', 'greens', 'socialists', 'communists'}


def agreed(words, names):
    """Silver names put in accord with CrossNER, whose votes are events ("2011 Bremen state election") and whose parties' members
    name their party: a vote with its year and a proper name becomes an event; where only one of the two stands, and at partisans
    that the silver record calls no name, nothing is said. Changes `names`."""
    for i, word in enumerate(words):
        if names[i] == 'O' and word.lower() in PARTISANS and word[0].isupper():
            names[i] = None
        if not VOTE.match(word):
            continue
        a = i
        while a > 0 and i - a < 7 and (words[a - 1][0].isalnum() or words[a - 1] in '-–') and words[a - 1].lower() not in FUNCTION:
            a -= 1
            if YEAR.match(words[a]):
                break
        if any(w[0].isupper() for w in words[a:i]) and YEAR.match(words[a]):
            mark(names, list(range(a, i + 1)), 'EVENT')
        elif YEAR.match(words[a]) or words[i][0].isupper():
            names[a:i + 1] = [None] * (i + 1 - a)


FUNCTION = set('a an the of in on at for to from by with and or but as after before since during this that his her its their our'.split())


def mark(names, tokens, kind):
    kind = COARSE.get(kind)
    for n, t in enumerate(tokens):
        names[t] = None if kind is None else ('I-' if n else 'B-') + kind


def named(records, root, group=5):
    """Records with `text` and `entities`, several to a window."""
    out, given = [], []
    for i in range(0, len(records), group):
        text, spans = '', []
        for r in records[i:i + group]:
            spans += [(e['start'] + len(text), e['end'] + len(text), e['type']) for e in r['entities']]
            text += r['text'] + '\n'
        given.append({'id': str(i), 'text': text, 'spans': spans})
    for g, layout in zip(given, layouts([{'id': g['id'], 'text': g['text']} for g in given], root)):
        at, names = starts_index(layout), ['O'] * len(layout['tokens'])
        for s, e, kind in g['spans']:
            mark(names, sorted(tokens_in(layout, [(s, e)], at)), kind)
        out += [window for _, window in windows_of(layout, {'names': names})]
    return out


ECB = {'HUMAN_PART_PER': 'PER', 'HUMAN_PART_ORG': 'ORG', 'LOC_GEO': 'LOC', 'LOC_FAC': 'LOC'}


def ecb(path, root):
    """ECB+ annotates mentions, not names: a mention's run of capitalised words is a name of its kind. Only sentences that are
    annotated count, and in them capitalised words outside any mention are left unlabelled."""
    records, out = jsonl(path), []
    for r, layout in zip(records, layouts([{'id': r['id'], 'text': r['text']} for r in records], root)):
        at, text = starts_index(layout), r['text']
        names = [None] * len(layout['tokens'])
        good = set(r['gold_sentences'])
        word = lambda t: text[slice(*layout['tokens'][t])]
        for number, s, e in r['sentences']:
            if number in good:
                for t in tokens_in(layout, [(s, e)], at):
                    names[t] = 'O' if not word(t)[:1].isupper() else None
        for m in r['mentions']:
            kind = ECB.get(m['tag'])
            if kind is None or m['sentence'] not in good:
                continue
            run = [t for t in sorted(tokens_in(layout, [(m['start'], m['end'])], at))]
            capital = [t for t in run if word(t)[:1].isupper()]
            if not capital:
                continue
            a, b = capital[0], capital[-1]
            if all(word(t)[:1].isupper() or word(t).lower() in ('of', 'the', 'for', 'and', '-', '.', 'al', 'de') for t in range(a, b + 1)):
                if word(a).lower() in ('the', 'a', 'an', 'mr', 'mr.', 'president', 'police'):
                    continue
                mark(names, list(range(a, b + 1)), kind)
        if any(n and n != 'O' for n in names):
            out += [w for _, w in windows_of(layout, {'names': names}) if any(n and n != 'O' for n in w['names'])]
    return out


def write_lexicon(forms, path):
    """Lemma rules of the forms that the treebanks' training parts hold, where nine in ten of a form's uses agree."""
    with open(path, 'w', encoding='utf-8') as f:
        f.write('# Lemma rules by form and tag. From UD English EWT and GUM (training parts; GUM without its non-commercial genres).\n'
                '# UD_English-EWT: CC BY-SA 4.0; UD_English-GUM: CC BY 4.0 and public domain. This file: CC BY-SA 4.0.\n')
        for (form, upos), rules in sorted(forms.items()):
            rule, n = rules.most_common(1)[0]
            if n >= 0.9 * sum(rules.values()) and form.isprintable() and '\t' not in form:
                f.write(f'{form}\t{upos}\t{rule}\n')


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--bench', required=True)
    p.add_argument('--work', required=True)
    p.add_argument('--silver', help='what silver.py wrote; without it there are fewer names to learn from')
    a = p.parse_args()
    silver = {r['text']: r for r in jsonl(a.silver)} if a.silver else None
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    os.makedirs(a.work, exist_ok=True)
    bench = lambda f: os.path.join(a.bench, f)
    counts = {'lemmas': collections.Counter(), 'deprels': collections.Counter(), 'forms': collections.defaultdict(collections.Counter)}
    entities = {part: {r['id']: r['entities'] for r in jsonl(bench(f'ner/gum_silver.{part}.jsonl'))} for part in ('train', 'dev')}
    data = {'train': [], 'dev': {}}
    parts = [('attribution', attribution(bench('attribution/polnear.train.jsonl'), root, silver or {})),
             ('ewt', treebank(bench('parse/en_ewt-ud-train.conllu'), root, counts, True, None, silver)),
             ('gum', treebank(bench('parse/en_gum-ud-train.conllu'), root, counts, True, entities['train'])),
             ('crossner', named(jsonl(bench('ner/crossner_politics.train.jsonl')), root)),
             ('ecb', ecb(bench('stories/ecbplus.train.jsonl'), root))]
    for corpus, windows in parts:
        for w in windows:
            w['corpus'] = corpus
        print(corpus, len(windows), 'windows', sum(len(w['ids']) for w in windows), 'pieces')
        data['train'] += windows
    data['dev'] = {
        'attribution': attribution(bench('attribution/polnear.dev.jsonl'), root),
        'ewt': treebank(bench('parse/en_ewt-ud-dev.conllu'), root, counts, False),
        'gum': treebank(bench('parse/en_gum-ud-dev.conllu'), root, counts, False),
        'crossner': named(jsonl(bench('ner/crossner_politics.dev.jsonl')), root),
        'uner': named(jsonl(bench('ner/uner_ewt.dev.jsonl')), root),
    }
    labels = {'upos': UPOS, 'names': NAMES,
              'lemmas': [r for r, n in counts['lemmas'].most_common() if n >= 3],
              'deprels': sorted(d for d, n in counts['deprels'].items() if n >= 3)}
    print({k: len(v) for k, v in labels.items()})
    write_lexicon(counts['forms'], os.path.join(a.work, 'lemmas.tsv'))
    pickle.dump(data, open(os.path.join(a.work, 'data.pkl'), 'wb'))
    json.dump(labels, open(os.path.join(a.work, 'labels.json'), 'w'), ensure_ascii=False, indent=0)


if __name__ == '__main__':
    main()
