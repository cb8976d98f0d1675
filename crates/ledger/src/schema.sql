-- The ledger, form 1: the whole of it, in one place. `PRAGMA user_version` holds the number of the form, `PRAGMA application_id` tells
-- that a file is a ledger.
--
-- What was read is kept in `report.record`, whole; every other table is made from the records, in the order in which they came in,
-- and can be made anew. Columns that are not explained are those of the record of the same name.
-- `day` columns are ISO 8601 dates. What is not known is NULL.

-- A version of a report. The same words under the same id are in here once.
CREATE TABLE report (
  key          INTEGER PRIMARY KEY,             -- in the order in which they came in
  id           TEXT NOT NULL,            -- the report's id; its versions share it
  content_id   TEXT NOT NULL,            -- the words alone
  version      INTEGER NOT NULL,         -- from 1, in the order in which they came in
  version_of   TEXT,                     -- the content_id of the version that this one corrects
  current      INTEGER NOT NULL,         -- 1: the newest version; questions are answered from these alone
  print_of     INTEGER NOT NULL REFERENCES report(key), -- the first report that prints this text, perhaps cut or retitled; itself if first
  input        TEXT NOT NULL,            -- the name of the file, and the place in it, that it came from
  title        TEXT,
  outlet       TEXT,
  url          TEXT,
  section      TEXT,
  published    TEXT,
  modified     TEXT,
  day          TEXT,                     -- the day of `published`
  language     TEXT,
  signature    TEXT,
  program      TEXT NOT NULL,            -- what read it
  model        TEXT NOT NULL,
  knowledge    TEXT NOT NULL,
  added        TEXT NOT NULL,            -- when it came in: UTC, to the second
  text         TEXT NOT NULL,            -- the words that spans point into
  record       BLOB NOT NULL,            -- the record without the text: JSON, deflated
  raw          BLOB,                     -- the input as it came, as whoever added it wants it back for reading it again: deflated
  UNIQUE (id, content_id)
);
CREATE INDEX report_content ON report(content_id);
CREATE INDEX report_day ON report(day) WHERE current;
CREATE INDEX report_added ON report(added);
CREATE INDEX report_print ON report(print_of);
CREATE INDEX report_outlet ON report(outlet COLLATE NOCASE) WHERE current;

-- An input that gave no report. Gone when it was read later.
CREATE TABLE failure (
  input        TEXT PRIMARY KEY,
  kind         TEXT NOT NULL,
  message      TEXT NOT NULL,
  added        TEXT NOT NULL             -- when it failed last
);

-- Under which keys a report's signature is found: near-duplicates share some.
CREATE TABLE print_key (
  print_key    INTEGER NOT NULL,
  report       INTEGER NOT NULL REFERENCES report(key),
  PRIMARY KEY (print_key, report)
) WITHOUT ROWID;

-- Somebody, across reports.
CREATE TABLE entity (
  key          INTEGER PRIMARY KEY,
  name         TEXT NOT NULL,            -- the one it is shown by
  name_key     TEXT NOT NULL,            -- as names are compared
  last_name    TEXT,                     -- of a person: the last word of name_key
  kind         TEXT,
  country      TEXT,
  sectors      TEXT NOT NULL,            -- JSON
  described    TEXT NOT NULL             -- JSON: the content words of all descriptions
);
CREATE INDEX entity_name ON entity(name_key);
CREATE INDEX entity_last ON entity(last_name);
CREATE INDEX entity_country ON entity(country);

-- An actor of a report.
CREATE TABLE actor (
  report       INTEGER NOT NULL REFERENCES report(key),
  id           TEXT NOT NULL,
  entity       INTEGER REFERENCES entity(key), -- NULL: has no name, or it cannot be told whose it is
  name         TEXT NOT NULL,
  kind         TEXT,
  country      TEXT,
  sectors      TEXT NOT NULL,            -- JSON
  described    TEXT NOT NULL,            -- JSON
  mentions     INTEGER NOT NULL,         -- how many
  confidence   REAL NOT NULL,
  PRIMARY KEY (report, id)
) WITHOUT ROWID;
CREATE INDEX actor_entity ON actor(entity, report);
CREATE INDEX actor_id ON actor(id);
CREATE INDEX actor_name ON actor(name COLLATE NOCASE);

-- A place of a report.
CREATE TABLE place (
  report       INTEGER NOT NULL REFERENCES report(key),
  id           TEXT NOT NULL,
  name         TEXT NOT NULL,
  kind         TEXT,
  country      TEXT,
  admin1       TEXT,
  lat          REAL,
  lon          REAL,
  gazetteer_id TEXT,
  mentions     INTEGER NOT NULL,         -- how many
  confidence   REAL NOT NULL,
  PRIMARY KEY (report, id)
) WITHOUT ROWID;
CREATE INDEX place_name ON place(name COLLATE NOCASE, report);
CREATE INDEX place_country ON place(country, report);
CREATE INDEX place_gazetteer ON place(gazetteer_id, report);
CREATE INDEX place_id ON place(id);

-- A statement of a report.
CREATE TABLE statement (
  key          INTEGER PRIMARY KEY,
  report       INTEGER NOT NULL REFERENCES report(key),
  id           TEXT NOT NULL,
  speaker      TEXT,                     -- the actor's id
  entity       INTEGER REFERENCES entity(key), -- the speaker's
  source       TEXT NOT NULL,            -- the words, as are cue and content
  cue          TEXT NOT NULL,
  content      TEXT NOT NULL,
  start        INTEGER NOT NULL,         -- the first code point of its words
  source_kind  TEXT NOT NULL,
  quoted       TEXT NOT NULL,
  act          TEXT NOT NULL,
  inside       TEXT,                     -- the id of the statement in whose content it stands
  earliest     TEXT,                     -- the first and last day on which it may have been made, if told
  latest       TEXT,
  day          TEXT,                     -- `earliest`, else the report's
  confidence   REAL NOT NULL,
  UNIQUE (report, id)
);
CREATE INDEX statement_day ON statement(day);
CREATE INDEX statement_entity ON statement(entity, day);
CREATE INDEX statement_id ON statement(id);

-- Something that happened, across reports: mentions that are one event.
CREATE TABLE happening (
  key          INTEGER PRIMARY KEY,
  type         TEXT NOT NULL
);

-- An event of a report.
CREATE TABLE event (
  key          INTEGER PRIMARY KEY,
  report       INTEGER NOT NULL REFERENCES report(key),
  id           TEXT NOT NULL,
  happening    INTEGER NOT NULL REFERENCES happening(key),
  type         TEXT NOT NULL,
  mode         TEXT,
  contexts     TEXT NOT NULL,            -- JSON
  status       TEXT NOT NULL,
  trigger_text TEXT NOT NULL,            -- the words that tell it
  evidence     TEXT NOT NULL,            -- the sentence
  start        INTEGER NOT NULL,         -- the first code point of the trigger
  said_in      TEXT,                     -- a statement's id
  place        TEXT,                     -- a place's id
  earliest     TEXT,                     -- the first and last day on which it may be, if told
  latest       TEXT,
  day          TEXT,                     -- `earliest`, else the report's
  confidence   REAL NOT NULL,
  UNIQUE (report, id)
);
CREATE INDEX event_day ON event(day);
CREATE INDEX event_type ON event(type, day);
CREATE INDEX event_happening ON event(happening);
CREATE INDEX event_id ON event(id);

-- Who takes part in an event.
CREATE TABLE participant (
  event        INTEGER NOT NULL REFERENCES event(key),
  role         TEXT NOT NULL,            -- actor or recipient
  position     INTEGER NOT NULL,         -- the how manieth in that role
  actor        TEXT,                     -- the actor's id
  entity       INTEGER REFERENCES entity(key),
  words        TEXT NOT NULL,
  type         TEXT NOT NULL,            -- the event's, as is day
  day          TEXT,
  PRIMARY KEY (event, role, position)
) WITHOUT ROWID;
CREATE INDEX participant_entity ON participant(entity, type, day) WHERE entity IS NOT NULL;

-- A count in a report.
CREATE TABLE figure (
  report       INTEGER NOT NULL REFERENCES report(key),
  id           TEXT NOT NULL,
  what         TEXT NOT NULL,
  value        REAL NOT NULL,
  upper        REAL,
  hedge        TEXT NOT NULL,
  of           TEXT,
  event        TEXT,                     -- an event's id
  said_in      TEXT,                     -- a statement's id
  words        TEXT NOT NULL,
  confidence   REAL NOT NULL,
  PRIMARY KEY (report, id)
) WITHOUT ROWID;
CREATE INDEX figure_id ON figure(id);

-- What somebody bound themselves to, in a report.
CREATE TABLE commitment (
  key          INTEGER PRIMARY KEY,
  report       INTEGER NOT NULL REFERENCES report(key),
  id           TEXT NOT NULL,
  kind         TEXT NOT NULL,
  by           TEXT,                     -- an actor's id, and its entity
  by_entity    INTEGER REFERENCES entity(key),
  recipient    TEXT,                     -- likewise, to whom
  to_entity    INTEGER REFERENCES entity(key),
  what         TEXT NOT NULL,            -- the words
  due_words    TEXT,                     -- the words that say by when
  due_first    TEXT,                     -- the first and last day they may mean
  due_last     TEXT,
  statement    TEXT,                     -- the id of the statement that makes it
  event        TEXT,                     -- the id of the event that makes it
  day          TEXT,                     -- the statement's, else the report's
  confidence   REAL NOT NULL,
  UNIQUE (report, id)
);
CREATE INDEX commitment_day ON commitment(day);
CREATE INDEX commitment_due ON commitment(due_last);
CREATE INDEX commitment_by ON commitment(by_entity, day);
CREATE INDEX commitment_id ON commitment(id);

-- A change of position that a report itself tells.
CREATE TABLE change (
  report       INTEGER NOT NULL REFERENCES report(key),
  id           TEXT NOT NULL,
  who          TEXT,                     -- an actor's id, and its entity
  entity       INTEGER REFERENCES entity(key),
  about        TEXT NOT NULL,
  before_words TEXT NOT NULL,
  before_in    TEXT,                     -- the id of the statement, else of the event, in which the position was taken
  after_words  TEXT NOT NULL,
  after_in     TEXT,
  day          TEXT,                     -- the report's
  confidence   REAL NOT NULL,
  PRIMARY KEY (report, id)
) WITHOUT ROWID;
CREATE INDEX change_entity ON change(entity, day);
CREATE INDEX change_day ON change(day);
CREATE INDEX change_id ON change(id);

-- Words, for searching: of reports, statements and the names of entities. The words themselves stand in the tables above.
CREATE VIRTUAL TABLE report_words USING fts5(title, text, content = 'report', content_rowid = 'key', tokenize = 'porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE statement_words USING fts5(content, source, content = 'statement', content_rowid = 'key', tokenize = 'porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE entity_words USING fts5(name, content = 'entity', content_rowid = 'key', tokenize = 'unicode61 remove_diacritics 2');
CREATE TRIGGER report_in AFTER INSERT ON report BEGIN
  INSERT INTO report_words(rowid, title, text) VALUES (new.key, new.title, new.text);
END;
CREATE TRIGGER report_changed AFTER UPDATE OF title, text ON report WHEN old.title IS NOT new.title OR old.text IS NOT new.text BEGIN
  INSERT INTO report_words(report_words, rowid, title, text) VALUES ('delete', old.key, old.title, old.text);
  INSERT INTO report_words(rowid, title, text) VALUES (new.key, new.title, new.text);
END;
CREATE TRIGGER statement_in AFTER INSERT ON statement BEGIN
  INSERT INTO statement_words(rowid, content, source) VALUES (new.key, new.content, new.source);
END;
CREATE TRIGGER statement_out AFTER DELETE ON statement BEGIN
  INSERT INTO statement_words(statement_words, rowid, content, source) VALUES ('delete', old.key, old.content, old.source);
END;
CREATE TRIGGER entity_in AFTER INSERT ON entity BEGIN
  INSERT INTO entity_words(rowid, name) VALUES (new.key, new.name);
END;
CREATE TRIGGER entity_out AFTER DELETE ON entity BEGIN
  INSERT INTO entity_words(entity_words, rowid, name) VALUES ('delete', old.key, old.name);
END;
CREATE TRIGGER entity_changed AFTER UPDATE OF name ON entity WHEN old.name <> new.name BEGIN
  INSERT INTO entity_words(entity_words, rowid, name) VALUES ('delete', old.key, old.name);
  INSERT INTO entity_words(rowid, name) VALUES (new.key, new.name);
END;
