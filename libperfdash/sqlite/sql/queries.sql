-- SPDX-License-Identifier: LGPL-2.1-or-later

-- name: get_meta
-- in: key; out: value
SELECT value FROM meta WHERE key = ?1;

-- name: get_generation
-- in: nothing; out: generation
SELECT coalesce(max(id), 0) FROM log;

-- name: list_streams
-- in: nothing; out: id, labels, n_runs, n_results, n_derived, last_time
SELECT id, labels, n_runs, n_results, n_derived, last_time FROM stream ORDER BY id;

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
INSERT INTO stream (labels, n_runs, n_results, n_derived, last_time) VALUES (?1, 0, 0, 0, 0);

-- name: set_stream
-- in: id, n_runs, n_results, last_time; out: nothing
UPDATE stream SET n_runs = ?2, n_results = ?3, last_time = ?4 WHERE id = ?1;

-- name: set_derived
-- in: id, n_derived; out: nothing
UPDATE stream SET n_derived = ?2 WHERE id = ?1;

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
-- in: log, stream, seq, shape, started_at, outcome, build, revision, url, parser, environment, parameters, warnings, points, details; out: nothing
INSERT INTO run (log, stream, seq, shape, started_at, outcome, build, revision, url, parser,
  environment, parameters, warnings, points, details)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15);

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
-- in: id; out: id, stream, shape, started_at, outcome, build, revision, url, parser, environment, parameters, warnings, points, details, digest, name
SELECT run.id, stream, shape, started_at, run.outcome, build, revision, url, run.parser,
  environment, parameters, run.warnings, points, details, digest, name
FROM run JOIN log ON log.id = run.log WHERE run.id = ?1;

-- name: list_runs
-- in: before; out: id, stream
SELECT id, stream FROM run WHERE id < ?1 ORDER BY id DESC;

-- name: list_tail
-- in: stream, first seq; out: id, seq, shape, started_at, outcome, build, revision, points
SELECT id, seq, shape, started_at, outcome, build, revision, points
FROM run WHERE stream = ?1 AND seq >= ?2 ORDER BY seq;

-- name: get_chunk
-- in: series, block; out: points
SELECT points FROM chunk WHERE series = ?1 AND block = ?2;

-- name: list_chunks
-- in: series; out: block, points
SELECT block, points FROM chunk WHERE series = ?1 ORDER BY block;

-- name: put_chunk
-- in: series, block, points; out: nothing
INSERT INTO chunk (series, block, points) VALUES (?1, ?2, ?3)
ON CONFLICT (series, block) DO UPDATE SET points = excluded.points;

-- name: get_timeline
-- in: stream, block; out: runs
SELECT runs FROM timeline WHERE stream = ?1 AND block = ?2;

-- name: list_timeline
-- in: stream; out: block, runs
SELECT block, runs FROM timeline WHERE stream = ?1 ORDER BY block;

-- name: put_timeline
-- in: stream, block, runs; out: nothing
INSERT INTO timeline (stream, block, runs) VALUES (?1, ?2, ?3)
ON CONFLICT (stream, block) DO UPDATE SET runs = excluded.runs;
