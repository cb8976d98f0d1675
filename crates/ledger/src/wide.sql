-- Form 9: what is asked of very many reports at once is told by few bytes of each.

-- A report's day and print beside who and what is in it.
ALTER TABLE roll ADD COLUMN print_of INTEGER NOT NULL DEFAULT 0;
ALTER TABLE roll ADD COLUMN day TEXT;
UPDATE roll SET (print_of, day) = (SELECT r.print_of, r.day FROM report r WHERE r.key = roll.report);
