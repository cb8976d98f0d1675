//! On whose word the report stands.

use annalist_record::SourceKind;

use super::Page;
use super::statements::doubtful;

impl Page<'_> {
    /// The sources, those with most statements first: who they are, how many statements that are not doubtful, through whom.
    pub(super) fn sources(&mut self) {
        // (name, description, statements, carriers)
        let mut sources: Vec<(String, Option<String>, usize, Vec<String>)> = Vec::new();
        for statement in self.record.statements.iter().filter(|s| !doubtful(s)) {
            let Some(name) = self.source_of(statement) else { continue };
            let via = statement.via.iter().filter_map(|id| self.actor(Some(id)));
            let entry = match sources.iter().position(|(known, ..)| known.to_lowercase() == name.to_lowercase()) {
                Some(i) => &mut sources[i],
                None => {
                    let about = match statement.source_kind {
                        SourceKind::Unnamed => Some("unnamed".to_string()),
                        SourceKind::Document => Some("document".to_string()),
                        _ => statement.speaker.as_deref().and_then(|id| self.about(id)),
                    };
                    sources.push((name, about, 0, Vec::new()));
                    let last = sources.len() - 1;
                    &mut sources[last]
                }
            };
            entry.2 += 1;
            for name in via {
                if !entry.3.contains(&name) {
                    entry.3.push(name);
                }
            }
        }
        sources.sort_by_key(|(_, _, count, _)| std::cmp::Reverse(*count));
        for (name, about, count, via) in sources {
            let about = about.map_or_else(String::new, |about| format!(", {about}"));
            let via = if via.is_empty() { String::new() } else { format!(", via {}", via.join(", ")) };
            let indent = " ".repeat(self.gutter);
            let line = format!("{count:<width$}{name}{about}{via}", width = self.gutter);
            self.wrapped(&line, "", &indent, super::Paint::new());
        }
    }

    /// What an actor is, as the report describes it, and of which country.
    fn about(&self, id: &str) -> Option<String> {
        let actor = self.actors.get(id)?;
        let described =
            actor.described_as.first().filter(|words| !actor.name.to_lowercase().contains(&words.to_lowercase()));
        let told: Vec<&str> = described.into_iter().chain(&actor.country).map(String::as_str).collect();
        (!told.is_empty()).then(|| told.join(", "))
    }
}
