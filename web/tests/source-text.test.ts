// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { SourceDay } from '../src/api';
import { parseRoute, formatRoute } from '../src/route';
import { describeDays, formatSpan, formatWait, standingOf } from '../src/source-text';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ');
const day = (date: string, results: number): SourceDay => ({ date, logs: 1, failed: 0, results });

test('spans are told in the largest unit of which there are two', () => {
  const told = [0, 59, 119, 120, 7199, 7200, 93_600, 172_800].map((seconds) => plain(formatSpan(seconds)));
  assert.deepEqual(told, ['0 s', '59 s', '119 s', '2 min', '119 min', '2 h', '26 h', '2 d']);
});

test('a poll that is due has no time left', () => {
  assert.equal(plain(formatWait(1000, 1000)), 'now');
  assert.equal(plain(formatWait(181_000, 1000)), 'in 3 min');
});

test('the bars of days are told in words', () => {
  assert.equal(plain(describeDays([day('2026-11-26', 4), day('2026-11-27', 12_000), day('2026-11-28', 1)])), '12 005 results in 3 days, most 12 000 on 2026-11-27, today 1');
  assert.equal(describeDays([day('2026-11-28', 0)]), 'No results in 1 days');
});

test('the cause says more than the state', () => {
  assert.equal(standingOf({ state: 'watching', cause: null }).word, 'fine');
  assert.deepEqual(standingOf({ state: 'watching', cause: 'job red' }), { sign: '!', word: 'job red', bad: true });
  assert.equal(standingOf({ state: 'error', cause: 'unreachable' }).sign, '\u2715');
});

test('the source that is looked at stands in the address', () => {
  const route = parseRoute('http://localhost/perf/sources?source=a%20b', '/perf/');
  assert.deepEqual(route, { screen: 'sources', source: 'a b' });
  assert.equal(formatRoute(route), 'sources?source=a+b');
});
