// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Points } from '../src/api';
import { combineCsv } from '../src/csv';
import {
  buildAxis,
  extent,
  groupByUnit,
  joinLines,
  makeLines,
  nearestPoint,
  pointAt,
  spanOfBuilds,
  stepPoint,
  summarize,
  timesOfBuilds,
  withoutRuns,
} from '../src/trend-data';

function points(id: string, rows: readonly (readonly [number, number, string])[], change: Partial<Points> = {}): Points {
  return {
    generation: 1,
    id,
    labels: { lab: id, metric: 'latency' },
    unit: 's',
    direction: 'lower',
    n: rows.length,
    sampled: false,
    times: rows.map(([time]) => time),
    values: rows.map(([, value]) => value),
    runs: rows.map((_, i) => i + 1),
    builds: rows.map(([, , build]) => build),
    revisions: rows.map(() => 'abc'),
    outcomes: rows.map(() => 'ok'),
    ...change,
  };
}

const A = points('a', [[100, 1, '10'], [200, 2, '11'], [300, 9, '12']]);
const B = points('b', [[150, 5, '11'], [160, 6, '11'], [400, 7, '']]);

function lines(axis: ReturnType<typeof buildAxis> | null): ReturnType<typeof makeLines> {
  return makeLines([{ points: A, slot: 0 }, { points: B, slot: 1 }], axis);
}

test('runs that are hidden leave every column, and nothing is copied when none is', () => {
  const { n, times, values, runs, builds, outcomes } = withoutRuns(A, (run) => run === 2);
  assert.deepEqual({ n, times, values, runs, builds, outcomes }, { n: 2, times: [100, 300], values: [1, 9], runs: [1, 3], builds: ['10', '12'], outcomes: ['ok', 'ok'] });
  assert.equal(withoutRuns(A, () => false), A);
});

test('lines are joined on one column of x with gaps', () => {
  assert.deepEqual(joinLines(lines(null)), [
    [100, 150, 160, 200, 300, 400],
    [1, null, null, 2, 9, null],
    [null, 5, 6, null, null, 7],
  ]);
});

test('results at the same moment keep their own places', () => {
  const same = makeLines([{ points: points('c', [[100, 1, ''], [100, 2, '']]), slot: 0 }], null);
  assert.deepEqual(same[0]!.xs, [100, 100.01]);
});

test('builds stand in the order of their first result', () => {
  const axis = buildAxis([A, B]);
  assert.deepEqual(axis.builds, ['10', '11', '12']);
  assert.deepEqual(axis.times, [100, 150, 300]);
  const [first, second] = lines(axis);
  assert.deepEqual(first!.xs, [0, 1, 2]);
  assert.deepEqual(second!.xs.slice(0, 2), [0.75, 1.25]);
  assert.ok(Number.isNaN(second!.xs[2]), 'a result without a build has no place');
});

test('a window of time becomes builds and comes back as the same builds', () => {
  const axis = buildAxis([A, B]);
  const span = spanOfBuilds(axis, 120, 301);
  assert.deepEqual(span, { min: 0.5, max: 2.5 });
  const back = timesOfBuilds(axis, span);
  assert.deepEqual(back, { min: 150, max: 301 });
  assert.deepEqual(spanOfBuilds(axis, back.min, back.max), span);
  assert.equal(spanOfBuilds(axis, 500, 600), null);
});

test('the nearest result is found over all lines', () => {
  const near = nearestPoint(lines(null), (x, value) => Math.hypot(x - 155, value - 5));
  assert.equal(near?.line.id, 'b');
  assert.equal(near.value, 5);
  assert.equal(nearestPoint([], () => 0), null);
  assert.equal(nearestPoint(lines(null), () => Infinity), null);
});

test('stepping stays on the line and inside the window', () => {
  const [first] = lines(null);
  const start = pointAt(first!, 1)!;
  assert.equal(stepPoint(start, 1, { min: 0, max: 1000 })?.value, 9);
  assert.equal(stepPoint(start, 1, { min: 0, max: 250 }), null);
  assert.equal(stepPoint(pointAt(first!, 0)!, -1, { min: 0, max: 1000 }), null);
});

test('the summary covers the window only', () => {
  const [first] = lines(null);
  assert.deepEqual(summarize(first!, { min: 0, max: 1000 }), { n: 3, last: 9, min: 1, median: 2, max: 9 });
  assert.deepEqual(summarize(first!, { min: 0, max: 250 }), { n: 2, last: 2, min: 1, median: 1.5, max: 2 });
  assert.equal(summarize(first!, { min: 500, max: 600 }), null);
});

test('extent and groups', () => {
  assert.deepEqual(extent(lines(null)), { min: 100, max: 400 });
  assert.equal(extent([]), null);
  const mixed = makeLines([{ points: A, slot: 0 }, { points: points('m', [], { unit: 'B' }), slot: 1 }], null);
  assert.deepEqual([...groupByUnit(mixed).keys()], ['s', 'B']);
});

test('CSV has a column for each label, quotes what needs it and defuses formulas', () => {
  const odd = points('o', [[0, 0.25, '=cmd()']], { labels: { benchmark: 'a,"b"', lab: 'x' } });
  assert.equal(
    combineCsv([odd], -1, 1),
    'series,lab,benchmark,time,value,unit,run,build,revision,outcome\r\n' +
      'o,x,"a,""b""",1970-01-01T00:00:00.000Z,0.25,s,1,\'=cmd(),abc,ok\r\n',
  );
  assert.equal(combineCsv([A], 150, 250).split('\r\n').length, 3);
});
