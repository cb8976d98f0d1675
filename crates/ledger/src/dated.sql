-- Form 11: what somebody or a place has to do with is found together with its days, from indexes alone; so the last of it are known before any
-- row is looked at. All but the index of names grow at their ends.

-- The report of an event beside those who take part in it: which events an actor of a report takes part in is told by the index.
ALTER TABLE participant ADD COLUMN report INTEGER;
UPDATE participant SET report = (SELECT e.report FROM event e WHERE e.key = participant.event);
CREATE INDEX participant_report ON participant(report, actor, day) WHERE actor IS NOT NULL;
-- Likewise what an actor of a report says.
CREATE INDEX statement_speaker ON statement(report, speaker, day);
-- Likewise what happened at a place of a report.
DROP INDEX event_place;
CREATE INDEX event_place ON event(report, place, type, happening, status, day);
-- Whose name it is, if that is known: of somebody who is looked for anyway, the name need not be.
DROP INDEX actor_name;
CREATE INDEX actor_name ON actor(name COLLATE NOCASE, entity);

-- Who says it, beside what is quoted: the entity, and what whoever says it is called in the report.
ALTER TABLE quotation ADD COLUMN entity INTEGER;
ALTER TABLE quotation ADD COLUMN source TEXT;
UPDATE quotation SET (entity, source) = (SELECT s.entity, coalesce((SELECT a.name FROM actor a WHERE a.report = s.report AND a.id = s.speaker),
    nullif(s.source, '')) FROM statement s WHERE s.report = quotation.report AND s.id = quotation.statement);
DROP TRIGGER quotation_in;
CREATE TRIGGER quotation_in AFTER INSERT ON quotation BEGIN
  UPDATE quotation SET (day, entity, source) = (SELECT s.day, s.entity, coalesce((SELECT a.name FROM actor a WHERE a.report = s.report AND a.id = s.speaker),
      nullif(s.source, '')) FROM statement s WHERE s.report = new.report AND s.id = new.statement),
    traced = EXISTS (SELECT 1 FROM quotation o CROSS JOIN report r ON r.key = o.report WHERE o.saying = new.saying AND o.traced = 1 AND r.current)
      OR EXISTS (SELECT 1 FROM report n CROSS JOIN quotation o CROSS JOIN report r ON r.key = o.report
        WHERE n.key = new.report AND n.current AND o.saying = new.saying AND o.traced = 0 AND r.current AND r.print_of <> n.print_of)
    WHERE key = new.key;
  UPDATE quotation SET traced = 1 WHERE saying = new.saying AND traced = 0
    AND EXISTS (SELECT 1 FROM quotation q WHERE q.key = new.key AND q.traced);
END;
CREATE TRIGGER statement_requoted AFTER UPDATE OF entity ON statement WHEN old.entity IS NOT new.entity BEGIN
  UPDATE quotation SET entity = new.entity WHERE report = new.report AND statement = new.id;
END;

-- The report of a statement, side by side for the statements of many reports.
CREATE INDEX statement_told ON statement(key, report);

-- What each report of a happening has it count for on a page is told by the index.
DROP INDEX event_happening;
CREATE INDEX event_happening ON event(happening, report, confidence, start, type, status);
