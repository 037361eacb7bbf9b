-- SPDX-License-Identifier: LGPL-2.1-or-later

-- what happened to runs after they were stored
CREATE TABLE run_event (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run,
  time INTEGER NOT NULL,
  who TEXT NOT NULL,   -- '' is perfdash itself
  what TEXT NOT NULL,  -- the standing that it has from then on
  value TEXT NOT NULL  -- why
);
CREATE INDEX run_event_run ON run_event (run);

-- standing: the runs that give no results; all others are shown
CREATE TABLE standing (
  run INTEGER PRIMARY KEY REFERENCES run,
  stream INTEGER NOT NULL REFERENCES stream, -- as the run has it, whose row is large
  seq INTEGER NOT NULL,         -- likewise
  standing INTEGER NOT NULL,    -- hidden by a person, or replaced by another run
  replaced_by INTEGER NOT NULL, -- that run, or 0
  event INTEGER NOT NULL REFERENCES run_event
);
CREATE INDEX standing_stream ON standing (stream, seq);

-- whether a series has a run that is shown
CREATE INDEX run_shape ON run (shape);

-- the same bytes are another log when something else is known of their run
CREATE TABLE log_with_origin (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- the generation
  digest TEXT NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  outcome INTEGER NOT NULL,
  parser TEXT NOT NULL,
  parser_version TEXT NOT NULL,
  error_class TEXT,
  error_message TEXT,
  warnings TEXT NOT NULL, -- a line each
  origin TEXT NOT NULL,   -- digest of what is known of the run, or '': it was stored before that was kept
  UNIQUE (digest, origin)
);
INSERT INTO log_with_origin SELECT id, digest, name, size, received_at, source, outcome, parser,
  parser_version, error_class, error_message, warnings, '' FROM log;
DROP TABLE log;
ALTER TABLE log_with_origin RENAME TO log;

-- derived from log and run: what came from a source on a UTC day, counted since 1970
CREATE TABLE source_day (
  source TEXT NOT NULL,
  day INTEGER NOT NULL,
  logs INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  results INTEGER NOT NULL,
  PRIMARY KEY (source, day)
) WITHOUT ROWID;
INSERT INTO source_day
  SELECT source, received_at / 86400000000, count(*), sum(error_class IS NOT NULL),
    sum((SELECT coalesce(sum(n_results), 0) FROM run WHERE run.log = log.id))
  FROM log GROUP BY 1, 2;

-- the newest logs of a source that could not be read
CREATE INDEX log_failed ON log (source) WHERE error_class IS NOT NULL;

-- logs whose bytes are not in the archive any more
CREATE TABLE removed_log (
  log INTEGER PRIMARY KEY REFERENCES log,
  time INTEGER NOT NULL,
  reason TEXT NOT NULL -- for people
);
CREATE INDEX removed_log_time ON removed_log (time);
