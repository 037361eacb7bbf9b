// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Analysis, Baseline, Change } from '../src/api';
import { describeAct, undoOf } from '../src/change-actions';
import { lookOf } from '../src/change-badge';
import {
  describeSeries,
  explainState,
  formatEvent,
  formatLevel,
  formatP,
  formatPrecision,
  formatRange,
  formatShare,
  formatState,
  remarksOf,
  runsNeeded,
  sizeOf,
  standingOf,
  verdictOf,
} from '../src/change-text';

export function makeChange(more: Partial<Change> = {}): Change {
  return {
    id: 17,
    sentence: 'it is slower',
    state: 'new',
    reason: '',
    owner: '',
    note: '',
    link: '',
    fixed_run: null,
    detected_at: '2026-11-21T12:00:00.000Z',
    run: 3,
    previous_run: 2,
    first_run: 2,
    last_run: 4,
    time: '1970-01-01T00:00:00.300Z',
    build: '848',
    previous_build: '847',
    revision: '4d5e6f7',
    previous_revision: '0a1b2c3',
    moved: false,
    p_adjusted: 1e-17,
    machine: false,
    control: false,
    before: { value: 0.03, low: 0.029, high: 0.031 },
    after: { value: 0.036, low: 0.035, high: 0.037 },
    change: { value: 0.092, low: 0.078, high: 0.106 },
    p: 1e-20,
    confidence: 'certain',
    direction: 'regression',
    outliers: 0,
    history: [],
    ...more,
  };
}

const SIZES: readonly (readonly [readonly [number, number, number], string])[] = [
  [[0.092, 0.078, 0.106], '+9.2 % (7.8 to 10.6)'],
  [[-0.061, -0.074, -0.048], '−6.1 % (−7.4 to −4.8)'],
  [[1.5, 1.4, 1.6], '+150 % (140 to 160)'],
  [[0.0051, 0.0047, 0.0055], '+0.51 % (0.47 to 0.55)'],
  [[0.0001, -0.005, 0.006], '±0.0 % (−0.5 to 0.6)'],
];

test('a size keeps as many digits as its bounds allow', () => {
  for (const [[value, low, high], expected] of SIZES) {
    const size = formatShare({ value, low, high })!;
    assert.equal(`${size.amount} ${size.interval}`.replaceAll('\u00a0', ' '), expected);
  }
});

test('a change from nothing is told by its levels', () => {
  const none = { value: null, low: null, high: null };
  const { amount, interval } = sizeOf(makeChange({ before: { value: 0, low: 0, high: 0 }, change: none }), 's');
  assert.deepEqual([amount, interval], ['0\u00a0s → 36.00\u00a0ms', '']);
});

test('the arrow is the way of the level, the word what it means', () => {
  const down = { before: { value: 3, low: 3, high: 3 }, after: { value: 2, low: 2, high: 2 } };
  assert.deepEqual(verdictOf(makeChange()), { judgement: 'worse', word: 'worse', sign: '▲' });
  assert.deepEqual(verdictOf(makeChange(down)), { judgement: 'worse', word: 'worse', sign: '▼' });
  assert.deepEqual(verdictOf(makeChange({ ...down, direction: 'improvement' })), { judgement: 'better', word: 'better', sign: '▼' });
  assert.equal(verdictOf(makeChange({ direction: 'neither' })).word, 'changed');
});

test('a series stands against its baseline in one word', () => {
  const baseline: Baseline = { verdict: 'worse', changes: 1, ...makeChange() };
  const none = { changes: 0, change: null, before: null, after: null };
  assert.deepEqual(standingOf(baseline), { judgement: 'worse', word: 'worse', sign: '▲' });
  assert.deepEqual(standingOf({ verdict: 'same', ...none }), { judgement: 'steady', word: 'no change', sign: '=' });
  assert.equal(standingOf({ verdict: 'not-enough-data', ...none }).word, 'too few results');
});

test('p, levels and missing runs in words', () => {
  assert.deepEqual([1e-20, 5e-5, 0.0123, 0.31, null].map(formatP), ['p < 10⁻⁶', 'p < 0.001', 'p = 0.012', 'p = 0.31', '']);
  assert.equal(formatLevel({ value: 0.03, low: 0.029, high: 0.031 }, 's').replaceAll('\u00a0', ' '), '30.00 ms (29.00 ms to 31.00 ms)');
  assert.deepEqual([runsNeeded(1), runsNeeded(3)], ['1 more run would settle it', '3 more runs would settle it']);
});

test('revisions are as long as it takes to tell them apart', () => {
  assert.deepEqual(formatRange(makeChange()), { builds: '847 → 848', revisions: '0a1b2c3..4d5e6f7' });
  const near = { previous_revision: '77be01c0045aa', revision: '77be01c0046bb' };
  assert.equal(formatRange(makeChange(near)).revisions, '77be01c0045..77be01c0046');
  const same = { previous_revision: '77be01c0045aa', revision: '77be01c0045aa', build: '', previous_build: '' };
  assert.deepEqual(formatRange(makeChange(same)), { builds: '', revisions: '77be01c004' });
});

test('the last person who said so is named', () => {
  const event = { time: '2026-11-21T12:00:00.000Z', what: 'state', value: 'acknowledged' };
  assert.deepEqual(formatState(makeChange()), { state: 'new', by: '' });
  const said = makeChange({ state: 'acknowledged', history: [{ ...event, who: 'bob' }, { ...event, who: 'ann' }] });
  assert.match(formatState(said).by, /^by ann, 2026-11-2\d$/);
  assert.equal(formatEvent({ ...event, who: 'ann' }), 'ann: acknowledged');
  assert.equal(formatEvent({ ...event, who: '', what: 'replaced', value: 'its log was parsed again' }), 'perfdash: replaced “its log was parsed again”');
  assert.equal(formatEvent({ ...event, who: '', what: 'found', value: '17' }), 'the analysis: found at run 17');
});

test('what was said is taken back as it was', () => {
  assert.deepEqual(undoOf(makeChange(), { state: 'acknowledged' }), { state: 'new' });
  const ignored = makeChange({ state: 'ignored', reason: 'another machine' });
  assert.deepEqual(undoOf(ignored, { state: 'new' }), { state: 'ignored', reason: 'another machine' });
  assert.deepEqual(undoOf(makeChange({ state: 'fixed' }), { state: 'ignored', reason: 'x' }), { state: 'new' });
  assert.equal(undoOf(makeChange({ state: 'historic' }), { state: 'acknowledged' }), null);
  assert.deepEqual(undoOf(makeChange({ owner: 'bob' }), { owner: 'ann' }), { owner: 'bob' });
  assert.match(describeAct(makeChange(), { state: 'acknowledged' }), /^The change of 19\d\d-\d\d-\d\d is acknowledged\.$/);
});

test('how often the analysis was right counts over all drawn series, and is silent when nobody judged', () => {
  const said = (...pairs: readonly [number, number][]): string =>
    formatPrecision(pairs.map(([right, wrong]) => ({ right, wrong }))).replaceAll('\u00a0', ' ');
  assert.equal(said(), '');
  assert.equal(said([0, 0]), '');
  assert.equal(said([5, 0], [2, 1]), '7 of 8 changes that somebody judged were real: a precision of 88 %');
  assert.equal(said([1, 0]), '1 of 1 change that somebody judged was real: a precision of 100 %');
});

test('facts of a series are one sentence, and a drift that may be none is no number', () => {
  const level = { value: 0.026, low: 0.0258, high: 0.0262 };
  const analysis: Analysis = {
    generation: 1,
    id: 'a',
    relative: true,
    noise: 0.012,
    correlation: 0.1,
    modes: 1,
    level,
    drift_per_week: { value: 0.001, low: -0.001, high: 0.003 },
    levels: [],
    changes: [],
    precision: { right: 0, wrong: 0 },
    undecided: null,
    outliers: [4],
    hidden: [],
  };
  const said = (more: Partial<Analysis>): string => describeSeries({ ...analysis, ...more }, 's').replaceAll('\u00a0', ' ');
  assert.equal(said({}), 'Level 26.00 ms (25.80 ms to 26.20 ms), noise 1.2 %, no drift, 1 outlier set aside');
  assert.match(said({ drift_per_week: { value: 0.004, low: 0.001, high: 0.007 } }), /drift \+0\.4 % a week \(0\.1 to 0\.7\)/);
  assert.match(said({ modes: 2, correlation: 0.45 }), /correlation 0\.5\), values stand in two heaps/);
  assert.match(said({ undecided: { ...makeChange(), runs_needed: 2 } }), /perhaps \+9\.2 % \(7\.8 to 10\.6\) since .*, 2 more runs would settle it/);
});

test('an unsure change says why it is not told, by the p of the day, and others say nothing', () => {
  assert.match(explainState(makeChange({ state: 'unsure', p_adjusted: 0.12 })) ?? '', /Not told.*more results may settle it \(p = 0\.12 among them/);
  assert.doesNotMatch(explainState(makeChange({ state: 'unsure', p_adjusted: null })) ?? '', /p =/);
  assert.equal(explainState(makeChange({ p_adjusted: 0.12 })), undefined);
});

test('what speaks against the code is remarked', () => {
  assert.deepEqual(remarksOf(makeChange()), []);
  assert.deepEqual(remarksOf(makeChange({ machine: true, control: true })).map(({ word }) => word), ['machine?', 'control series']);
});

test('an unsure change cannot be made unsure again by hand', () => {
  assert.equal(undoOf(makeChange({ state: 'unsure' }), { state: 'acknowledged' }), null);
});

test('the sign of a change is hollow when it is unsure', () => {
  const unsure = makeChange({ state: 'unsure' });
  assert.deepEqual([lookOf(unsure, unsure).doubt, lookOf(unsure, makeChange()).doubt, lookOf(unsure, null).doubt], ['unsure', '', 'undecided']);
});
