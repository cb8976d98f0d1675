-- Form 4: sums that questions over everything are answered from, kept by the rows themselves.
--
-- Only current reports count. `Ledger::check` compares them with the rows that they are of.

ALTER TABLE entity ADD COLUMN reports INTEGER NOT NULL DEFAULT 0;    -- independent reports that name it
ALTER TABLE entity ADD COLUMN statements INTEGER NOT NULL DEFAULT 0; -- of reports that are no reprints
CREATE INDEX entity_reports ON entity(reports DESC);

-- Which reports name whom.
CREATE TABLE named (
  entity       INTEGER NOT NULL,
  print_of     INTEGER NOT NULL,
  report       INTEGER NOT NULL,
  day          TEXT,                     -- the report's
  PRIMARY KEY (entity, print_of, report)
) WITHOUT ROWID;
CREATE INDEX named_day ON named(entity, day);
CREATE TRIGGER named_in AFTER INSERT ON named WHEN NOT EXISTS
  (SELECT 1 FROM named WHERE entity = new.entity AND print_of = new.print_of AND report <> new.report)
BEGIN
  UPDATE entity SET reports = reports + 1 WHERE key = new.entity;
END;
CREATE TRIGGER named_out AFTER DELETE ON named WHEN NOT EXISTS
  (SELECT 1 FROM named WHERE entity = old.entity AND print_of = old.print_of)
BEGIN
  UPDATE entity SET reports = reports - 1 WHERE key = old.entity;
END;
CREATE TRIGGER actor_named AFTER INSERT ON actor WHEN new.entity IS NOT NULL BEGIN
  INSERT INTO named SELECT new.entity, r.print_of, r.key, r.day FROM report r WHERE r.key = new.report AND r.current
    AND NOT EXISTS (SELECT 1 FROM named n WHERE n.entity = new.entity AND n.print_of = r.print_of AND n.report = r.key);
END;
CREATE TRIGGER actor_unnamed AFTER DELETE ON actor WHEN old.entity IS NOT NULL BEGIN
  DELETE FROM named WHERE entity = old.entity AND print_of = (SELECT print_of FROM report WHERE key = old.report) AND report = old.report
    AND NOT EXISTS (SELECT 1 FROM actor WHERE report = old.report AND entity = old.entity);
END;
CREATE TRIGGER actor_renamed AFTER UPDATE OF entity ON actor WHEN old.entity IS NOT new.entity BEGIN
  DELETE FROM named WHERE entity = old.entity AND print_of = (SELECT print_of FROM report WHERE key = old.report) AND report = old.report
    AND NOT EXISTS (SELECT 1 FROM actor WHERE report = old.report AND entity = old.entity);
  INSERT INTO named SELECT new.entity, r.print_of, r.key, r.day FROM report r WHERE r.key = new.report AND r.current AND new.entity IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM named n WHERE n.entity = new.entity AND n.print_of = r.print_of AND n.report = r.key);
END;

CREATE TRIGGER statement_counted AFTER INSERT ON statement WHEN new.entity IS NOT NULL BEGIN
  UPDATE entity SET statements = statements + 1 WHERE key = new.entity
    AND EXISTS (SELECT 1 FROM report r WHERE r.key = new.report AND r.current AND r.key = r.print_of);
END;
CREATE TRIGGER statement_discounted AFTER DELETE ON statement WHEN old.entity IS NOT NULL BEGIN
  UPDATE entity SET statements = statements - 1 WHERE key = old.entity
    AND EXISTS (SELECT 1 FROM report r WHERE r.key = old.report AND r.current AND r.key = r.print_of);
END;
CREATE TRIGGER statement_recounted AFTER UPDATE OF entity ON statement WHEN old.entity IS NOT new.entity BEGIN
  UPDATE entity SET statements = statements + (key IS new.entity) - (key IS old.entity)
    WHERE key IN (SELECT old.entity UNION SELECT new.entity)
    AND EXISTS (SELECT 1 FROM report r WHERE r.key = new.report AND r.current AND r.key = r.print_of);
END;

-- Who takes part in what, across reports.
CREATE TABLE took_part (
  entity       INTEGER NOT NULL,
  happening    INTEGER NOT NULL,
  event        INTEGER NOT NULL,
  PRIMARY KEY (entity, happening, event)
) WITHOUT ROWID;
-- Who was in one event of two or more: of PLOVER's type in which actors meet or speak with each other.
CREATE TABLE met (
  one          INTEGER NOT NULL,         -- the entity with the lower number
  other        INTEGER NOT NULL,
  happening    INTEGER NOT NULL,
  event        INTEGER NOT NULL,
  day          TEXT,
  status       TEXT NOT NULL,
  PRIMARY KEY (one, other, happening, event)
) WITHOUT ROWID;
CREATE INDEX met_event ON met(event);
CREATE TRIGGER participant_in AFTER INSERT ON participant WHEN new.entity IS NOT NULL BEGIN
  INSERT INTO took_part SELECT new.entity, e.happening, e.key FROM event e JOIN report r ON r.key = e.report WHERE e.key = new.event AND r.current
    AND NOT EXISTS (SELECT 1 FROM took_part t WHERE t.entity = new.entity AND t.happening = e.happening AND t.event = e.key);
  INSERT INTO met SELECT DISTINCT min(new.entity, p.entity), max(new.entity, p.entity), e.happening, e.key, e.day, e.status
    FROM participant p JOIN event e ON e.key = p.event JOIN report r ON r.key = e.report
    WHERE p.event = new.event AND p.entity <> new.entity AND e.type = 'CONSULT' AND r.current
    AND NOT EXISTS (SELECT 1 FROM met m WHERE m.event = e.key AND m.one = min(new.entity, p.entity) AND m.other = max(new.entity, p.entity));
END;
CREATE TRIGGER participant_out AFTER DELETE ON participant WHEN old.entity IS NOT NULL BEGIN
  DELETE FROM took_part WHERE entity = old.entity AND happening = (SELECT happening FROM event WHERE key = old.event) AND event = old.event
    AND NOT EXISTS (SELECT 1 FROM participant WHERE event = old.event AND entity = old.entity);
  DELETE FROM met WHERE event = old.event AND (one = old.entity OR other = old.entity)
    AND NOT EXISTS (SELECT 1 FROM participant WHERE event = old.event AND entity = old.entity);
END;
CREATE TRIGGER participant_moved AFTER UPDATE OF entity ON participant WHEN old.entity IS NOT new.entity BEGIN
  DELETE FROM took_part WHERE entity = old.entity AND happening = (SELECT happening FROM event WHERE key = old.event) AND event = old.event
    AND NOT EXISTS (SELECT 1 FROM participant WHERE event = old.event AND entity = old.entity);
  DELETE FROM met WHERE event = old.event AND (one = old.entity OR other = old.entity)
    AND NOT EXISTS (SELECT 1 FROM participant WHERE event = old.event AND entity = old.entity);
  INSERT INTO took_part SELECT new.entity, e.happening, e.key FROM event e JOIN report r ON r.key = e.report
    WHERE e.key = new.event AND r.current AND new.entity IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM took_part t WHERE t.entity = new.entity AND t.happening = e.happening AND t.event = e.key);
  INSERT INTO met SELECT DISTINCT min(new.entity, p.entity), max(new.entity, p.entity), e.happening, e.key, e.day, e.status
    FROM participant p JOIN event e ON e.key = p.event JOIN report r ON r.key = e.report
    WHERE p.event = new.event AND p.entity <> new.entity AND e.type = 'CONSULT' AND r.current
    AND NOT EXISTS (SELECT 1 FROM met m WHERE m.event = e.key AND m.one = min(new.entity, p.entity) AND m.other = max(new.entity, p.entity));
END;
-- An event that is found to be part of another happening.
CREATE TRIGGER event_joined AFTER UPDATE OF happening ON event WHEN old.happening <> new.happening BEGIN
  UPDATE took_part SET happening = new.happening WHERE event = new.key AND happening = old.happening
    AND entity IN (SELECT entity FROM participant WHERE event = new.key);
  UPDATE met SET happening = new.happening WHERE event = new.key;
  UPDATE held SET happening = new.happening WHERE happening = old.happening AND event = new.key AND spot = (SELECT s.key FROM place p
    JOIN spot s ON s.place = coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, '')) WHERE p.report = new.report AND p.id = new.place);
END;

-- Which reports name which place.
CREATE TABLE spot (
  key          INTEGER PRIMARY KEY,
  place        TEXT NOT NULL UNIQUE,     -- its gazetteer id, else its name and country
  reports      INTEGER NOT NULL DEFAULT 0 -- independent reports that name it
);
CREATE INDEX spot_reports ON spot(reports DESC);
CREATE TABLE placed (
  spot         INTEGER NOT NULL,
  print_of     INTEGER NOT NULL,
  report       INTEGER NOT NULL,
  id           TEXT NOT NULL,            -- the place's
  day          TEXT,                     -- the report's
  PRIMARY KEY (spot, print_of, report, id)
) WITHOUT ROWID;
CREATE INDEX placed_day ON placed(spot, day);
CREATE TRIGGER placed_in AFTER INSERT ON placed WHEN NOT EXISTS
  (SELECT 1 FROM placed WHERE spot = new.spot AND print_of = new.print_of AND NOT (report = new.report AND id = new.id))
BEGIN
  UPDATE spot SET reports = reports + 1 WHERE key = new.spot;
END;
CREATE TRIGGER placed_out AFTER DELETE ON placed WHEN NOT EXISTS
  (SELECT 1 FROM placed WHERE spot = old.spot AND print_of = old.print_of)
BEGIN
  UPDATE spot SET reports = reports - 1 WHERE key = old.spot;
END;
CREATE TRIGGER place_named AFTER INSERT ON place BEGIN
  INSERT INTO spot (place) SELECT coalesce(new.gazetteer_id, new.name || '|' || coalesce(new.country, ''))
    WHERE NOT EXISTS (SELECT 1 FROM spot WHERE place = coalesce(new.gazetteer_id, new.name || '|' || coalesce(new.country, '')));
  INSERT INTO placed SELECT s.key, r.print_of, r.key, new.id, r.day FROM report r, spot s WHERE r.key = new.report AND r.current
    AND s.place = coalesce(new.gazetteer_id, new.name || '|' || coalesce(new.country, ''));
END;
CREATE TRIGGER place_unnamed AFTER DELETE ON place BEGIN
  DELETE FROM placed WHERE spot = (SELECT key FROM spot WHERE place = coalesce(old.gazetteer_id, old.name || '|' || coalesce(old.country, '')))
    AND print_of = (SELECT print_of FROM report WHERE key = old.report) AND report = old.report AND id = old.id;
END;

-- Places around a place.
CREATE INDEX place_around ON place(lat, lon, report, id) WHERE lat IS NOT NULL;

-- What happened where, across reports.
CREATE TABLE held (
  spot         INTEGER NOT NULL,
  happening    INTEGER NOT NULL,
  event        INTEGER NOT NULL,
  PRIMARY KEY (spot, happening, event)
) WITHOUT ROWID;
CREATE TRIGGER event_held AFTER INSERT ON event WHEN new.place IS NOT NULL BEGIN
  INSERT INTO held SELECT s.key, new.happening, new.key FROM place p JOIN spot s ON s.place = coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, ''))
    JOIN report r ON r.key = p.report WHERE p.report = new.report AND p.id = new.place AND r.current;
END;
CREATE TRIGGER event_unheld AFTER DELETE ON event WHEN old.place IS NOT NULL BEGIN
  DELETE FROM held WHERE happening = old.happening AND event = old.key AND spot = (SELECT s.key FROM place p
    JOIN spot s ON s.place = coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, '')) WHERE p.report = old.report AND p.id = old.place);
END;

-- A report that is no longer its newest version.
CREATE TRIGGER report_retired AFTER UPDATE OF current ON report WHEN old.current AND NOT new.current BEGIN
  DELETE FROM named WHERE entity IN (SELECT entity FROM actor WHERE report = old.key) AND print_of = old.print_of AND report = old.key;
  DELETE FROM placed WHERE print_of = old.print_of AND report = old.key AND spot IN (SELECT s.key FROM place p JOIN spot s
    ON s.place = coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, '')) WHERE p.report = old.key);
  DELETE FROM held WHERE event IN (SELECT key FROM event WHERE report = old.key) AND spot IN (SELECT s.key FROM place p JOIN spot s
    ON s.place = coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, '')) WHERE p.report = old.key);
  DELETE FROM took_part WHERE event IN (SELECT key FROM event WHERE report = old.key)
    AND entity IN (SELECT p.entity FROM participant p JOIN event e ON e.key = p.event WHERE e.report = old.key);
  DELETE FROM met WHERE event IN (SELECT key FROM event WHERE report = old.key);
  UPDATE entity SET statements = statements - (SELECT count(*) FROM statement s WHERE s.report = old.key AND s.entity = entity.key)
    WHERE old.key = old.print_of AND key IN (SELECT s.entity FROM statement s WHERE s.report = old.key AND s.entity IS NOT NULL);
END;

-- What is there already.
INSERT INTO named SELECT DISTINCT a.entity, r.print_of, r.key, r.day FROM actor a JOIN report r ON r.key = a.report
  WHERE r.current AND a.entity IS NOT NULL;
UPDATE entity SET statements = (SELECT count(*) FROM statement s JOIN report r ON r.key = s.report
  WHERE s.entity = entity.key AND r.current AND r.key = r.print_of);
INSERT INTO took_part SELECT DISTINCT p.entity, e.happening, e.key FROM participant p JOIN event e ON e.key = p.event
  JOIN report r ON r.key = e.report WHERE r.current AND p.entity IS NOT NULL;
INSERT INTO met SELECT DISTINCT a.entity, b.entity, e.happening, e.key, e.day, e.status FROM event e JOIN report r ON r.key = e.report
  JOIN participant a ON a.event = e.key JOIN participant b ON b.event = e.key AND a.entity < b.entity WHERE e.type = 'CONSULT' AND r.current;
INSERT INTO spot (place) SELECT DISTINCT coalesce(gazetteer_id, name || '|' || coalesce(country, '')) FROM place;
INSERT INTO placed SELECT s.key, r.print_of, r.key, p.id, r.day FROM place p JOIN report r ON r.key = p.report
  JOIN spot s ON s.place = coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, '')) WHERE r.current;
INSERT INTO held SELECT s.key, e.happening, e.key FROM event e JOIN place p ON p.report = e.report AND p.id = e.place
  JOIN spot s ON s.place = coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, '')) JOIN report r ON r.key = e.report WHERE r.current;
