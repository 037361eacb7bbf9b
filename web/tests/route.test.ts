// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatRoute, OVERVIEW, parseRoute, selectors, TREND, type Route } from '../src/route';

function roundTrip(route: Route, base: string): Route {
  return parseRoute(new URL(formatRoute(route), `http://host${base}`).href, base);
}

const ROUTES: readonly Route[] = [
  OVERVIEW,
  { ...OVERVIEW, match: ['lab:dfw', 'suite:!a b', 'benchmark:~^GET /x?a=1&b=%20+é$'], q: 'two words', sort: '-baseline', select: ['8d0f', '11aa'] },
  TREND,
  { ...TREND, series: ['8d0f', '11aa'], x: 'build', from: '-30d', zero: true, hide: ['11aa'], point: '8d0f.12', view: 'table' },
  { ...TREND, match: ['lab:dfw'], q: 'p99', from: '2026-11-01T00:00:00.000Z', to: '2026-11-02T00:00:00.000Z' },
  { screen: 'run', id: 1234 },
];

for (const route of ROUTES) {
  for (const base of ['/', '/tools/perfdash/']) {
    test(`${formatRoute(route)} comes back below ${base}`, () => {
      assert.deepEqual(roundTrip(route, base), route);
    });
  }
}

test('addresses stay readable', () => {
  assert.equal(formatRoute({ ...OVERVIEW, match: ['lab:dfw'], q: 'GET home' }), '.?match=lab:dfw&q=GET+home');
});

test('unknown values fall back, unknown pages are named', () => {
  assert.deepEqual(parseRoute('http://host/?sort=evil', '/'), OVERVIEW);
  assert.deepEqual(parseRoute('http://host/runs/12x', '/'), { screen: 'missing', path: '/runs/12x' });
});

test('selectors are what the API takes', () => {
  assert.deepEqual(selectors({ match: ['lab:dfw', 'lab:muc'], q: 'x' }), [
    ['match', 'lab:dfw'],
    ['match', 'lab:muc'],
    ['q', 'x'],
  ]);
});
