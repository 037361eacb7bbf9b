// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';

import { test } from './tap.mjs';

const SOURCES = '**/api/v1/sources';
const HOUR = 3_600_000;
const ago = (hours) => new Date(Date.now() - hours * HOUR).toISOString();
const plain = async (locator) => (await locator.innerText()).replaceAll('\u00a0', ' ');

const DAYS = Array.from({ length: 14 }, (_, i) => ({ date: `2026-11-${String(15 + i)}`, logs: i, failed: i === 9 ? 1 : 0, results: (i * 7) % 40 }));
const WELL = {
  name: 'lon',
  type: 'http',
  location: 'https://store.example/results/',
  labs: ['lon'],
  state: 'watching',
  last_read: ago(0.2),
  logs: 3240,
  failed: 2,
  days: DAYS,
  failed_week: 0,
  last_poll: ago(0.01),
  next_poll: ago(-0.05),
  poll_failures: 0,
  usual_seconds: 3600,
  last_result: ago(0.3),
  due: ago(-1),
  delay_seconds: 23.5,
  cause: null,
  error: null,
  failures: [],
  problems: [],
  red_jobs: [],
};
const JOB = { job: 'perf/cart', build: 814, result: 'FAILURE', time: ago(5), url: 'https://jenkins.example/job/perf/job/cart/814/', builds: 3 };
const FAILURE = {
  digest: 'ab'.repeat(32),
  name: 'cart.jtl',
  size: 4,
  received_at: ago(30),
  source: 'dfw',
  outcome: 'failed',
  parser: 'jmeter',
  error: { class: 'broken', message: 'jmeter: line 17: the time stamp is not a number' },
  warnings: [],
  runs: [],
};
const RED = { ...WELL, name: 'muc', type: 'jenkins', location: 'https://jenkins.example/', labs: ['muc', 'blr'], cause: 'job red', red_jobs: [JOB] };
const GONE = {
  ...WELL,
  name: 'dfw',
  type: 'jenkins',
  location: 'https://jenkins.dfw.example/',
  labs: ['dfw'],
  state: 'error',
  failed_week: 1,
  cause: 'unreachable',
  error: 'https://jenkins.dfw.example/: Connection refused',
  poll_failures: 12,
  failures: [FAILURE],
  problems: [{ item: 'perf#812/out.jtl', message: 'https://jenkins.dfw.example/…: 404 Not Found', tries: 1, retry_at: null }],
};
const SILENCES = [
  {
    cause: 'unreachable',
    sentence: 'lab dfw has been silent for 3 of its usual intervals (26 h): source dfw is unreachable',
    sources: ['dfw'],
    labs: ['dfw'],
    since: ago(26),
    usual_seconds: 28_800,
    red_jobs: [],
  },
  { cause: 'job red', sentence: 'job perf/cart of source muc is red (build 814 FAILURE, 3 in a row)', sources: ['muc'], labs: [], since: null, usual_seconds: null, red_jobs: [JOB] },
];
const ALL = { silences: SILENCES, items: [GONE, WELL, RED] };

// times are as old when they are asked for as they were when this file was read
const READ_AT = Date.now();
const renew = (key, value) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value) ? new Date(Date.parse(value) + Date.now() - READ_AT).toISOString() : value;

function answer(json) {
  return { before: (page) => page.route(SOURCES, (route) => route.fulfill({ json: JSON.parse(JSON.stringify(json), renew) })) };
}

test('sources: what is missing and why, then each source with its days and failures', async ({ desk, shoot }) => {
  const page = await desk.open('/sources', answer(ALL));
  const told = page.locator('.silences > li');
  await told.first().waitFor();
  assert.deepEqual([await told.count(), await plain(told.first())], [2, `unreachable ${SILENCES[0].sentence}`]);
  assert.equal(await told.getByRole('link', { name: 'perf/cart #814' }).getAttribute('href'), JOB.url);
  const row = page.locator('.sources tbody tr').first();
  assert.match(await plain(row), /dfw\s+jenkins\s+✕ unreachable\s+12 min ago\s+just now\s+next in 2 min\s+60 min/);
  assert.match(await row.getByRole('img').getAttribute('aria-label'), /^\d+ results in 14 days, most \d+ on 2026-11-\d\d, today \d+$/);
  await shoot(page, 'sources');
  await row.getByRole('button', { name: 'dfw', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/sources?source=dfw');
  const detail = await plain(page.locator('.source-detail'));
  for (const part of ['Connection refused (12 times in a row)', 'a result every 60 min', 'cart.jtl', 'broken', 'line 17', '404 Not Found']) {
    assert.ok(detail.includes(part), `${part} in ${detail}`);
  }
  const log = page.getByRole('link', { name: 'cart.jtl' });
  assert.equal(await log.getAttribute('href'), `api/v1/logs/${FAILURE.digest}/raw`);
  await shoot(page, 'sources-open');
  const other = await desk.open('/sources?source=dfw', answer(ALL));
  await other.locator('.source-detail').waitFor();
  await other.getByRole('link', { name: 'dfw' }).click();
  await other.waitForURL('**/?match=lab:dfw');
});

for (const [width, colorScheme] of [
  [400, 'light'],
  [400, 'dark'],
  [1280, 'dark'],
  [360, 'light'],
  [2560, 'light'],
]) {
  test(`sources: ${width} px, ${colorScheme}`, async ({ desk, shoot }) => {
    const page = await desk.open('/sources?source=dfw', { ...answer(ALL), viewport: { width, height: 800 }, colorScheme });
    await page.locator('.source-detail').waitFor();
    await shoot(page, `sources-${width}-${colorScheme}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
  });
}

test('sources: of a real daemon, found from any page, and kept as it is now', async ({ desk, daemon }) => {
  const page = await desk.open('/');
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Sources' }).click();
  await page.waitForURL('**/sources');
  const row = page.locator('.sources tbody tr');
  await row.filter({ hasText: 'logs' }).waitFor();
  const { items } = await daemon.get('sources');
  assert.equal(await row.count(), items.length);
  assert.match(await plain(row.first()), /✓ fine/);
  assert.match(await page.title(), /^Sources/);
  await page.getByRole('button', { name: 'logs', exact: true }).click();
  await page.locator('.source-detail dd').filter({ hasText: items[0].location }).waitFor();
});

test('sources: polled at once, or told why not', async ({ desk }) => {
  desk.expect(/401/);
  const problem = { type: '/problems/unauthorized', title: 'Unauthorized', status: 401, detail: 'this wants a token with the scope ingest', request_id: 'f00d' };
  const page = await desk.open('/sources', answer(ALL));
  const polls = [];
  await page.route('**/sources/lon/poll', (route) => {
    polls.push(route.request().method());
    return polls.length === 1
      ? route.fulfill({ status: 401, contentType: 'application/problem+json', body: JSON.stringify(problem) })
      : route.fulfill({ json: WELL });
  });
  const button = page.getByRole('button', { name: 'Poll now: lon' });
  await button.click();
  assert.equal(await page.getByRole('alert').innerText(), 'Unauthorized: this wants a token with the scope ingest');
  await button.click();
  await page.getByRole('status').filter({ hasText: 'lon is polled now.' }).waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.deepEqual(polls, ['POST', 'POST']);
});

test('sources: none yet, while loading, and when they cannot be had', async ({ desk, shoot }) => {
  desk.expect(/500/);
  const none = await desk.open('/sources', answer({ silences: [], items: [] }));
  await none.getByRole('heading', { name: 'No sources yet' }).waitFor();
  assert.match(await none.locator('.command code').innerText(), /^\[source lab1\]\ntype=directory\npath=/);
  await shoot(none, 'sources-none');
  let release = () => undefined;
  const held = new Promise((resolve) => (release = resolve));
  const problem = { type: '/problems/internal', title: 'Store is busy', status: 500, detail: 'the disk is full', request_id: 'f00d' };
  const page = await desk.open('/sources', {
    before: (fresh) =>
      fresh.route(
        SOURCES,
        async (route) => {
          await held;
          await route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(problem) });
        },
        { times: 1 },
      ),
  });
  await page.getByRole('status', { name: 'Loading the sources' }).waitFor();
  release();
  await page.getByRole('alert').filter({ hasText: 'the disk is full' }).waitFor();
  await shoot(page, 'sources-error');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.sources tbody tr').first().waitFor();
});

test('sources: the overview tells in one line what is missing', async ({ desk, shoot }) => {
  const page = await desk.open('/', answer(ALL));
  const line = page.locator('.silence-line');
  await line.waitFor();
  assert.match(await plain(line), /^lab dfw has been silent for 3 .* unreachable\s+and 1 more$/);
  await shoot(page, 'overview-silence');
  await line.getByRole('link').click();
  await page.waitForURL('**/sources');
});
