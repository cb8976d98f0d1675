-- Form 3: what is watched, so that watching goes on where it was.

-- A feed.
CREATE TABLE feed (
  url           TEXT PRIMARY KEY,
  etag          TEXT,                    -- what its last answer said by which to ask for changes
  last_modified TEXT,
  asked         TEXT,                    -- when it was asked last, and when it may be asked again: UTC, to the second
  next          TEXT,
  failures      INTEGER NOT NULL,        -- how often in a row there was no answer
  told          TEXT                     -- why there was none last
) WITHOUT ROWID;

-- A page or file that was looked at.
CREATE TABLE looked_at (
  name          TEXT PRIMARY KEY,        -- the address or path
  state         TEXT NOT NULL,           -- of a file, its size and time; of a page, `read`, `refused` or `failed`
  tries         INTEGER NOT NULL,
  next          TEXT                     -- when it may be tried again; NULL: never
) WITHOUT ROWID;
