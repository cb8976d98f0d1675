-- Form 2: what analysts say of records, and what an actor is by their word.
--
-- `mark` is theirs: no reading, new or old, changes it. Only `hangs` is made anew from the records, as are the columns of `entity`.

CREATE TABLE mark (
  key          INTEGER PRIMARY KEY,      -- in the order in which they were made; later ones go before earlier ones
  at           TEXT NOT NULL,            -- when: UTC, to the second
  by           TEXT NOT NULL,            -- whose word it is
  verdict      TEXT NOT NULL,            -- accept, reject, edit, note, merge or split
  report       TEXT NOT NULL,            -- the id of the report, whatever version
  kind         TEXT,                     -- in which list of the record the item stands; NULL: the mark is on the report
  item         TEXT,                     -- the id that the item had
  entity       INTEGER NOT NULL,         -- 1: the mark is on all that the actor is across reports
  field        TEXT,                     -- edit: which field
  value        TEXT,                     -- edit: what it should hold, as JSON; split: the words of its parts, as JSON
  other_report TEXT,                     -- merge: with which item of which report it is one; split: with which it is one henceforth
  other_item   TEXT,
  words        TEXT,                     -- a note, or the reason
  read_as      TEXT NOT NULL,            -- the item as the program had read it, as JSON
  content_id   TEXT NOT NULL,            -- the words it had read
  program      TEXT NOT NULL,            -- what had read them
  model        TEXT NOT NULL,
  knowledge    TEXT NOT NULL,
  hangs        TEXT                      -- the id that the item has now; NULL: the newest reading has no such item
);
CREATE INDEX mark_report ON mark(report, item);
CREATE INDEX mark_hangs ON mark(report, hangs);
CREATE INDEX mark_other ON mark(other_report, other_item);
CREATE INDEX mark_at ON mark(at);

ALTER TABLE entity ADD COLUMN merged_into INTEGER REFERENCES entity(key); -- an analyst says that it is that one
ALTER TABLE entity ADD COLUMN fixed TEXT;                     -- what an analyst says of it, by column, as JSON
ALTER TABLE entity ADD COLUMN rejected INTEGER NOT NULL DEFAULT 0; -- 1: an analyst says that it is nobody
CREATE INDEX entity_merged ON entity(merged_into) WHERE merged_into IS NOT NULL;

-- For asking as of a past moment.
CREATE INDEX report_added_day ON report(added, day);
