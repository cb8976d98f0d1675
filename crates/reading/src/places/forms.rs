//! Whether a name stands for its place, for the people or for the government there.

use annalist_knowledge::Feature;

use super::{Candidate, Found, Toponyms};

impl Toponyms<'_> {
    /// Whether the name of a country or capital stands for its government: it speaks, or acts as the subject of a verb.
    pub(super) fn stands_for_government(&self, found: &Found, candidate: &Candidate) -> bool {
        if !matches!(candidate.place.feature, Feature::Country | Feature::Capital) || found.tokens.is_empty() {
            return false;
        }
        let tokens = &self.analysis.tokens;
        let outside = |&t: &usize| tokens[t].head.is_none_or(|head| !found.tokens.contains(&head));
        let Some(head) = found.tokens.clone().find(outside) else { return false };
        let (relation, verb) = (tokens[head].deprel.split(':').next().unwrap_or_default(), tokens[head].head);
        let speaks = self.analysis.attributions.iter().any(|attribution| {
            let inside = |t: usize| attribution.source.iter().any(|stretch| stretch.contains(&t));
            inside(head) && verb.is_none_or(|verb| !inside(verb)) && !matches!(relation, "obl" | "nmod")
        });
        // "Ruritania invaded …": what it does, it does to something.
        let sentence = &self.analysis.sentences[found.sentence.min(self.analysis.sentences.len() - 1)];
        let acts = candidate.place.feature == Feature::Country
            && &*tokens[head].deprel == "nsubj"
            && verb.is_some_and(|verb| {
                let done = |t: usize| {
                    tokens[t].head == Some(verb) && matches!(&*tokens[t].deprel, "obj" | "iobj" | "ccomp" | "xcomp")
                };
                &*tokens[verb].upos == "VERB" && sentence.tokens.clone().any(done)
            });
        speaks || acts
    }

    /// Whether the words are an adjective made of a larger place's name ("European").
    pub(super) fn is_adjective(&self, found: &Found, candidate: &Candidate) -> bool {
        let broad = matches!(candidate.place.feature, Feature::Continent | Feature::Region | Feature::Area);
        broad && candidate.other && found.tokens.clone().last().is_some_and(|t| &*self.analysis.tokens[t].upos == "ADJ")
    }
}

#[cfg(test)]
mod tests {
    use annalist_knowledge::Knowledge;
    use annalist_language::{Analysis, Attribution};
    use annalist_record::{CharIndex, PlaceKind};

    use crate::places::tests::{analysis, read};
    use crate::places::{Form, Setting, places, toponyms};

    #[test]
    fn demonyms_and_governments_are_told_from_places() {
        let (text, mut analysis) = analysis(
            &[
                ("Moscow", "PROPN", 2, "nsubj"),
                ("said", "VERB", 0, "root"),
                ("Turkish", "ADJ", 4, "amod"),
                ("troops", "NOUN", 5, "nsubj"),
                ("left", "VERB", 2, "ccomp"),
                ("Aleppo", "PROPN", 5, "obj"),
                (".", "PUNCT", 2, "punct"),
            ],
            &[(0, 1, "LOC"), (5, 6, "LOC")],
        );
        let said = Attribution {
            anchor: 1,
            cue: vec![1..2],
            source: vec![0..1],
            content: vec![2..6],
            confidence: 0.9,
            evidence: [0.0; 4],
        };
        let forms = |analysis: &Analysis| read(&text, analysis).into_iter().map(|t| t.1).collect::<Vec<_>>();
        assert_eq!(forms(&analysis), [Form::Name, Form::Demonym, Form::Name]);
        analysis.attributions.push(said);
        assert_eq!(forms(&analysis), [Form::Metonym, Form::Demonym, Form::Name]);
        assert_eq!(read(&text, &analysis)[1].2, "TUR");

        let knowledge = Knowledge::english();
        let found = toponyms(&text, &analysis, knowledge, Setting::default());
        let items = places(&text, &CharIndex::new(&text), &found, knowledge);
        assert_eq!(items.len(), 1);
        let aleppo = &items[0];
        assert_eq!(
            (aleppo.name.as_str(), aleppo.country.as_deref(), aleppo.kind),
            ("Aleppo", Some("SYR"), Some(PlaceKind::City))
        );
        assert!((aleppo.lat.unwrap() - 36.2).abs() < 0.1 && (aleppo.lon.unwrap() - 37.2).abs() < 0.1);
        assert_eq!((aleppo.mentions[0].text.as_str(), aleppo.admin1.as_deref()), ("Aleppo", Some("Aleppo")));
        assert_eq!(aleppo.gazetteer_id.as_deref(), Some("geonames:170063"));
    }
}
