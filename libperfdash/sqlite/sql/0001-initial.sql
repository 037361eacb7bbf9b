-- SPDX-License-Identifier: LGPL-2.1-or-later

-- stream: the labels that all results of a run share; runs of a stream are numbered 0, 1, 2 ... in the order of arrival
CREATE TABLE stream (
  id INTEGER PRIMARY KEY,
  labels BLOB NOT NULL UNIQUE, -- packed
  n_runs INTEGER NOT NULL,
  n_results INTEGER NOT NULL,
  last_time INTEGER NOT NULL  -- of the newest run, microseconds since 1970 UTC
);

CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL REFERENCES stream,
  labels BLOB NOT NULL, -- packed: those of the result
  stat TEXT NOT NULL,   -- a percentile such as p99, or '' of the value itself
  unit TEXT NOT NULL,
  direction INTEGER NOT NULL,
  UNIQUE (stream, labels, stat, unit)
);

-- shape: the series of a run's points, in order; most runs of a stream share one
CREATE TABLE shape (
  id INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL REFERENCES stream,
  series BLOB NOT NULL, -- their ids, packed
  UNIQUE (stream, series)
);

CREATE TABLE log (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- the generation
  digest TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  outcome INTEGER NOT NULL,
  parser TEXT NOT NULL,
  parser_version TEXT NOT NULL,
  error_class TEXT,
  error_message TEXT,
  warnings TEXT NOT NULL -- a line each
);

CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  log INTEGER NOT NULL REFERENCES log,
  stream INTEGER NOT NULL REFERENCES stream,
  seq INTEGER NOT NULL,
  shape INTEGER NOT NULL REFERENCES shape,
  started_at INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  build TEXT NOT NULL,
  revision TEXT NOT NULL,
  url TEXT NOT NULL,
  parser TEXT NOT NULL,
  environment BLOB NOT NULL, -- packed labels
  parameters BLOB NOT NULL,  -- packed labels
  n_results INTEGER NOT NULL,
  warnings TEXT NOT NULL,     -- a line each
  base INTEGER REFERENCES run, -- a run with the same shape that points are written near to
  points BLOB NOT NULL,     -- a packed row: the truth that segments are derived from
  details BLOB       -- statistics and replicates
);
CREATE UNIQUE INDEX run_stream_seq ON run (stream, seq);
CREATE INDEX run_log ON run (log);

-- derived: runs first to first + n_runs - 1 of a stream, turned round into chunks
CREATE TABLE segment (
  id INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL REFERENCES stream,
  first INTEGER NOT NULL,
  n_runs INTEGER NOT NULL,
  timeline BLOB NOT NULL -- what a series says of those runs
);
CREATE INDEX segment_stream ON segment (stream, first);

-- derived: the points of a series in a segment
CREATE TABLE chunk (
  id INTEGER PRIMARY KEY, -- segment * 2^32 + series
  points BLOB NOT NULL
);

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO meta VALUES ('uuid', lower(hex(randomblob(8))));
