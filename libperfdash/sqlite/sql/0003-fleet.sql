-- SPDX-License-Identifier: LGPL-2.1-or-later

-- which series had results at a time
CREATE INDEX run_started_at ON run (started_at, shape);

-- when what made a change may have come: after from_time, the start of the run before first_run, and up to to_time, that of last_run
ALTER TABLE change ADD COLUMN from_time INTEGER NOT NULL DEFAULT 0;
ALTER TABLE change ADD COLUMN to_time INTEGER NOT NULL DEFAULT 0;
CREATE INDEX change_time ON change (time);
UPDATE change SET
  from_time = min(coalesce((SELECT started_at FROM run WHERE run.id = previous_run), time), time - 1),
  to_time = time;
