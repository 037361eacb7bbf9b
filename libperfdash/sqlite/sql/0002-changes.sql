-- SPDX-License-Identifier: LGPL-2.1-or-later

-- change: where the level of a series changed, and what people say of it
CREATE TABLE change (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- of a change that is gone is not given again
  series INTEGER NOT NULL REFERENCES series,
  state INTEGER NOT NULL,      -- new, acknowledged, ignored or historic; others follow
  is_found INTEGER NOT NULL,   -- by the newest analysis
  is_touched INTEGER NOT NULL, -- by a person
  is_moved INTEGER NOT NULL,   -- by a person
  fixed_run INTEGER NOT NULL,  -- where the level came back, or 0
  found_run INTEGER NOT NULL,  -- first run of the new level, as it was found
  first_run INTEGER NOT NULL,  -- it may lie from here
  last_run INTEGER NOT NULL,   -- to here
  run INTEGER NOT NULL,        -- where it is: where it was found, or moved to
  previous_run INTEGER NOT NULL,
  time INTEGER NOT NULL,       -- of the run
  build TEXT NOT NULL,
  revision TEXT NOT NULL,
  previous_build TEXT NOT NULL,
  previous_revision TEXT NOT NULL,
  detected_at INTEGER NOT NULL,
  detector INTEGER NOT NULL,   -- version of the analysis
  reason TEXT NOT NULL,
  owner TEXT NOT NULL,
  note TEXT NOT NULL,
  link TEXT NOT NULL,
  place INTEGER NOT NULL,      -- in the series when it was analysed
  first_place INTEGER NOT NULL,
  last_place INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  n_outliers INTEGER NOT NULL,
  before REAL, before_low REAL, before_high REAL,
  after REAL, after_low REAL, after_high REAL,
  size REAL, size_low REAL, size_high REAL, -- NULL when the level before is 0
  effect REAL,
  p REAL
);
CREATE INDEX change_series ON change (series);

-- what happened to changes
CREATE TABLE change_event (
  id INTEGER PRIMARY KEY,
  change INTEGER NOT NULL REFERENCES change,
  time INTEGER NOT NULL,
  who TEXT NOT NULL, -- '' is the analysis
  what TEXT NOT NULL,
  value TEXT NOT NULL
);
CREATE INDEX change_event_change ON change_event (change);

-- runs of a stream that the analysis has seen
ALTER TABLE stream ADD COLUMN n_analyzed INTEGER NOT NULL DEFAULT 0;

-- how often changes were written: part of the generation
INSERT INTO meta VALUES ('change_generation', '0');
-- which version of the analysis made them
INSERT INTO meta VALUES ('detector', '0');
