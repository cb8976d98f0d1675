-- Form 12: how likely a report speaks for its writer (see `voice`) is told once, when it comes in.

ALTER TABLE report ADD COLUMN own REAL NOT NULL DEFAULT 0;
UPDATE report SET own = own_voice((SELECT text FROM page WHERE page.report = report.key));
