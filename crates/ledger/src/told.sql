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
