-- SPDX-License-Identifier: LGPL-2.1-or-later

-- name: begin
-- in: nothing; out: nothing
BEGIN;

-- name: begin_write
-- in: nothing; out: nothing
BEGIN IMMEDIATE;

-- name: commit
-- in: nothing; out: nothing
COMMIT;

-- name: rollback
-- in: nothing; out: nothing
ROLLBACK;

-- name: get_meta
-- in: key; out: value
SELECT value FROM meta WHERE key = ?1;

-- name: get_generation
-- in: nothing; out: number of logs that ever were, number of times that changes were written
SELECT coalesce((SELECT max(id) FROM log), 0),
  (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'change_generation');

-- name: count_change_generation
-- in: nothing; out: nothing
UPDATE meta SET value = value + 1 WHERE key = 'change_generation';

-- name: set_meta
-- in: key, value; out: nothing
UPDATE meta SET value = ?2 WHERE key = ?1;

-- name: list_streams
-- in: nothing; out: id, labels, n_runs, n_results, n_derived, last_time, n_analyzed
SELECT id, labels, n_runs, n_results,
  (SELECT coalesce(max(first + n_runs), 0) FROM segment WHERE stream = stream.id), last_time,
  n_analyzed
FROM stream ORDER BY id;

-- name: list_series
-- in: nothing; out: id, stream, labels, stat, unit, direction
SELECT id, stream, labels, stat, unit, direction FROM series ORDER BY id;

-- name: get_shape
-- in: id; out: series
SELECT series FROM shape WHERE id = ?1;

-- name: find_shape
-- in: stream, series; out: id
SELECT id FROM shape WHERE stream = ?1 AND series = ?2;

-- name: add_stream
-- in: labels; out: nothing
INSERT INTO stream (labels, n_runs, n_results, last_time) VALUES (?1, 0, 0, 0);

-- name: set_stream
-- in: id, n_runs, n_results, last_time; out: nothing
UPDATE stream SET n_runs = ?2, n_results = ?3, last_time = ?4 WHERE id = ?1;

-- name: add_series
-- in: stream, labels, stat, unit, direction; out: nothing
INSERT INTO series (stream, labels, stat, unit, direction) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: set_direction
-- in: id, direction; out: nothing
UPDATE series SET direction = ?2 WHERE id = ?1;

-- name: add_shape
-- in: stream, series; out: nothing
INSERT INTO shape (stream, series) VALUES (?1, ?2);

-- name: add_log
-- in: digest, name, size, received_at, source, outcome, parser, parser_version, error_class, error_message, warnings, origin; out: nothing
INSERT INTO log (digest, name, size, received_at, source, outcome, parser, parser_version,
  error_class, error_message, warnings, origin)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12);

-- name: count_log
-- in: source, day since 1970, 1 if it could not be read, results; out: nothing
INSERT INTO source_day VALUES (?1, ?2, 1, ?3, ?4)
ON CONFLICT DO UPDATE SET logs = logs + 1, failed = failed + excluded.failed,
  results = results + excluded.results;

-- name: count_log_again
-- in: id of a log, -1 before it is written again and 1 afterwards; out: nothing
UPDATE source_day SET failed = failed + ?2 * (error_class IS NOT NULL), results = results + ?2 * coalesce((
    SELECT sum(n_results) FROM run LEFT JOIN standing ON standing.run = run.id
    WHERE log = ?1 AND (standing IS NULL OR standing = 1)), 0)
FROM log WHERE log.id = ?1 AND source_day.source = log.source AND day = received_at / 86400000000;

-- name: list_source_days
-- in: first day since 1970; out: source, day, logs, failed, results
SELECT source, day, logs, failed, results FROM source_day INDEXED BY source_day_day
WHERE day >= ?1 ORDER BY source, day;

-- name: list_failed_logs
-- in: source, limit; out: as get_log, without those that a newer one replaced
SELECT id, digest, name, size, received_at, source, outcome, parser, parser_version,
  error_class, error_message, warnings, origin, removed_log.time, reason, replaced_by
FROM log LEFT JOIN removed_log ON removed_log.log = log.id WHERE source = ?1 AND error_class IS NOT NULL AND replaced_by <= log.id ORDER BY id DESC LIMIT ?2;

-- name: list_starts
-- in: since, limit; out: started_at, stream
SELECT started_at, shape.stream FROM run INDEXED BY run_started_at JOIN shape ON shape.id = run.shape
WHERE started_at >= ?1 ORDER BY started_at DESC LIMIT ?2;

-- name: list_stream_sources
-- in: since; out: stream, source of its newest run
SELECT stream.id, log.source
FROM stream JOIN run ON run.stream = stream.id AND run.seq = stream.n_runs - 1
  JOIN log ON log.id = run.log
WHERE stream.last_time >= ?1;

-- name: add_run
-- in: log, stream, seq, shape, started_at, outcome, build, revision, url, parser, environment, parameters, warnings, base, points, details, n_results; out: nothing
INSERT INTO run (log, stream, seq, shape, started_at, outcome, build, revision, url, parser,
  environment, parameters, warnings, base, points, details, n_results)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17);

-- name: update_run
-- in: log, (from ?4 on) shape, started_at, outcome, build, revision, url, parser, environment, parameters, warnings, base, points, details, n_results, id; out: nothing
UPDATE run SET log = ?1, shape = ?4, started_at = ?5, outcome = ?6, build = ?7, revision = ?8, url = ?9,
  parser = ?10, environment = ?11, parameters = ?12, warnings = ?13, base = ?14, points = ?15,
  details = ?16, n_results = ?17
WHERE id = ?18;

-- name: set_log_of_run
-- in: run, log; out: nothing
UPDATE run SET log = ?2 WHERE id = ?1;

-- name: set_points
-- in: run, base, points; out: nothing
UPDATE run SET base = ?2, points = ?3 WHERE id = ?1;

-- name: get_place
-- in: run; out: stream, seq, shape, started_at, whether it is no base
SELECT stream, seq, shape, started_at, base IS NOT NULL FROM run WHERE id = ?1;

-- name: list_near_runs
-- in: stream; out: id, shape, base, points
SELECT id, shape, base, points FROM run WHERE stream = ?1 AND base IS NOT NULL;

-- name: get_last_time
-- in: stream; out: of its newest run
SELECT max(started_at) FROM run WHERE stream = ?1;

-- name: update_log
-- in: id, outcome, parser, parser_version, error_class, error_message, warnings; out: nothing
UPDATE log SET outcome = ?2, parser = ?3, parser_version = ?4, error_class = ?5,
  error_message = ?6, warnings = ?7
WHERE id = ?1;

-- name: get_log
-- in: id; out: id, digest, name, size, received_at, source, outcome, parser, parser_version, error_class, error_message, warnings, origin, time, reason, replaced_by
SELECT id, digest, name, size, received_at, source, outcome, parser, parser_version,
  error_class, error_message, warnings, origin, removed_log.time, reason, replaced_by
FROM log LEFT JOIN removed_log ON removed_log.log = log.id WHERE id = ?1;

-- name: find_log
-- in: digest, origin or NULL; out: as get_log, the newest
SELECT id, digest, name, size, received_at, source, outcome, parser, parser_version,
  error_class, error_message, warnings, origin, removed_log.time, reason, replaced_by
FROM log LEFT JOIN removed_log ON removed_log.log = log.id WHERE digest = ?1 AND (?2 IS NULL OR origin = ?2) ORDER BY id DESC LIMIT 1;

-- name: find_log_at
-- in: source, path; out: as get_log
SELECT id, digest, name, size, received_at, log.source, outcome, parser, parser_version,
  error_class, error_message, warnings, origin, removed_log.time, reason, replaced_by
FROM place CROSS JOIN log ON log.id = place.log LEFT JOIN removed_log ON removed_log.log = log.id
WHERE place.source = ?1 AND place.path = ?2;

-- name: put_place
-- in: log, source, path; out: nothing. What was there, and where it was, are forgotten
INSERT OR REPLACE INTO place (log, source, path) VALUES (?1, ?2, ?3);

-- name: set_log_replaced
-- in: log, the log that took its place or 0; out: nothing
UPDATE log SET replaced_by = ?2 WHERE id = ?1;

-- name: set_replaced_logs
-- in: log, the log that took its place; out: nothing. Those that it took the place of
UPDATE log SET replaced_by = ?2 WHERE replaced_by <> 0 AND replaced_by = ?1;

-- name: list_logs
-- in: before, outcome or -1, limit; out: as get_log
SELECT id, digest, name, size, received_at, source, outcome, parser, parser_version,
  error_class, error_message, warnings, origin, removed_log.time, reason, replaced_by
FROM log LEFT JOIN removed_log ON removed_log.log = log.id WHERE id < ?1 AND (?2 < 0 OR outcome = ?2) ORDER BY id DESC LIMIT ?3;

-- name: list_kept_logs
-- in: after, limit; out: as get_log, of logs with the same bytes the newest
SELECT id, digest, name, size, received_at, source, outcome, parser, parser_version,
  error_class, error_message, warnings, origin, NULL, NULL, replaced_by
FROM log WHERE id > ?1 AND NOT EXISTS (SELECT 1 FROM removed_log WHERE removed_log.log = log.id)
  AND NOT EXISTS (SELECT 1 FROM log AS newer WHERE newer.digest = log.digest AND newer.id > log.id)
ORDER BY id LIMIT ?2;

-- name: list_removed_logs
-- in: limit; out: as get_log
SELECT id, digest, name, size, received_at, source, outcome, parser, parser_version,
  error_class, error_message, warnings, origin, removed_log.time, reason, replaced_by
FROM removed_log CROSS JOIN log ON log.id = removed_log.log
ORDER BY removed_log.time DESC LIMIT ?1;

-- name: remove_log
-- in: id, time, reason; out: nothing. All logs with the same bytes, if none is newer
INSERT OR IGNORE INTO removed_log (log, time, reason)
SELECT same.id, ?2, ?3 FROM log CROSS JOIN log AS same ON same.digest = log.digest
WHERE log.id = ?1 AND NOT EXISTS (SELECT 1 FROM log AS newer WHERE newer.digest = log.digest AND newer.id > ?1);

-- name: keep_log
-- in: digest; out: nothing
DELETE FROM removed_log WHERE log IN (SELECT id FROM log WHERE digest = ?1);

-- name: list_held_logs
-- in: a state of changes, another one; out: log (of each run of the stream from before such a change to behind it, the newest with the same bytes)
SELECT DISTINCT (SELECT max(same.id) FROM log AS same WHERE same.digest = log.digest)
FROM (SELECT series.stream AS stream, min(place.started_at) AS first, max(place.started_at) AS last
  FROM change CROSS JOIN series ON series.id = change.series
  CROSS JOIN run AS place
    ON place.id IN (change.run, change.previous_run, change.first_run, change.last_run, change.found_run)
  WHERE change.state IN (?1, ?2) AND change.is_found AND change.fixed_run = 0
  GROUP BY change.id) AS open
CROSS JOIN run ON run.started_at BETWEEN open.first AND open.last AND run.stream = open.stream
CROSS JOIN log ON log.id = run.log;

-- name: list_digest_logs
-- in: before, outcome or -1, limit, digest; out: as get_log
SELECT id, digest, name, size, received_at, source, outcome, parser, parser_version,
  error_class, error_message, warnings, origin, removed_log.time, reason, replaced_by
FROM log LEFT JOIN removed_log ON removed_log.log = log.id WHERE digest = ?4 AND id < ?1 AND (?2 < 0 OR outcome = ?2) ORDER BY id DESC LIMIT ?3;

-- name: list_log_runs
-- in: log; out: id
SELECT id FROM run WHERE log = ?1 ORDER BY id;

-- name: get_run
-- in: id; out: id, stream, shape, started_at, outcome, build, revision, url, parser, environment, parameters, warnings, points, details, digest, name, base, log, standing, replaced_by, time, who, value
SELECT run.id, run.stream, shape, started_at, run.outcome, build, revision, url, run.parser,
  environment, parameters, run.warnings, points, details, digest, name, base, run.log,
  standing, standing.replaced_by, time, who, value
FROM run JOIN log ON log.id = run.log
  LEFT JOIN standing ON standing.run = run.id LEFT JOIN run_event ON run_event.id = event
WHERE run.id = ?1;

-- name: list_runs
-- in: before, whether hidden ones as well; out: as get_run, but n_results in the place of points and no details
SELECT run.id, run.stream, shape, started_at, run.outcome, build, revision, url, run.parser,
  environment, parameters, run.warnings, n_results, NULL, digest, name, NULL, run.log,
  standing, standing.replaced_by, time, who, value
FROM run JOIN log ON log.id = run.log
  LEFT JOIN standing ON standing.run = run.id LEFT JOIN run_event ON run_event.id = event
WHERE run.id < ?1 AND (standing IS NULL OR (?2 AND standing = 1)) ORDER BY run.id DESC;

-- name: list_runs_of_standing
-- in: before, standing; out: as list_runs
SELECT run.id, run.stream, shape, started_at, run.outcome, build, revision, url, run.parser,
  environment, parameters, run.warnings, n_results, NULL, digest, name, NULL, run.log,
  standing, standing.replaced_by, time, who, value
FROM standing CROSS JOIN run ON run.id = standing.run JOIN log ON log.id = run.log
  JOIN run_event ON run_event.id = event
WHERE standing.run < ?1 AND standing = ?2 ORDER BY standing.run DESC;

-- name: list_stream_runs_of_standing
-- in: stream, standing; out: as get_run, but n_results in the place of details
SELECT run.id, run.stream, shape, started_at, run.outcome, build, revision, url, run.parser,
  environment, parameters, run.warnings, points, n_results, digest, name, base, run.log,
  standing, standing.replaced_by, time, who, value
FROM standing CROSS JOIN run ON run.id = standing.run JOIN log ON log.id = run.log
  JOIN run_event ON run_event.id = event
WHERE standing.stream = ?1 AND standing = ?2 ORDER BY standing.seq DESC;

-- name: list_stream_runs
-- in: stream, first seq, end; out: id, seq, shape, started_at, outcome, build, revision, base, points
SELECT id, seq, shape, started_at, outcome, build, revision, base, points
FROM run WHERE stream = ?1 AND seq >= ?2 AND seq < ?3 ORDER BY seq;

-- name: get_base
-- in: id, shape; out: points
SELECT points FROM run WHERE id = ?1 AND shape = ?2 AND base IS NULL;

-- name: list_segments
-- in: stream; out: id, first, n_runs
SELECT id, first, n_runs FROM segment WHERE stream = ?1 ORDER BY first;

-- name: get_timeline
-- in: segment; out: timeline
SELECT timeline FROM segment WHERE id = ?1;

-- name: add_segment
-- in: stream, first, n_runs, timeline; out: nothing
INSERT INTO segment (stream, first, n_runs, timeline) VALUES (?1, ?2, ?3, ?4);

-- name: delete_segment
-- in: segment; out: nothing
DELETE FROM segment WHERE id = ?1;

-- name: delete_all_segments
-- in: nothing; out: nothing
DELETE FROM segment;

-- name: get_chunk
-- in: id; out: points
SELECT points FROM chunk WHERE id = ?1;

-- name: list_chunks
-- in: first id, last id; out: id
SELECT id FROM chunk WHERE id BETWEEN ?1 AND ?2;

-- name: add_chunk
-- in: id, points; out: nothing
INSERT INTO chunk (id, points) VALUES (?1, ?2);

-- name: delete_chunks
-- in: first id, last id; out: nothing
DELETE FROM chunk WHERE id BETWEEN ?1 AND ?2;

-- name: delete_all_chunks
-- in: nothing; out: nothing
DELETE FROM chunk;

-- name: set_n_analyzed
-- in: stream, n_analyzed; out: nothing
UPDATE stream SET n_analyzed = ?2 WHERE id = ?1;

-- name: forget_analysis
-- in: stream; out: nothing
UPDATE stream SET n_analyzed = 0 WHERE id = ?1;

-- name: get_standing
-- in: run; out: stream, seq, shape, started_at, standing, replaced_by
SELECT run.stream, run.seq, shape, started_at, standing, replaced_by
FROM run LEFT JOIN standing ON standing.run = run.id WHERE run.id = ?1;

-- name: put_standing
-- in: run, stream, seq, standing, replaced_by, event; out: nothing
INSERT OR REPLACE INTO standing (run, stream, seq, standing, replaced_by, event)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: delete_standing
-- in: run; out: nothing
DELETE FROM standing WHERE run = ?1;

-- name: list_standing_streams
-- in: nothing; out: stream
SELECT DISTINCT stream FROM standing;

-- name: count_replaced
-- in: stream; out: runs that others took the place of, their results
SELECT count(*), coalesce(sum(n_results), 0) FROM standing JOIN run ON run.id = standing.run
WHERE standing.stream = ?1 AND standing = 2;

-- name: list_unshown
-- in: stream; out: seq
SELECT seq FROM standing WHERE stream = ?1 ORDER BY seq;

-- name: list_shown_shapes
-- in: stream; out: id
SELECT id FROM shape WHERE stream = ?1 AND (
  SELECT run.id FROM run WHERE shape = shape.id
    AND NOT EXISTS (SELECT 1 FROM standing WHERE standing.run = run.id)
  ORDER BY run.id DESC LIMIT 1) IS NOT NULL;

-- name: add_run_event
-- in: run, time, who, what, value; out: nothing
INSERT INTO run_event (run, time, who, what, value) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: list_run_events
-- in: run; out: time, who, what, value
SELECT time, who, what, value FROM run_event WHERE run = ?1 ORDER BY id;

-- name: forget_analyses
-- in: nothing; out: nothing
UPDATE stream SET n_analyzed = 0;

-- name: get_change
-- in: id; out: id, series, state, is_found, is_touched, is_moved, fixed_run, found_run, first_run, last_run, run, previous_run, time, build, revision, previous_build, previous_revision, detected_at, detector, reason, owner, note, link, from_time, to_time, place, first_place, last_place, kind, n_outliers, before, before_low, before_high, after, after_low, after_high, size, size_low, size_high, effect, p
SELECT
  id, series, state, is_found, is_touched, is_moved, fixed_run, found_run, first_run, last_run,
  run, previous_run, time, build, revision, previous_build, previous_revision, detected_at,
  detector, reason, owner, note, link, from_time, to_time, place, first_place, last_place, kind,
  n_outliers, before, before_low, before_high, after, after_low, after_high, size, size_low,
  size_high, effect, p
FROM change WHERE id = ?1;

-- name: list_changes
-- in: nothing; out: as get_change
SELECT
  id, series, state, is_found, is_touched, is_moved, fixed_run, found_run, first_run, last_run,
  run, previous_run, time, build, revision, previous_build, previous_revision, detected_at,
  detector, reason, owner, note, link, from_time, to_time, place, first_place, last_place, kind,
  n_outliers, before, before_low, before_high, after, after_low, after_high, size, size_low,
  size_high, effect, p
FROM change ORDER BY time DESC, id DESC;

-- name: list_series_changes
-- in: series; out: as get_change
SELECT
  id, series, state, is_found, is_touched, is_moved, fixed_run, found_run, first_run, last_run,
  run, previous_run, time, build, revision, previous_build, previous_revision, detected_at,
  detector, reason, owner, note, link, from_time, to_time, place, first_place, last_place, kind,
  n_outliers, before, before_low, before_high, after, after_low, after_high, size, size_low,
  size_high, effect, p
FROM change WHERE series = ?1 ORDER BY time, id;

-- name: list_day_changes
-- in: begin, end; out: id, p
SELECT id, p FROM change WHERE time >= ?1 AND time < ?2 AND is_found;

-- name: list_active_shapes
-- in: from, to; out: shape
SELECT DISTINCT shape FROM run WHERE started_at >= ?1 AND started_at < ?2
  AND NOT EXISTS (SELECT 1 FROM standing WHERE standing.run = run.id);

-- name: put_change
-- in: id or NULL, series, state, is_found, is_touched, is_moved, fixed_run, found_run, first_run, last_run, run, previous_run, time, build, revision, previous_build, previous_revision, detected_at, detector, reason, owner, note, link, from_time, to_time, place, first_place, last_place, kind, n_outliers, before, before_low, before_high, after, after_low, after_high, size, size_low, size_high, effect, p; out: nothing
INSERT OR REPLACE INTO change (
  id, series, state, is_found, is_touched, is_moved, fixed_run, found_run, first_run, last_run,
  run, previous_run, time, build, revision, previous_build, previous_revision, detected_at,
  detector, reason, owner, note, link, from_time, to_time, place, first_place, last_place, kind,
  n_outliers, before, before_low, before_high, after, after_low, after_high, size, size_low,
  size_high, effect, p
) VALUES (
  ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
  ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41
);

-- name: list_changed_series
-- in: nothing; out: series that have changes
SELECT DISTINCT series FROM change;

-- name: move_change
-- in: series, run, new series; out: nothing
UPDATE change SET series = ?3 WHERE series = ?1 AND run = ?2;

-- name: replace_run_of_changes
-- in: run, the run in its place; out: nothing
UPDATE change SET
  fixed_run = CASE fixed_run WHEN ?1 THEN ?2 ELSE fixed_run END,
  found_run = CASE found_run WHEN ?1 THEN ?2 ELSE found_run END,
  first_run = CASE first_run WHEN ?1 THEN ?2 ELSE first_run END,
  last_run = CASE last_run WHEN ?1 THEN ?2 ELSE last_run END,
  run = CASE run WHEN ?1 THEN ?2 ELSE run END,
  previous_run = CASE previous_run WHEN ?1 THEN ?2 ELSE previous_run END
WHERE ?1 IN (fixed_run, found_run, first_run, last_run, run, previous_run);

-- name: delete_change
-- in: id; out: nothing
DELETE FROM change WHERE id = ?1;

-- name: delete_change_events
-- in: change; out: nothing
DELETE FROM change_event WHERE change = ?1;

-- name: add_change_event
-- in: change, time, who, what, value; out: nothing
INSERT INTO change_event (change, time, who, what, value) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: list_change_events
-- in: change; out: time, who, what, value
SELECT time, who, what, value FROM change_event WHERE change = ?1 ORDER BY id;
