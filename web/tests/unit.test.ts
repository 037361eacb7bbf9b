// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatChange, formatNumber, formatTicks, formatValue, scaleFor, tickSteps } from '../src/unit';

const VALUES: readonly (readonly [number, string, string])[] = [
  [0.0312, 's', '31.20\u00a0ms'],
  [0.0000042, 's', '4.200\u00a0µs'],
  [2.5e-10, 's', '0.2500\u00a0ns'],
  [1, 's', '1.000\u00a0s'],
  [119, 's', '119.0\u00a0s'],
  [599, 's', '599.0\u00a0s'],
  [900, 's', '15.00\u00a0min'],
  [7200, 's', '2.000\u00a0h'],
  [0, 's', '0\u00a0s'],
  [-0.0312, 's', '\u221231.20\u00a0ms'],
  [1023, 'B', '1023\u00a0B'],
  [1536, 'B', '1.500\u00a0KiB'],
  [3.2e8, 'B', '305.2\u00a0MiB'],
  [4.5 * 1024 ** 3, 'B/s', '4.500\u00a0GiB/s'],
  [1e9, 'bit/s', '1.000\u00a0Gbit/s'],
  [830.24, '1/s', '830.2\u00a0/s'],
  [22_900, '1/s', '22.90\u00a0k/s'],
  [12_345, '1', '12\u202f345'],
  [7, '1', '7'],
  [2.5, '1', '2.500'],
  [123_456_789, '1', '123.5\u00a0M'],
  [0.0689, 'ratio', '6.890\u00a0%'],
  [0, 'ratio', '0\u00a0%'],
  [12.5, 'fps', '12.50\u00a0fps'],
  [123_456.7, 'fps', '123\u202f457\u00a0fps'],
];

for (const [value, unit, expected] of VALUES) {
  test(`${String(value)} ${unit} reads ${expected}`, () => {
    assert.equal(formatValue(value, unit), expected);
  });
}

test('very small and very large numbers keep their digits', () => {
  assert.equal(formatNumber(0.00001234), '1.234e\u22125');
  assert.equal(formatNumber(1.5e18), '1.500e+18');
  assert.equal(formatNumber(Infinity), 'Infinity');
});

test('a change has a sign, a real minus and at most one decimal', () => {
  assert.equal(formatChange(0.0689), '+6.9\u00a0%');
  assert.equal(formatChange(-0.25), '\u221225.0\u00a0%');
  assert.equal(formatChange(0.0001), '±0.0\u00a0%');
  assert.equal(formatChange(12.5), '+1250\u00a0%');
});

test('ticks of one axis share a prefix and write their step exactly', () => {
  assert.deepEqual(formatTicks([0, 0.0025, 0.005], 's', 0.0025), ['0.0 ms', '2.5 ms', '5.0 ms']);
  assert.deepEqual(formatTicks([1250, 1500], '1/s', 250), ['1.25 k/s', '1.50 k/s']);
  assert.deepEqual(formatTicks([0, 0.01], 'ratio', 0.01), ['0 %', '1 %']);
  assert.deepEqual(formatTicks([-20, 0], 'fps', 20), ['\u221220 fps', '0 fps']);
});

test('steps are round in the prefix that is shown', () => {
  assert.ok(tickSteps('B/s', 3 * 1024 ** 3).includes(0.2 * 1024 ** 3));
  assert.ok(tickSteps('s', 4000).includes(10 * 60));
  assert.ok(tickSteps('fps', 60).includes(0.05));
});

test('every step of a ladder is reached', () => {
  const symbols = [1e-9, 1e-6, 1e-3, 1, 600, 7200].map((value) => scaleFor('s', value).symbol);
  assert.deepEqual(symbols, ['ns', 'µs', 'ms', 's', 'min', 'h']);
});
