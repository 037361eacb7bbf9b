// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { describeReread, describeRereading, nameSeries } from '../src/reread-text';

const SAME = {
  parser_before: 'mill 1',
  parser: 'mill 1',
  logs_same: 1,
  values_same: 4,
  values_rounded: 0,
  values_changed: 0,
  values_moved: 0,
  values_appeared: 0,
  values_vanished: 0,
};
const BETTER = { ...SAME, parser: 'mill 2', logs_same: 0 };

test('what a second reading changes is told before and after', () => {
  for (const [reading, before, after] of [
    [SAME, 'No value changes, as read by mill 1.', 'Parsed again: no value changed.'],
    [BETTER, 'No value changes, as read by mill 2, before by mill 1.', 'Parsed again: no value changed.'],
    [{ ...BETTER, values_changed: 3, values_appeared: 1 }, '3 values change, 1 appears, as read by mill 2, before by mill 1.', 'Parsed again: 3 values changed, 1 appeared.'],
    [{ ...BETTER, values_changed: 1, values_moved: 2 }, '1 value changes, 2 go to another series, as read by mill 2, before by mill 1.', 'Parsed again: 1 value changed, 2 went to another series.'],
    [{ ...BETTER, parser: 'none', values_vanished: 2 }, 'No parser reads it any more: 2 values vanish.', 'Parsed again: 2 values vanished.'],
  ] as const) {
    assert.equal(describeRereading(reading), before);
    assert.equal(describeReread(reading), after);
  }
});

test('a series is named by what tells it from others of its run', () => {
  assert.equal(nameSeries('benchmark=GET cart lab=dfw metric=latency suite=shop', { lab: 'dfw', suite: 'shop' }), 'benchmark=GET cart metric=latency');
});
