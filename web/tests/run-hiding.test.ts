// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isHidden, type Standings } from '../src/run-hiding';

const BY_ANN = { reason: 'another machine', who: 'ann', time: '2026-11-28T12:00:00Z' };
const STANDINGS: Standings = new Map([
  [1, { hidden: BY_ANN, until: 7 }],
  [2, { hidden: null, until: Infinity }],
]);

test('what the reader said holds against older answers, and newer answers hold against it', () => {
  assert.equal(isHidden(STANDINGS, 1, 6, false), true);
  assert.equal(isHidden(STANDINGS, 1, 7, false), false);
  assert.equal(isHidden(STANDINGS, 2, 1_000_000, true), false, 'the store has not answered yet');
  assert.equal(isHidden(STANDINGS, 3, 6, true), true);
});
