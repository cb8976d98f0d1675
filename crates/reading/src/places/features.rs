//! What speaks for a candidate: what is said of its name, what place it is, and where it lies from the others.

use annalist_knowledge::{Feature, GazetteerPlace, PlaceType, kilometres};

use super::{Found, Group, Setting, Toponyms};

/// So many of another name's likeliest places are taken as what it may be.
const LIKELIEST: usize = 3;

/// What a candidate is judged by, as `places.toml` calls it.
pub const FEATURES: [&str; 40] = [
    "population",
    "share",
    "largest",
    "other_name",
    "partial",
    "demonym",
    "country",
    "division",
    "subdivision",
    "capital",
    "seat",
    "lower_seat",
    "populated",
    "section",
    "continent",
    "region",
    "water",
    "area",
    "said",
    "said_otherwise",
    "qualified",
    "qualified_otherwise",
    "host_country",
    "near",
    "in_reach",
    "same_division",
    "same_subdivision",
    "within_named",
    "same_country",
    "country_named",
    "within_named_here",
    "near_lead",
    "lead_division",
    "lead_country",
    "same_name_settlement",
    "holds_others",
    "may_be_near",
    "may_lie_within",
    "home_population",
    "near_home",
];

impl<'t> Toponyms<'t> {
    pub(super) fn features(
        &self,
        groups: &[Group<'t>],
        g: usize,
        together: bool,
        setting: Setting,
        found: &[Found],
    ) -> Vec<[f32; FEATURES.len()]> {
        let group = &groups[g];
        let total: f64 = group.candidates.iter().map(|c| prominence(&c.place)).sum();
        let most = group.candidates.iter().map(|c| prominence(&c.place)).fold(0.0, f64::max);
        let countries = self.knowledge.countries();
        let host = setting.host.and_then(|host| self.knowledge.place_words().country_of_host(host));
        let host = host.and_then(|code| countries.get(&code).or_else(|| countries.named(&code)));
        let host = host.and_then(|country| country.iso2.as_deref());
        let qualifier = group.qualifier.map(|q| &groups[q]);
        let sentences: Vec<usize> = group.mentions.iter().map(|&m| found[m].sentence).collect();
        let lead = (0..groups.len())
            .filter(|&h| h != g && !groups[h].candidates.is_empty() && !groups[h].mentions.is_empty())
            .min_by_key(|&h| groups[h].mentions.iter().min().copied());
        let settlement = group.candidates.iter().any(|c| c.place.feature.is_settlement());
        let mut all = Vec::with_capacity(group.candidates.len());
        for (n, candidate) in group.candidates.iter().enumerate() {
            let place = &candidate.place;
            let mut f = [0.0f32; FEATURES.len()];
            let flag = |b: bool| if b { 1.0 } else { 0.0 };
            let prominence = prominence(place);
            f[0] = (prominence.ln_1p() / 10.0) as f32;
            f[1] = if total > 0.0 { (prominence / total) as f32 } else { 0.0 };
            f[2] = flag(prominence == most);
            f[3] = flag(candidate.other);
            f[4] = flag(candidate.partial);
            f[5] = flag(candidate.demonym);
            f[6 + place.feature as usize] = 1.0;
            if let Some(said) = group.said {
                let fits = match said {
                    PlaceType::Division => matches!(place.feature, Feature::Division | Feature::Region),
                    PlaceType::Subdivision => place.feature == Feature::Subdivision,
                    PlaceType::Settlement => place.feature.is_settlement(),
                };
                f[18] = flag(fits);
                f[19] = flag(!fits);
            }
            if let Some(qualifier) = qualifier.filter(|q| !q.candidates.is_empty()) {
                let holds = qualifier.candidates.iter().any(|q| holds(&q.place, place) && q.number != candidate.number);
                f[20] = flag(holds);
                f[21] = flag(!holds);
            }
            f[22] = flag(host.is_some() && host == place.iso2);
            f[38] = if group.home { f[0] } else { 0.0 };
            f[34] = flag(settlement && matches!(place.feature, Feature::Division | Feature::Subdivision));
            if together {
                self.together(&mut f, groups, g, n, &sentences, found, lead);
                (f[36], f[37]) = possible(groups, g, n);
            }
            all.push(f);
        }
        all
    }

    /// How a candidate goes together with the likely places of the other names.
    #[allow(clippy::too_many_arguments)]
    fn together(
        &self,
        f: &mut [f32; FEATURES.len()],
        groups: &[Group<'t>],
        g: usize,
        n: usize,
        sentences: &[usize],
        found: &[Found],
        lead: Option<usize>,
    ) {
        let (candidate, at) = (&groups[g].candidates[n], groups[g].points[n]);
        let place = &candidate.place;
        let (mut near, mut reach, mut division, mut subdivision, mut held) = (0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32);
        let (mut within, mut within_here, mut named) = (0.0f32, 0.0f32, 0.0f32);
        let (mut same, mut others) = (0.0f32, 0.0f32);
        for (h, other) in groups.iter().enumerate() {
            if h == g || other.candidates.is_empty() {
                continue;
            }
            let here = || other.mentions.iter().any(|&m| sentences.contains(&found[m].sentence));
            for d in likeliest(&other.weights) {
                let (weight, there) = (other.weights[d], &other.candidates[d].place);
                let away = distance(at, other.points[d]);
                if other.candidates[d].number == candidate.number {
                    continue;
                }
                let broad = matches!(there.feature, Feature::Country | Feature::Continent);
                if !broad {
                    near += weight * (-away / 50.0).exp();
                    reach += weight * (-away / 300.0).exp();
                    if there.feature != Feature::Division
                        && there.division.is_some()
                        && there.division == place.division
                    {
                        division += weight;
                    }
                    if there.subdivision.is_some() && there.subdivision == place.subdivision {
                        subdivision += weight;
                    }
                }
                if there.iso2.is_some() {
                    others += weight;
                    if there.iso2 == place.iso2 {
                        same += weight;
                    }
                }
                if holds(there, place) {
                    if there.feature == Feature::Country {
                        named = named.max(weight);
                    } else {
                        within = within.max(weight);
                    }
                    if here() {
                        within_here = within_here.max(weight);
                    }
                }
                if other.home && !broad {
                    f[39] += weight * (-away / 100.0).exp();
                }
                if holds(place, there) {
                    held += weight;
                }
                if lead == Some(h) && !broad {
                    f[31] += weight * (-away / 100.0).exp();
                }
                if lead == Some(h) {
                    f[32] += if there.division.is_some() && there.division == place.division { weight } else { 0.0 };
                    f[33] += if there.iso2.is_some() && there.iso2 == place.iso2 { weight } else { 0.0 };
                }
            }
        }
        f[23] = near.ln_1p();
        f[24] = reach.ln_1p();
        f[25] = division.ln_1p();
        f[26] = subdivision.ln_1p();
        f[27] = within;
        f[28] = same / others.max(1.0);
        f[29] = named;
        f[30] = within_here;
        f[35] = held.ln_1p();
    }
}

/// How many other names may name a place near a candidate, and whether one may name a division that holds it, whatever the likelier
/// places of those names; a name with many candidates tells less.
fn possible(groups: &[Group], g: usize, n: usize) -> (f32, f32) {
    let (candidate, at) = (&groups[g].candidates[n], groups[g].points[n]);
    let (mut near, mut within) = (0.0f32, 0.0f32);
    for (h, other) in groups.iter().enumerate() {
        if h == g || other.candidates.is_empty() {
            continue;
        }
        let telling = 1.0 / (other.candidates.len() as f32).sqrt();
        let mut nearest = f32::INFINITY;
        for (d, point) in other.candidates.iter().zip(&other.points) {
            let place = &d.place;
            if d.number == candidate.number || matches!(place.feature, Feature::Country | Feature::Continent) {
                continue;
            }
            nearest = nearest.min(distance(at, *point));
            if matches!(place.feature, Feature::Division | Feature::Subdivision) && holds(place, &candidate.place) {
                within = within.max(telling);
            }
        }
        near += telling * (-nearest / 50.0).exp();
    }
    (near.ln_1p(), within)
}

/// How many live in a place, and for larger places where that is not known, a number that is as large as they are well known.
fn prominence(place: &GazetteerPlace) -> f64 {
    match place.feature {
        Feature::Continent => 1e9,
        Feature::Region | Feature::Water if place.iso2.is_none() => 5e7,
        Feature::Region | Feature::Water => 5e6,
        Feature::Area => 1e6,
        _ => place.population,
    }
}

/// The numbers of the largest weights.
fn likeliest(weights: &[f32]) -> impl Iterator<Item = usize> {
    let mut best: Vec<usize> = Vec::with_capacity(LIKELIEST + 1);
    for n in 0..weights.len() {
        let at = best.partition_point(|&b| weights[b] >= weights[n]);
        if at < LIKELIEST {
            best.insert(at, n);
            best.truncate(LIKELIEST);
        }
    }
    best.into_iter()
}

/// Whether one place holds the other, by country and divisions.
fn holds(outer: &GazetteerPlace, inner: &GazetteerPlace) -> bool {
    match outer.feature {
        Feature::Country => inner.feature != Feature::Country && outer.iso2.is_some() && outer.iso2 == inner.iso2,
        Feature::Division => {
            !matches!(inner.feature, Feature::Division | Feature::Country) && outer.division == inner.division
        }
        Feature::Subdivision => inner.feature.is_settlement() && outer.subdivision == inner.subdivision,
        Feature::Region | Feature::Area => {
            inner.feature.is_settlement()
                && outer.iso2.is_some()
                && outer.iso2 == inner.iso2
                && kilometres((outer.lat, outer.lon), (inner.lat, inner.lon)) < 150.0
        }
        _ => false,
    }
}

/// A point on the unit sphere.
pub(super) fn point(place: &GazetteerPlace) -> [f64; 3] {
    let (lat, lon) = (place.lat.to_radians(), place.lon.to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

/// The distance of two points of the unit sphere through it, in kilometres: less than over it, and the same where it is small.
fn distance(a: [f64; 3], b: [f64; 3]) -> f32 {
    let square: f64 = a.iter().zip(&b).map(|(a, b)| (a - b) * (a - b)).sum();
    (6371.0 * square.sqrt()) as f32
}
