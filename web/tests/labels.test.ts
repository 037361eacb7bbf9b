// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { constantLabels, contextOf, distinction, nameTag, parseSelector, sharedLabels, sortKeys, subjectOf } from '../src/labels';
import { suggest, wordsOf } from '../src/search-box';
import { judge } from '../src/verdict';

const KEYS = [
  { key: 'lab', n_values: 2, values: [{ value: 'dfw', series: 3 }, { value: 'muc', series: 9 }] },
  { key: 'benchmark', n_values: 2, values: [{ value: 'read dfw', series: 1 }, { value: 'write', series: 1 }] },
];
const HOME = { benchmark: 'GET home', metric: 'latency', lab: 'dfw', suite: 'checkout', threads: '4' };

test('the subject comes first, the place after it, unknown keys by name', () => {
  assert.equal(subjectOf({ ...HOME, stat: 'p99' }), 'GET home · latency · p99');
  assert.deepEqual(contextOf(HOME).map(nameTag), ['dfw', 'checkout', 'threads=4']);
  assert.deepEqual(sortKeys(['zeta', 'metric', 'alpha', 'lab']), ['lab', 'metric', 'alpha', 'zeta']);
});

test('a legend says only what differs', () => {
  const muc = { ...HOME, lab: 'muc' };
  const shared = sharedLabels([HOME, muc]);
  assert.equal(distinction(muc, shared), 'muc');
  assert.equal(distinction(HOME, sharedLabels([HOME])), 'GET home · latency');
  assert.deepEqual(sharedLabels([]), {});
});

test('what all series have in common is said once', () => {
  const keys = [
    { key: 'branch', n_values: 1, values: [{ value: 'main', series: 12 }] },
    { key: 'threads', n_values: 1, values: [{ value: '4', series: 5 }] },
    ...KEYS,
  ];
  assert.deepEqual(constantLabels(keys, 12, []), { branch: 'main' });
  assert.deepEqual(constantLabels(keys, 9, ['lab:dfw']), { lab: 'dfw' });
  assert.deepEqual(constantLabels(keys, 3, ['lab:!muc']), {});
});

test('selectors are read with their operator', () => {
  assert.deepEqual(parseSelector('lab:dfw'), { key: 'lab', operator: ':', value: 'dfw' });
  assert.deepEqual(parseSelector('lab:!dfw'), { key: 'lab', operator: ':!', value: 'dfw' });
  assert.deepEqual(parseSelector('benchmark:~^GET'), { key: 'benchmark', operator: ':~', value: '^GET' });
  for (const wrong of ['dfw', 'lab:', 'Lab:dfw', ':dfw']) assert.equal(parseSelector(wrong), null);
});


test('suggestions complete the last word, values that start with it first', () => {
  assert.deepEqual(suggest(KEYS, 'write df').map((item) => item.selector), ['lab:dfw', 'benchmark:read dfw']);
  assert.deepEqual(suggest(KEYS, 'lab:').map((item) => item.selector), ['lab:muc', 'lab:dfw']);
  assert.deepEqual(suggest(KEYS, ''), []);
});

test('an unfinished key:value is not searched for', () => {
  assert.equal(wordsOf(' get  lab:df home'), 'get home');
});

test('better and worse come from the direction, never from the sign alone', () => {
  assert.equal(judge(0.1, 'lower').word, 'worse');
  assert.equal(judge(0.1, 'higher').word, 'better');
  assert.equal(judge(-0.1, 'lower').word, 'better');
  assert.equal(judge(-0.1, 'higher').word, 'worse');
  assert.equal(judge(-0.1, 'none').word, 'changed');
  assert.equal(judge(0.01, 'lower').word, 'steady');
});
