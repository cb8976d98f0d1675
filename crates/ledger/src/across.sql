-- The ledger, form 2: what joins reports beyond actors and events. Made from the records, like all but `report` and `failure`; reports that were
-- in a ledger of form 1 are taken in when they are read again.

-- An affair: reports that are on it. Its number is never given again.
CREATE TABLE story (
  key          INTEGER PRIMARY KEY AUTOINCREMENT
);

-- Which story a report is on, and what it is told by. Prints of one text are on the story of the first.
CREATE TABLE story_report (
  report       INTEGER PRIMARY KEY REFERENCES report(key),
  story        INTEGER NOT NULL REFERENCES story(key),
  terms        BLOB                      -- pairs of words, five bytes each (see annalist-identity); NULL for prints
);
CREATE INDEX story_report_story ON story_report(story, report);

-- Under which keys a report's story is found.
CREATE TABLE story_key (
  story_key    INTEGER NOT NULL,
  report       INTEGER NOT NULL REFERENCES report(key),
  PRIMARY KEY (story_key, report)
) WITHOUT ROWID;
CREATE INDEX story_key_report ON story_key(report);

-- Words that a statement quotes. Quotations of one saying have one number: the key of the first of them that came in.
CREATE TABLE quotation (
  key          INTEGER PRIMARY KEY AUTOINCREMENT,
  saying       INTEGER NOT NULL,
  report       INTEGER NOT NULL REFERENCES report(key),
  statement    TEXT NOT NULL,            -- a statement's id
  words        TEXT NOT NULL
);
CREATE INDEX quotation_saying ON quotation(saying);
CREATE INDEX quotation_statement ON quotation(report, statement);

-- Under which keys a quotation is found.
CREATE TABLE quotation_key (
  quotation_key INTEGER NOT NULL,
  quotation    INTEGER NOT NULL REFERENCES quotation(key),
  PRIMARY KEY (quotation_key, quotation)
) WITHOUT ROWID;
CREATE INDEX quotation_key_quotation ON quotation_key(quotation);
