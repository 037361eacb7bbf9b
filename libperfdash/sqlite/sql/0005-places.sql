-- SPDX-License-Identifier: LGPL-2.1-or-later

-- where a log lies in its source: a log is at the place where it was found last, a place has the log that came last
CREATE TABLE place (
  log INTEGER PRIMARY KEY REFERENCES log,
  source TEXT NOT NULL,
  path TEXT NOT NULL -- or whatever the source finds it by
);
CREATE UNIQUE INDEX place_path ON place (source, path);

-- the log that took its place and says of the same runs what they are now, or 0
ALTER TABLE log ADD COLUMN replaced_by INTEGER NOT NULL DEFAULT 0;
CREATE INDEX log_replaced_by ON log (replaced_by) WHERE replaced_by <> 0;

-- the days since one
CREATE INDEX source_day_day ON source_day (day);

-- results are what the runs of the stream say, as n_results of a run: percentiles are no results of their own
UPDATE stream SET n_results = (SELECT coalesce(sum(n_results), 0) FROM run WHERE run.stream = stream.id);
