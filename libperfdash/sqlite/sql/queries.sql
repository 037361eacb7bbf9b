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
-- in: nothing; out: generation
SELECT coalesce(max(id), 0) FROM log;

-- name: list_streams
-- in: nothing; out: id, labels, n_runs, n_results, n_derived, last_time
SELECT id, labels, n_runs, n_results,
  (SELECT coalesce(max(first + n_runs), 0) FROM segment WHERE stream = stream.id), last_time
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
-- in: digest, name, size, received_at, source, outcome, parser, parser_version, error_class, error_message, warnings; out: nothing
INSERT INTO log (digest, name, size, received_at, source, outcome, parser, parser_version,
  error_class, error_message, warnings)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: add_run
-- in: log, stream, seq, shape, started_at, outcome, build, revision, url, parser, environment, parameters, warnings, base, points, details, n_results; out: nothing
INSERT INTO run (log, stream, seq, shape, started_at, outcome, build, revision, url, parser,
  environment, parameters, warnings, base, points, details, n_results)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17);

-- name: get_log
-- in: digest; out: id, digest, name, size, received_at, source, outcome, parser, parser_version, error_class, error_message, warnings
SELECT id, digest, name, size, received_at, source, outcome, parser, parser_version,
  error_class, error_message, warnings
FROM log WHERE digest = ?1;

-- name: list_logs
-- in: before, outcome or -1, limit; out: as get_log
SELECT id, digest, name, size, received_at, source, outcome, parser, parser_version,
  error_class, error_message, warnings
FROM log WHERE id < ?1 AND (?2 < 0 OR outcome = ?2) ORDER BY id DESC LIMIT ?3;

-- name: list_log_runs
-- in: log; out: id
SELECT id FROM run WHERE log = ?1 ORDER BY id;

-- name: get_run
-- in: id; out: id, stream, shape, started_at, outcome, build, revision, url, parser, environment, parameters, warnings, points, details, digest, name, base, log
SELECT run.id, stream, shape, started_at, run.outcome, build, revision, url, run.parser,
  environment, parameters, run.warnings, points, details, digest, name, base, run.log
FROM run JOIN log ON log.id = run.log WHERE run.id = ?1;

-- name: list_runs
-- in: before; out: as get_run, but n_results in the place of points and no details
SELECT run.id, stream, shape, started_at, run.outcome, build, revision, url, run.parser,
  environment, parameters, run.warnings, n_results, NULL, digest, name
FROM run JOIN log ON log.id = run.log WHERE run.id < ?1 ORDER BY run.id DESC;

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
