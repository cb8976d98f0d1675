-- Form 6: what keeps adding and asking quick when there are very many reports. All of it is made from the rows of the other tables, by
-- the rows themselves like the sums of form 4, and `Ledger::check` compares it with them.

-- A report's words and what it was read from, apart from what questions look at.
CREATE TABLE page (
  report       INTEGER PRIMARY KEY REFERENCES report(key),
  title        TEXT,                     -- the report's, for the index of words
  text         TEXT NOT NULL,            -- the words that spans point into
  record       BLOB NOT NULL,            -- the record without the text: JSON, deflated
  raw          BLOB                      -- the input as it came, as whoever added it wants it back for reading it again: deflated
);
INSERT INTO page SELECT key, title, text, record, raw FROM report;
DROP TRIGGER report_in;
DROP TRIGGER report_changed;
DROP TABLE report_words;
ALTER TABLE report DROP COLUMN raw;
ALTER TABLE report DROP COLUMN record;
ALTER TABLE report DROP COLUMN text;
CREATE VIRTUAL TABLE report_words USING fts5(title, text, content = 'page', content_rowid = 'report', tokenize = 'porter unicode61 remove_diacritics 2');
INSERT INTO report_words(report_words) VALUES ('rebuild');
CREATE TRIGGER page_in AFTER INSERT ON page BEGIN
  INSERT INTO report_words(rowid, title, text) VALUES (new.report, new.title, new.text);
END;
CREATE TRIGGER page_changed AFTER UPDATE OF title, text ON page WHEN old.title IS NOT new.title OR old.text IS NOT new.text BEGIN
  INSERT INTO report_words(report_words, rowid, title, text) VALUES ('delete', old.report, old.title, old.text);
  INSERT INTO report_words(rowid, title, text) VALUES (new.report, new.title, new.text);
END;

-- In order of time, with what most questions ask of each row.
DROP INDEX event_day;
CREATE INDEX event_day ON event(day, key, report, happening, type, status);
DROP INDEX statement_day;
CREATE INDEX statement_day ON statement(day, key, report, entity);
DROP INDEX commitment_day;
CREATE INDEX commitment_day ON commitment(day, key, report, by_entity);
-- What is announced, by the day for which it is.
CREATE INDEX event_due ON event(earliest, key) WHERE status IN ('planned', 'possible') AND earliest IS NOT NULL AND latest IS NOT NULL;
-- The events of a report, by place and type.
CREATE INDEX event_place ON event(report, place, type, happening);
-- Actors by country, and by the names they have.
CREATE INDEX actor_country ON actor(country, report) WHERE country IS NOT NULL;
DROP INDEX actor_entity;
CREATE INDEX actor_entity ON actor(entity, report, name);

-- What somebody is told to have done or not to have done, in order of time: by this, commitments are judged. Of current reports.
CREATE TABLE deed (
  entity       INTEGER NOT NULL,
  day          TEXT NOT NULL,            -- the event's
  event        INTEGER NOT NULL,
  print_of     INTEGER NOT NULL,         -- the report's, as is the next
  report_day   TEXT NOT NULL,
  words        BLOB NOT NULL,            -- the content words of the sentence that tells it: sorted numbers, four bytes each
  PRIMARY KEY (entity, day, event)
) WITHOUT ROWID;
CREATE INDEX deed_event ON deed(event);
CREATE TRIGGER participant_did AFTER INSERT ON participant WHEN new.entity IS NOT NULL AND new.role = 'actor' BEGIN
  INSERT INTO deed SELECT new.entity, e.day, e.key, r.print_of, r.day, content_words(e.evidence) FROM event e JOIN report r ON r.key = e.report
    WHERE e.key = new.event AND r.current AND e.status IN ('happened', 'ongoing', 'denied') AND e.day IS NOT NULL AND r.day IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM deed d WHERE d.entity = new.entity AND d.day = e.day AND d.event = e.key);
END;
CREATE TRIGGER participant_undid AFTER DELETE ON participant WHEN old.entity IS NOT NULL AND old.role = 'actor' BEGIN
  DELETE FROM deed WHERE event = old.event AND entity = old.entity
    AND NOT EXISTS (SELECT 1 FROM participant WHERE event = old.event AND entity = old.entity AND role = 'actor');
END;
CREATE TRIGGER participant_redid AFTER UPDATE OF entity ON participant WHEN old.entity IS NOT new.entity AND new.role = 'actor' BEGIN
  DELETE FROM deed WHERE event = old.event AND entity = old.entity
    AND NOT EXISTS (SELECT 1 FROM participant WHERE event = old.event AND entity = old.entity AND role = 'actor');
  INSERT INTO deed SELECT new.entity, e.day, e.key, r.print_of, r.day, content_words(e.evidence) FROM event e JOIN report r ON r.key = e.report
    WHERE new.entity IS NOT NULL
    AND e.key = new.event AND r.current AND e.status IN ('happened', 'ongoing', 'denied') AND e.day IS NOT NULL AND r.day IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM deed d WHERE d.entity = new.entity AND d.day = e.day AND d.event = e.key);
END;
CREATE TRIGGER report_undid AFTER UPDATE OF current ON report WHEN old.current AND NOT new.current BEGIN
  DELETE FROM deed WHERE event IN (SELECT key FROM event WHERE report = old.key);
END;
INSERT INTO deed SELECT DISTINCT p.entity, e.day, e.key, r.print_of, r.day, content_words(e.evidence) FROM participant p
  JOIN event e ON e.key = p.event JOIN report r ON r.key = e.report WHERE p.entity IS NOT NULL AND p.role = 'actor' AND r.current
  AND e.status IN ('happened', 'ongoing', 'denied') AND e.day IS NOT NULL AND r.day IS NOT NULL;

-- How often two met or spoke with each other: in how many happenings that took place.
CREATE TABLE contact (
  one          INTEGER NOT NULL,         -- as in `met`
  other        INTEGER NOT NULL,
  times        INTEGER NOT NULL,
  PRIMARY KEY (one, other)
) WITHOUT ROWID;
CREATE INDEX contact_times ON contact(times DESC, one, other);
CREATE INDEX contact_other ON contact(other);
CREATE TRIGGER met_in AFTER INSERT ON met WHEN new.status IN ('happened', 'ongoing') AND NOT EXISTS (SELECT 1 FROM met m
  WHERE m.one = new.one AND m.other = new.other AND m.happening = new.happening AND m.event <> new.event AND m.status IN ('happened', 'ongoing'))
BEGIN
  INSERT INTO contact SELECT new.one, new.other, 0 WHERE NOT EXISTS (SELECT 1 FROM contact WHERE one = new.one AND other = new.other);
  UPDATE contact SET times = times + 1 WHERE one = new.one AND other = new.other;
END;
CREATE TRIGGER met_out AFTER DELETE ON met WHEN old.status IN ('happened', 'ongoing') AND NOT EXISTS (SELECT 1 FROM met m
  WHERE m.one = old.one AND m.other = old.other AND m.happening = old.happening AND m.status IN ('happened', 'ongoing'))
BEGIN
  UPDATE contact SET times = times - 1 WHERE one = old.one AND other = old.other;
  DELETE FROM contact WHERE one = old.one AND other = old.other AND times = 0;
END;
CREATE TRIGGER met_moved AFTER UPDATE OF happening ON met WHEN new.status IN ('happened', 'ongoing') AND old.happening <> new.happening BEGIN
  UPDATE contact SET times = times
      - (NOT EXISTS (SELECT 1 FROM met m WHERE m.one = old.one AND m.other = old.other AND m.happening = old.happening
                    AND m.status IN ('happened', 'ongoing')))
      + (NOT EXISTS (SELECT 1 FROM met m WHERE m.one = new.one AND m.other = new.other AND m.happening = new.happening AND m.event <> new.event
                    AND m.status IN ('happened', 'ongoing')))
    WHERE one = new.one AND other = new.other;
END;
INSERT INTO contact SELECT one, other, count(DISTINCT happening) FROM met WHERE status IN ('happened', 'ongoing') GROUP BY one, other;

-- In how many happenings somebody took part, and how many were at a place.
ALTER TABLE entity ADD COLUMN happenings INTEGER NOT NULL DEFAULT 0;
ALTER TABLE spot ADD COLUMN happenings INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER took_part_in AFTER INSERT ON took_part WHEN NOT EXISTS
  (SELECT 1 FROM took_part WHERE entity = new.entity AND happening = new.happening AND event <> new.event)
BEGIN
  UPDATE entity SET happenings = happenings + 1 WHERE key = new.entity;
END;
CREATE TRIGGER took_part_out AFTER DELETE ON took_part WHEN NOT EXISTS
  (SELECT 1 FROM took_part WHERE entity = old.entity AND happening = old.happening)
BEGIN
  UPDATE entity SET happenings = happenings - 1 WHERE key = old.entity;
END;
CREATE TRIGGER took_part_moved AFTER UPDATE OF happening ON took_part WHEN old.happening <> new.happening BEGIN
  UPDATE entity SET happenings = happenings
      - (NOT EXISTS (SELECT 1 FROM took_part WHERE entity = old.entity AND happening = old.happening))
      + (NOT EXISTS (SELECT 1 FROM took_part WHERE entity = new.entity AND happening = new.happening AND event <> new.event))
    WHERE key = new.entity;
END;
CREATE TRIGGER held_in AFTER INSERT ON held WHEN NOT EXISTS
  (SELECT 1 FROM held WHERE spot = new.spot AND happening = new.happening AND event <> new.event)
BEGIN
  UPDATE spot SET happenings = happenings + 1 WHERE key = new.spot;
END;
CREATE TRIGGER held_out AFTER DELETE ON held WHEN NOT EXISTS (SELECT 1 FROM held WHERE spot = old.spot AND happening = old.happening) BEGIN
  UPDATE spot SET happenings = happenings - 1 WHERE key = old.spot;
END;
CREATE TRIGGER held_moved AFTER UPDATE OF happening ON held WHEN old.happening <> new.happening BEGIN
  UPDATE spot SET happenings = happenings
      - (NOT EXISTS (SELECT 1 FROM held WHERE spot = old.spot AND happening = old.happening))
      + (NOT EXISTS (SELECT 1 FROM held WHERE spot = new.spot AND happening = new.happening AND event <> new.event))
    WHERE key = new.spot;
END;
UPDATE entity SET happenings = (SELECT count(DISTINCT t.happening) FROM took_part t WHERE t.entity = entity.key);
UPDATE spot SET happenings = (SELECT count(DISTINCT h.happening) FROM held h WHERE h.spot = spot.key);
