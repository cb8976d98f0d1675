-- Form 10: what questions go through row by row is told by few bytes of each, which lie side by side.

-- What is asked of a report beside the rows that are in it. It grows at its end.
CREATE INDEX report_told ON report(key, current, print_of, day, published, outlet, added, id) WHERE current;

-- Whether what is announced is in one of some reports, and was still ahead when it was told, is known without looking at its row.
DROP INDEX event_due;
CREATE INDEX event_due ON event(earliest, key, report, latest)
  WHERE status IN ('planned', 'possible') AND earliest IS NOT NULL AND latest IS NOT NULL;
-- Likewise whether a change is in one of some reports, or of one of some actors.
DROP INDEX change_day;
CREATE INDEX change_day ON change(day, report, id, entity, who);

-- A place that is named for the first time is of the kind and country that it has there.
DROP TRIGGER place_named;
CREATE TRIGGER place_named AFTER INSERT ON place BEGIN
  INSERT INTO spot (place, kind, country) SELECT coalesce(new.gazetteer_id, new.name || '|' || coalesce(new.country, '')), new.kind, new.country
    WHERE NOT EXISTS (SELECT 1 FROM spot WHERE place = coalesce(new.gazetteer_id, new.name || '|' || coalesce(new.country, '')));
  INSERT INTO placed SELECT s.key, r.print_of, r.key, new.id, r.day FROM report r, spot s WHERE r.key = new.report AND r.current
    AND s.place = coalesce(new.gazetteer_id, new.name || '|' || coalesce(new.country, ''));
END;
UPDATE spot SET (kind, country) = (SELECT p.kind, p.country FROM placed f JOIN place p ON p.report = f.report AND p.id = f.id
  WHERE f.spot = spot.key ORDER BY f.report DESC LIMIT 1) WHERE kind IS NULL AND country IS NULL;
