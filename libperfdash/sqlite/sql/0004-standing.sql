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
