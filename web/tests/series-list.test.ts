// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ApiError, type Params, type Series, type SeriesPage } from '../src/api';
import { gather } from '../src/live';
import { SeriesList, type SeriesSource } from '../src/series-list';

const BASELINE = { verdict: 'not-enough-data', changes: 0, change: null, before: null, after: null } as const;

function series(i: number, value = i): Series {
  const last = { value, time: '2026-11-23T17:12:20.000Z', run: value, build: '', revision: '' };
  return { id: `s${String(i)}`, labels: {}, unit: 's', direction: 'lower', n: 1, last, baseline: BASELINE, open_change: null, spark: [] };
}

class FakeStore implements SeriesSource {
  readonly asked: string[] = [];
  rows: Series[];
  broken = false;

  constructor(count: number) {
    this.rows = Array.from({ length: count }, (_, i) => series(i));
  }

  readonly page = (params: Params): Promise<SeriesPage> => {
    const given = new Map(params);
    this.asked.push(`${given.get('limit') ?? ''}@${given.get('cursor') ?? '0'}`);
    if (this.broken) return Promise.reject(new ApiError(500, { title: 'Broken', detail: 'disk' }));
    const [start, limit] = [Number(given.get('cursor') ?? 0), Number(given.get('limit'))];
    const end = start + limit;
    const next = end < this.rows.length ? String(end) : null;
    const items = this.rows.slice(start, end);
    return Promise.resolve({ generation: 1, total: this.rows.length, matched: this.rows.length, items, next });
  };

  readonly one = (id: string): Promise<Series> => {
    this.asked.push(id);
    return Promise.resolve(this.rows.find((row) => row.id === id)!);
  };
}

function listOf(store: FakeStore): SeriesList {
  return new SeriesList(store, [['sort', 'name']], () => undefined);
}

test('the first page is small, the rest comes as far as somebody scrolls', async () => {
  const store = new FakeStore(10_000);
  const list = listOf(store);
  await list.idle();
  assert.deepEqual([list.items.length, list.matched], [100, 10_000]);
  list.want(1500);
  await list.idle();
  assert.deepEqual(store.asked, ['100@0', '1000@100', '1000@1100']);
  assert.equal(new Set(list.items.map((row) => row.id)).size, 2100);
  list.want(10_000);
  await list.idle();
  assert.equal(list.items.length, 10_000);
  assert.equal(list.items[9_999]?.id, 's9999');
});

test('a touched row is asked for alone and keeps its place', async () => {
  const store = new FakeStore(50);
  const list = listOf(store);
  await list.idle();
  store.rows[7] = series(7, 99);
  list.refresh(new Set(['s7']));
  await list.idle();
  assert.deepEqual(store.asked, ['100@0', 's7']);
  assert.equal(list.items[7]?.last?.value, 99);
  assert.deepEqual([...list.fresh], ['s7']);
});

test('a new series makes the list load again, and only what changed is fresh', async () => {
  const store = new FakeStore(3);
  const list = listOf(store);
  await list.idle();
  store.rows.unshift(series(9));
  list.refresh(new Set(['s9']));
  await list.idle();
  assert.deepEqual(list.items.map((row) => row.id), ['s9', 's0', 's1', 's2']);
  assert.deepEqual([...list.fresh], ['s9']);
});

test('changes that come while one is being read are read together', async () => {
  const store = new FakeStore(50);
  const list = listOf(store);
  for (let i = 0; i < 20; i++) list.refresh(new Set([`s${String(i % 4)}`]));
  await list.idle();
  assert.deepEqual(store.asked, ['100@0', 's0', 's1', 's2', 's3']);
});

test('an error is kept until a retry works', async () => {
  const store = new FakeStore(5);
  store.broken = true;
  const list = listOf(store);
  await list.idle();
  assert.equal(list.error?.title, 'Broken');
  assert.equal(list.error.message, 'disk');
  store.broken = false;
  list.retry();
  await list.idle();
  assert.equal(list.error, null);
  assert.equal(list.items.length, 5);
});

test('gathered changes widen to everything', () => {
  assert.deepEqual(gather(new Set(['a']), ['b']), new Set(['a', 'b']));
  assert.equal(gather(new Set(['a']), null), null);
  assert.equal(gather(null, ['a']), null);
});
