-- Form 7: what questions about many reports are answered from, kept by the rows themselves like the sums of form 4; `Ledger::check` compares
-- it with them.

-- Whether a report has an event of a type or status is told by the index alone.
DROP INDEX event_place;
CREATE INDEX event_place ON event(report, place, type, happening, status);

-- The day of the statement that quotes, and whether independent reports quote the same: these are asked for, the last in time.
ALTER TABLE quotation ADD COLUMN day TEXT;
ALTER TABLE quotation ADD COLUMN traced INTEGER NOT NULL DEFAULT 0;
UPDATE quotation SET day = (SELECT s.day FROM statement s WHERE s.report = quotation.report AND s.id = quotation.statement);
UPDATE quotation SET traced = 1 WHERE saying IN (SELECT q.saying FROM quotation q JOIN report r ON r.key = q.report WHERE r.current
  GROUP BY q.saying HAVING count(DISTINCT r.print_of) > 1);
CREATE INDEX quotation_traced ON quotation(day, key, report, statement, saying) WHERE traced;
-- A quotation is written with its saying, or without: then it is of its own.
CREATE TRIGGER quotation_in AFTER INSERT ON quotation BEGIN
  UPDATE quotation SET day = (SELECT s.day FROM statement s WHERE s.report = new.report AND s.id = new.statement),
    traced = EXISTS (SELECT 1 FROM quotation o JOIN report r ON r.key = o.report JOIN report n ON n.key = new.report
      WHERE o.saying = new.saying AND r.current AND (r.print_of <> n.print_of AND n.current OR o.traced)) WHERE key = new.key;
  UPDATE quotation SET traced = 1 WHERE saying = new.saying AND NOT traced AND EXISTS (SELECT 1 FROM quotation q WHERE q.key = new.key AND q.traced);
END;
CREATE TRIGGER quotation_out AFTER DELETE ON quotation WHEN old.traced BEGIN
  UPDATE quotation SET traced = 0 WHERE saying = old.saying AND traced AND
    (SELECT count(DISTINCT r.print_of) FROM quotation o JOIN report r ON r.key = o.report WHERE o.saying = old.saying AND r.current) < 2;
END;
CREATE TRIGGER report_unquoted AFTER UPDATE OF current ON report WHEN old.current AND NOT new.current BEGIN
  UPDATE quotation SET traced = 0 WHERE traced AND saying IN (SELECT saying FROM quotation WHERE report = old.key AND traced) AND
    (SELECT count(DISTINCT r.print_of) FROM quotation o JOIN report r ON r.key = o.report WHERE o.saying = quotation.saying AND r.current) < 2;
END;

-- Who is bound to what, by the words of it: by this, what came of it is found. Of current reports, of whom and when are known.
CREATE TABLE vow (
  commitment   INTEGER PRIMARY KEY,
  entity       INTEGER NOT NULL,
  day          TEXT NOT NULL,            -- the commitment's
  print_of     INTEGER NOT NULL,         -- the report's
  words        BLOB NOT NULL             -- its content words, as in `deed`
);
CREATE TABLE vow_word (
  entity       INTEGER NOT NULL,
  word         INTEGER NOT NULL,
  vow          INTEGER NOT NULL,
  PRIMARY KEY (entity, word, vow)
) WITHOUT ROWID;
-- What whoever is bound is told to have done, or not to have done, since, on one matter with it.
CREATE TABLE bearing (
  vow          INTEGER NOT NULL,
  event        INTEGER NOT NULL,
  PRIMARY KEY (vow, event)
) WITHOUT ROWID;
CREATE INDEX bearing_event ON bearing(event);
-- To what on one matter with it whoever is bound is told to have bound themselves again, later.
CREATE TABLE again (
  vow          INTEGER NOT NULL,
  later        INTEGER NOT NULL,
  PRIMARY KEY (vow, later)
) WITHOUT ROWID;
CREATE INDEX again_later ON again(later);

CREATE TRIGGER vow_in AFTER INSERT ON vow BEGIN
  -- Of the same report none is later.
  INSERT INTO again SELECT v.commitment, new.commitment FROM
      (SELECT w.vow, count(*) AS shared FROM json_each(number_list(new.words)) n CROSS JOIN vow_word w ON w.entity = new.entity AND w.word = n.value GROUP BY w.vow) f
    CROSS JOIN vow v ON v.commitment = f.vow WHERE v.day < new.day AND v.print_of <> new.print_of AND one_matter(v.words, new.words, f.shared);
  INSERT INTO again SELECT new.commitment, v.commitment FROM
      (SELECT w.vow, count(*) AS shared FROM json_each(number_list(new.words)) n CROSS JOIN vow_word w ON w.entity = new.entity AND w.word = n.value GROUP BY w.vow) f
    CROSS JOIN vow v ON v.commitment = f.vow WHERE v.day > new.day AND v.print_of <> new.print_of AND one_matter(new.words, v.words, f.shared);
  INSERT INTO vow_word SELECT new.entity, value, new.commitment FROM json_each(number_list(new.words));
  INSERT INTO bearing SELECT new.commitment, d.event FROM deed d WHERE d.entity = new.entity AND d.day >= new.day AND d.report_day > new.day
    AND d.print_of <> new.print_of AND one_matter(new.words, d.words, NULL);
END;
CREATE TRIGGER vow_out AFTER DELETE ON vow BEGIN
  DELETE FROM vow_word WHERE entity = old.entity AND word IN (SELECT value FROM json_each(number_list(old.words))) AND vow = old.commitment;
  DELETE FROM bearing WHERE vow = old.commitment;
  DELETE FROM again WHERE vow = old.commitment;
  DELETE FROM again WHERE later = old.commitment;
END;
CREATE TRIGGER commitment_in AFTER INSERT ON commitment WHEN new.by_entity IS NOT NULL AND new.day IS NOT NULL BEGIN
  INSERT INTO vow SELECT new.key, new.by_entity, new.day, r.print_of, content_words(new.what) FROM report r WHERE r.key = new.report AND r.current;
END;
CREATE TRIGGER commitment_out AFTER DELETE ON commitment BEGIN
  DELETE FROM vow WHERE commitment = old.key;
END;
CREATE TRIGGER commitment_moved AFTER UPDATE OF by_entity ON commitment WHEN old.by_entity IS NOT new.by_entity BEGIN
  DELETE FROM vow WHERE commitment = old.key;
  INSERT INTO vow SELECT new.key, new.by_entity, new.day, r.print_of, content_words(new.what) FROM report r
    WHERE r.key = new.report AND r.current AND new.by_entity IS NOT NULL AND new.day IS NOT NULL;
END;
CREATE TRIGGER deed_in AFTER INSERT ON deed BEGIN
  INSERT INTO bearing SELECT v.commitment, new.event FROM
      (SELECT w.vow, count(*) AS shared FROM json_each(number_list(new.words)) n CROSS JOIN vow_word w ON w.entity = new.entity AND w.word = n.value GROUP BY w.vow) f
    CROSS JOIN vow v ON v.commitment = f.vow WHERE v.day <= new.day AND v.day < new.report_day AND v.print_of <> new.print_of
    AND one_matter(v.words, new.words, f.shared);
END;
CREATE TRIGGER deed_out AFTER DELETE ON deed BEGIN
  DELETE FROM bearing WHERE event = old.event AND vow IN (SELECT commitment FROM vow WHERE entity = old.entity);
END;
CREATE TRIGGER report_unbound AFTER UPDATE OF current ON report WHEN old.current AND NOT new.current BEGIN
  DELETE FROM vow WHERE commitment IN (SELECT key FROM commitment WHERE report = old.key);
END;
INSERT INTO vow SELECT c.key, c.by_entity, c.day, r.print_of, content_words(c.what) FROM commitment c JOIN report r ON r.key = c.report
  WHERE r.current AND c.by_entity IS NOT NULL AND c.day IS NOT NULL;

-- What a place is, as the last report to come in has it that says.
ALTER TABLE spot ADD COLUMN kind TEXT;
ALTER TABLE spot ADD COLUMN country TEXT;
CREATE INDEX spot_country ON spot(country);
CREATE TRIGGER place_told AFTER INSERT ON place BEGIN
  UPDATE spot SET kind = coalesce(new.kind, kind), country = coalesce(new.country, country)
    WHERE place = coalesce(new.gazetteer_id, new.name || '|' || coalesce(new.country, ''))
    AND (kind IS NOT coalesce(new.kind, kind) OR country IS NOT coalesce(new.country, country));
END;
UPDATE spot SET (kind, country) = (SELECT p.kind, p.country FROM placed f JOIN place p ON p.report = f.report AND p.id = f.id
  WHERE f.spot = spot.key ORDER BY f.report DESC LIMIT 1);

-- Who and what is in a report, in few bytes: by this it is counted who and what some reports name. Of current reports.
CREATE TABLE roll (
  report       INTEGER PRIMARY KEY REFERENCES report(key),
  entities     BLOB NOT NULL DEFAULT x'', -- as in `named`: numbers, four bytes each
  spots        BLOB NOT NULL DEFAULT x'', -- as in `placed`
  held         BLOB NOT NULL DEFAULT x''  -- as in `held`: of a spot and a happening, one after the other
);
CREATE TRIGGER named_rolled AFTER INSERT ON named BEGIN
  INSERT OR IGNORE INTO roll (report) VALUES (new.report);
  UPDATE roll SET entities = with_numbers(entities, new.entity) WHERE report = new.report;
END;
CREATE TRIGGER named_unrolled AFTER DELETE ON named BEGIN
  UPDATE roll SET entities = without_numbers(entities, old.entity) WHERE report = old.report;
END;
CREATE TRIGGER placed_rolled AFTER INSERT ON placed BEGIN
  INSERT OR IGNORE INTO roll (report) VALUES (new.report);
  UPDATE roll SET spots = with_numbers(spots, new.spot) WHERE report = new.report;
END;
CREATE TRIGGER placed_unrolled AFTER DELETE ON placed BEGIN
  UPDATE roll SET spots = without_numbers(spots, old.spot) WHERE report = old.report;
END;
CREATE TRIGGER held_rolled AFTER INSERT ON held BEGIN
  UPDATE roll SET held = with_numbers(held, new.spot, new.happening) WHERE report = (SELECT report FROM event WHERE key = new.event);
END;
CREATE TRIGGER event_rolled AFTER UPDATE OF happening ON event WHEN old.happening <> new.happening AND new.place IS NOT NULL BEGIN
  UPDATE roll SET held = coalesce((SELECT with_numbers(without_numbers(held, s.key, old.happening), s.key, new.happening) FROM place p
    JOIN spot s ON s.place = coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, '')) WHERE p.report = new.report AND p.id = new.place), held)
    WHERE report = new.report;
END;
CREATE TRIGGER event_unrolled AFTER DELETE ON event WHEN old.place IS NOT NULL BEGIN
  UPDATE roll SET held = coalesce((SELECT without_numbers(held, s.key, old.happening) FROM place p
    JOIN spot s ON s.place = coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, '')) WHERE p.report = old.report AND p.id = old.place), held)
    WHERE report = old.report;
END;
CREATE TRIGGER report_unrolled AFTER UPDATE OF current ON report WHEN old.current AND NOT new.current BEGIN
  DELETE FROM roll WHERE report = old.key;
END;
INSERT INTO roll SELECT r.key,
    number_blob((SELECT group_concat(entity) FROM (SELECT DISTINCT a.entity FROM actor a WHERE a.report = r.key AND a.entity IS NOT NULL))),
    number_blob((SELECT group_concat(s.key) FROM place p JOIN spot s ON s.place = coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, ''))
      WHERE p.report = r.key)),
    number_blob((SELECT group_concat(s.key || ',' || e.happening) FROM event e JOIN place p ON p.report = e.report AND p.id = e.place
      JOIN spot s ON s.place = coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, '')) WHERE e.report = r.key))
  FROM report r WHERE r.current;
