// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ChangeGroup, Said } from '../src/api';
import { batchesOf, describeSaying, MOST_IDS, wayBack } from '../src/inbox-edits';
import { describeQuiet, describeSpread, ownersOf, statesOf } from '../src/inbox-text';

const NEW: Said = { state: 'new', reason: '', owner: '', link: '', ids: [1, 2] };
const TAKEN: Said = { state: 'acknowledged', reason: '', owner: 'ann', link: '', ids: [3] };
const IGNORED: Said = { state: 'ignored', reason: 'new disk', owner: '', link: '', ids: [4] };
const UNSURE: Said = { state: 'unsure', reason: '', owner: '', link: '', ids: [5] };

function group(...said: Said[]): ChangeGroup {
  const named = (...values: string[]): { n: number; values: string[] } => ({ n: values.length, values });
  const labels = {
    lab: named('dfw'),
    project: named('shop'),
    suite: named('checkout'),
    branch: named(),
    benchmark: { n: 31, values: ['a', 'b'] },
    metric: named('latency', 'throughput'),
  };
  const changes = said.reduce((sum, { ids }) => sum + ids.length, 0);
  return { said, labels, changes } as unknown as ChangeGroup;
}

test('what is said of a group is said of the changes that wait', () => {
  const mixed = group(NEW, TAKEN, IGNORED);
  assert.deepEqual(batchesOf([mixed, group(TAKEN, IGNORED)], { state: 'acknowledged' }), [{ ids: [1, 2, 4], saying: { state: 'acknowledged' } }]);
  assert.deepEqual(batchesOf([group(TAKEN)], { state: 'acknowledged' }), []);
  assert.deepEqual(batchesOf([mixed], { owner: 'bo' }), [{ ids: [1, 2, 3, 4], saying: { owner: 'bo' } }]);
});

test('as many are sent at once as the store takes', () => {
  const ids = Array.from({ length: 2 * MOST_IDS + 1 }, (_, i) => i);
  const batches = batchesOf([group({ ...NEW, ids })], { state: 'acknowledged' });
  assert.deepEqual(batches.map((batch) => batch.ids.length), [MOST_IDS, MOST_IDS, 1]);
  assert.deepEqual(batches.flatMap((batch) => batch.ids), ids);
  assert.equal(describeSaying(batches, { state: 'acknowledged' }), '2001 changes are acknowledged.');
});

test('the way back leads to what each was', () => {
  assert.deepEqual(wayBack([group(NEW)], { state: 'ignored', reason: 'x' }), [{ ids: [1, 2], saying: { state: 'new' } }]);
  assert.deepEqual(wayBack([group(TAKEN, IGNORED)], { state: 'new' }), [
    { ids: [3], saying: { state: 'acknowledged' } },
    { ids: [4], saying: { state: 'ignored', reason: 'new disk' } },
  ]);
  assert.deepEqual(wayBack([group(NEW, TAKEN)], { owner: 'bo' }), [
    { ids: [1, 2], saying: { owner: '' } },
    { ids: [3], saying: { owner: 'ann' } },
  ]);
  assert.equal(wayBack([group(UNSURE)], { state: 'acknowledged' }), null, 'only the analysis makes it unsure');
  assert.notEqual(wayBack([group(NEW, UNSURE)], { state: 'acknowledged' }), null, 'unsure ones were left alone');
});

test('a group says where it is', () => {
  assert.equal(describeSpread(group(NEW, TAKEN)), '3 changes: 31 tests, 2 metrics (latency, throughput), dfw');
  assert.equal(describeSpread(group(TAKEN)), '', 'the name of its series says so');
  assert.deepEqual(statesOf(group(NEW, TAKEN)), [{ state: 'new', count: 2 }, { state: 'acknowledged', count: 1 }]);
  assert.equal(ownersOf(group(NEW, TAKEN)), 'ann');
});

test('when nothing waits it says how fresh that is', () => {
  const now = Date.parse('2026-11-28T12:14:00Z');
  assert.equal(describeQuiet({ last_result: '2026-11-28T12:00:00Z' }, 3, now), 'Last result 14\u00a0min ago from 3 labs.');
  assert.equal(describeQuiet({ last_result: null }, 0, now), 'No result has come yet.');
});
