// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatAge, formatDateTime, formatTime, formatTimeTicks, formatZone, isStale, parseDateTime, resolveTime } from '../src/time';

const DAY = 86_400_000;
const WINTER = Date.UTC(2026, 10, 23, 17, 12, 20);

function inZone(zone: string, body: () => void): void {
  const before = process.env.TZ;
  process.env.TZ = zone;
  try {
    body();
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
}

test('a time is ISO in the reader’s zone, which is shown', () => {
  inZone('UTC', () => {
    assert.equal(formatTime(WINTER), '2026-11-23 17:12 UTC');
  });
  inZone('Europe/Berlin', () => {
    assert.equal(formatTime(WINTER, true), '2026-11-23 18:12:20 +01:00');
  });
  inZone('America/St_Johns', () => {
    assert.equal(formatZone(WINTER), '\u221203:30');
  });
});

test('ages use the largest unit', () => {
  const ages = [10, 90_000, 5 * 3_600_000, 3 * DAY].map((age) => formatAge(0, age).replace('\u00a0', ' '));
  assert.deepEqual(ages, ['just now', '1 min ago', '5 h ago', '3 d ago']);
});

test('a week of silence is stale', () => {
  assert.equal(isStale(0, 7 * DAY), false);
  assert.equal(isStale(0, 7 * DAY + 1), true);
});

test('from and to take offsets and RFC 3339 times only', () => {
  assert.equal(resolveTime('-30d', 30 * DAY), 0);
  assert.equal(resolveTime('-12h', DAY), DAY / 2);
  assert.equal(resolveTime('2026-11-23T17:12:20Z', 0), WINTER);
  for (const wrong of ['', 'yesterday', '11/23/2026', '30d', '2026-11-23']) assert.equal(resolveTime(wrong, 0), null);
});

test('a date field gives back what it shows and refuses what is no date', () => {
  inZone('Europe/Berlin', () => {
    assert.equal(formatDateTime(parseDateTime('2026-03-29 04:30') ?? 0), '2026-03-29 04:30');
    assert.equal(parseDateTime('2026-11-23'), Date.UTC(2026, 10, 22, 23));
  });
  for (const wrong of ['23.11.2026', '2026-02-30', '2026-13-01', '11/23/2026', '']) assert.equal(parseDateTime(wrong), null);
});

test('an axis names the day or year only where it begins', () => {
  inZone('UTC', () => {
    const midnight = Date.UTC(2026, 11, 31);
    assert.deepEqual(formatTimeTicks([midnight, midnight + DAY], DAY), ['12-31\n2026', '01-01\n2027']);
    assert.deepEqual(formatTimeTicks([midnight, midnight + 3_600_000], 3_600_000), ['00:00\n2026-12-31', '01:00']);
  });
});
