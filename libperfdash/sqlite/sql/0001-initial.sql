-- SPDX-License-Identifier: LGPL-2.1-or-later

-- stream: the labels that all results of a run share; runs of a stream are numbered 0, 1, 2 ... in the order of arrival
CREATE TABLE stream (
  id INTEGER PRIMARY KEY,
  labels BLOB NOT NULL UNIQUE, -- packed
  n_runs INTEGER NOT NULL,
  n_results INTEGER NOT NULL,
  n_derived INTEGER NOT NULL, -- runs that are in chunk and timeline
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
  warnings TEXT NOT NULL,     -- a line each
  points BLOB NOT NULL,     -- a packed row: the truth that chunk and timeline are derived from
  details BLOB       -- statistics and replicates
);
CREATE UNIQUE INDEX run_stream_seq ON run (stream, seq);
CREATE INDEX run_log ON run (log);

-- derived: the points of a series in block b, of runs 256 b to 256 b + 255 of its stream
CREATE TABLE chunk (
  series INTEGER NOT NULL REFERENCES series,
  block INTEGER NOT NULL,
  points BLOB NOT NULL,
  PRIMARY KEY (series, block)
) WITHOUT ROWID;

-- derived: what a series says of those runs
CREATE TABLE timeline (
  stream INTEGER NOT NULL REFERENCES stream,
  block INTEGER NOT NULL,
  runs BLOB NOT NULL,
  PRIMARY KEY (stream, block)
) WITHOUT ROWID;

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO meta VALUES ('uuid', lower(hex(randomblob(8))));
