-- Form 8: what keeps adding as quick in a ledger of very many reports as in one of few. A row that goes where chance has it, into an index of
-- a large table, costs a page of the file that no other row of its report needs: there are fewer of these.

-- Which report has an item of an id. Looked for by hand only, so there is one index for all kinds; it grows in runs that are merged from time
-- to time. What it tells is looked up in the report's rows.
CREATE VIRTUAL TABLE item_ids USING fts5(ids, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
INSERT INTO item_ids (rowid, ids) SELECT r.key, (SELECT group_concat(item_token(i.id), ' ') FROM (
    SELECT id FROM actor WHERE report = r.key UNION ALL SELECT id FROM place WHERE report = r.key
    UNION ALL SELECT id FROM statement WHERE report = r.key UNION ALL SELECT id FROM event WHERE report = r.key
    UNION ALL SELECT id FROM figure WHERE report = r.key UNION ALL SELECT id FROM commitment WHERE report = r.key
    UNION ALL SELECT id FROM change WHERE report = r.key) i) FROM report r;
DROP INDEX actor_id;
DROP INDEX place_id;
DROP INDEX statement_id;
DROP INDEX event_id;
DROP INDEX figure_id;
DROP INDEX commitment_id;
DROP INDEX change_id;

-- Most actors have no name, or it cannot be told whose it is: nobody asks for these by entity.
DROP INDEX actor_entity;
CREATE INDEX actor_entity ON actor(entity, report, name) WHERE entity IS NOT NULL;

-- The place of an event, across reports: what happened there at a time is found by it.
ALTER TABLE event ADD COLUMN spot INTEGER;
UPDATE event SET spot = (SELECT s.key FROM place p JOIN spot s ON s.place = coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, ''))
  WHERE p.report = event.report AND p.id = event.place) WHERE place IS NOT NULL;
CREATE INDEX event_spot ON event(spot, type, day) WHERE spot IS NOT NULL;
DROP TRIGGER event_held;
CREATE TRIGGER event_held AFTER INSERT ON event WHEN new.spot IS NOT NULL BEGIN
  INSERT INTO held SELECT new.spot, new.happening, new.key FROM report r WHERE r.key = new.report AND r.current;
END;
DROP TRIGGER event_unheld;
CREATE TRIGGER event_unheld AFTER DELETE ON event WHEN old.spot IS NOT NULL BEGIN
  DELETE FROM held WHERE spot = old.spot AND happening = old.happening AND event = old.key;
END;
DROP TRIGGER event_joined;
CREATE TRIGGER event_joined AFTER UPDATE OF happening ON event WHEN old.happening <> new.happening BEGIN
  UPDATE took_part SET happening = new.happening WHERE event = new.key AND happening = old.happening
    AND entity IN (SELECT entity FROM participant WHERE event = new.key);
  UPDATE met SET happening = new.happening WHERE event = new.key;
  UPDATE held SET happening = new.happening WHERE spot = new.spot AND happening = old.happening AND event = new.key;
END;

-- The words of a report's statements are taken into their index together: it writes a run each time.
DROP TRIGGER statement_in;

-- Who and what is in a report is written once, when all of it is known; from then on its rows keep it.
DROP TRIGGER named_rolled;
CREATE TRIGGER named_rolled AFTER INSERT ON named WHEN EXISTS (SELECT 1 FROM roll WHERE report = new.report) BEGIN
  UPDATE roll SET entities = with_numbers(entities, new.entity) WHERE report = new.report;
END;
DROP TRIGGER placed_rolled;
DROP TRIGGER held_rolled;
DROP TRIGGER event_rolled;
CREATE TRIGGER event_rolled AFTER UPDATE OF happening ON event WHEN old.happening <> new.happening AND new.spot IS NOT NULL BEGIN
  UPDATE roll SET held = with_numbers(without_numbers(held, new.spot, old.happening), new.spot, new.happening) WHERE report = new.report;
END;
DROP TRIGGER event_unrolled;
CREATE TRIGGER event_unrolled AFTER DELETE ON event WHEN old.spot IS NOT NULL BEGIN
  UPDATE roll SET held = without_numbers(held, old.spot, old.happening) WHERE report = old.report;
END;
INSERT OR IGNORE INTO roll (report) SELECT key FROM report WHERE current;

-- Who met is looked for in events in which somebody may have.
DROP TRIGGER participant_in;
CREATE TRIGGER participant_in AFTER INSERT ON participant WHEN new.entity IS NOT NULL BEGIN
  INSERT INTO took_part SELECT new.entity, e.happening, e.key FROM event e JOIN report r ON r.key = e.report WHERE e.key = new.event AND r.current
    AND NOT EXISTS (SELECT 1 FROM took_part t WHERE t.entity = new.entity AND t.happening = e.happening AND t.event = e.key);
END;
CREATE TRIGGER participant_met AFTER INSERT ON participant WHEN new.entity IS NOT NULL AND new.type = 'CONSULT' BEGIN
  INSERT INTO met SELECT DISTINCT min(new.entity, p.entity), max(new.entity, p.entity), e.happening, e.key, e.day, e.status
    FROM participant p JOIN event e ON e.key = p.event JOIN report r ON r.key = e.report
    WHERE p.event = new.event AND p.entity <> new.entity AND e.type = 'CONSULT' AND r.current
    AND NOT EXISTS (SELECT 1 FROM met m WHERE m.event = e.key AND m.one = min(new.entity, p.entity) AND m.other = max(new.entity, p.entity));
END;

-- Of a saying, those that are not traced are prints of one text: few, however many others there are.
DROP INDEX quotation_saying;
CREATE INDEX quotation_saying ON quotation(saying, traced, report);
DROP TRIGGER quotation_in;
CREATE TRIGGER quotation_in AFTER INSERT ON quotation BEGIN
  UPDATE quotation SET day = (SELECT s.day FROM statement s WHERE s.report = new.report AND s.id = new.statement),
    traced = EXISTS (SELECT 1 FROM quotation o CROSS JOIN report r ON r.key = o.report WHERE o.saying = new.saying AND o.traced = 1 AND r.current)
      OR EXISTS (SELECT 1 FROM report n CROSS JOIN quotation o CROSS JOIN report r ON r.key = o.report
        WHERE n.key = new.report AND n.current AND o.saying = new.saying AND o.traced = 0 AND r.current AND r.print_of <> n.print_of)
    WHERE key = new.key;
  UPDATE quotation SET traced = 1 WHERE saying = new.saying AND traced = 0
    AND EXISTS (SELECT 1 FROM quotation q WHERE q.key = new.key AND q.traced);
END;
