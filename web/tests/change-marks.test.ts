// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Analysis, Change, Points } from '../src/api';
import { badgesOf, overlayOf, pixelOf, placeTexts, type Frame } from '../src/change-marks';
import { buildAxis, makeLines } from '../src/trend-data';

const TIMES = [100, 200, 300, 400, 500];
const POINTS: Points = {
  generation: 1,
  id: 'a',
  labels: {},
  unit: 's',
  direction: 'lower',
  n: 5,
  sampled: false,
  times: TIMES,
  values: [1, 1, 2, 2, 2],
  runs: [1, 2, 3, 4, 5],
  builds: ['10', '11', '', '13', '14'],
  revisions: TIMES.map(() => ''),
  outcomes: TIMES.map(() => 'ok'),
};
const at = (ms: number): string => new Date(ms).toISOString();
const level = (value: number): Analysis['level'] => ({ value, low: value - 0.1, high: value + 0.1 });
const CHANGE = {
  id: 7,
  run: 3,
  first_run: 2,
  last_run: 4,
  time: at(300),
  before: level(1),
  after: level(2),
  direction: 'regression',
} as Change;
const ANALYSIS = {
  id: 'a',
  levels: [
    { from: at(100), to: at(300), level: level(1) },
    { from: at(300), to: at(500), level: level(2) },
  ],
  changes: [CHANGE],
  undecided: null,
  outliers: [2],
} as unknown as Analysis;
const FRAME: Frame = { left: 100, top: 30, width: 400, height: 200, min: 100, max: 500 };

test('levels reach over their own results only, nothing stands between them', () => {
  const { stretches, outliers } = overlayOf(makeLines([{ points: POINTS, slot: 0 }], null), new Map([['a', ANALYSIS]]));
  assert.deepEqual(
    stretches.map(({ from, to, level: { value } }) => [from, to, value]),
    [
      [100, 200, 1],
      [300, 500, 2],
    ],
  );
  assert.deepEqual([...(outliers.get('a') ?? [])], [2]);
});

test('a change stands at its run, with the span in which it may lie', () => {
  const { marks } = overlayOf(makeLines([{ points: POINTS, slot: 0 }], null), new Map([['a', ANALYSIS]]));
  assert.deepEqual(marks.map(({ x, from, to }) => [x, from, to]), [[300, 200, 400]]);
});

test('on an axis of builds a change at a run without one stands at the next', () => {
  const lines = makeLines([{ points: POINTS, slot: 0 }], buildAxis([POINTS]));
  const { marks, stretches } = overlayOf(lines, new Map([['a', ANALYSIS]]));
  assert.deepEqual(marks.map(({ x, from, to }) => [x, from, to]), [[2, 1, 2]]);
  assert.deepEqual(stretches.map(({ from, to }) => [from, to]), [[0, 1], [2, 3]]);
});

test('what is undecided is a mark of its own with a level that is not settled', () => {
  const undecided = { ...CHANGE, run: 4, time: at(400), runs_needed: 3 };
  const { marks, stretches } = overlayOf(makeLines([{ points: POINTS, slot: 0 }], null), new Map([['a', { ...ANALYSIS, undecided }]]));
  assert.deepEqual(marks.map(({ change, runsNeeded, x }) => [change?.id ?? null, runsNeeded, x]), [[7, 0, 300], [null, 3, 400]]);
  assert.deepEqual(stretches.filter((stretch) => stretch.undecided).map(({ from, to }) => [from, to]), [[400, 500]]);
});

test('a line without an analysis adds nothing', () => {
  const overlay = overlayOf(makeLines([{ points: POINTS, slot: 0 }], null), new Map());
  assert.deepEqual([overlay.marks.length, overlay.stretches.length], [0, 0]);
});

test('marks that would hide each other share a badge, those outside have none', () => {
  const [mark] = overlayOf(makeLines([{ points: POINTS, slot: 0 }], null), new Map([['a', ANALYSIS]])).marks;
  const marks = [50, 300, 310, 450].map((x) => ({ ...mark!, x }));
  assert.deepEqual(badgesOf(marks, FRAME).map(({ left, marks: { length } }) => [left, length]), [[300, 2], [450, 1]]);
  assert.equal(pixelOf(FRAME, 500), 500);
});

test('texts take the room there is and never touch each other', () => {
  const texts = [['a long text of it', 'short'], ['a long text of it', 'short'], ['a long text of it', 'short']];
  assert.deepEqual(placeTexts([100, 300, 600], texts, 80, 640), [
    { text: 'a long text of it', side: 'right' },
    { text: 'a long text of it', side: 'right' },
    { text: 'a long text of it', side: 'left' },
  ]);
  assert.deepEqual(placeTexts([100, 170], texts, 80, 190), [{ text: 'short', side: 'right' }, null]);
  const [, second] = placeTexts([100, 130], [['short'], ['short']], 80, 150);
  assert.equal(second, null);
});
