// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';

import { Desk } from './browser.mjs';
import { Daemon } from './daemon.mjs';
import { history, makeRun } from './runs.mjs';
import { note, test } from './tap.mjs';

const LIMIT_MS = 2000;

async function withDaemon(browser, body) {
  const now = Date.now();
  const daemon = await new Daemon().start();
  const runs = history(now - 3_600_000);
  daemon.drop(runs);
  await daemon.settled(runs.length);
  const desk = new Desk(browser, daemon.origin);
  try {
    await body({ daemon, desk, runs: runs.length });
    assert.deepEqual(desk.unexpected, []);
  } finally {
    await desk.close();
    await daemon.close();
  }
}

async function homeLatency(daemon) {
  const { items } = await daemon.get('series?match=lab:dfw&match=benchmark:GET%20home&match=metric:latency&limit=20');
  return items.find((series) => series.labels.stat === undefined);
}

test('live: a log shows up on the open overview within 2 s, and nothing jumps', async ({ browser }) => {
  await withDaemon(browser, async ({ daemon, desk }) => {
    const { id } = await homeLatency(daemon);
    const page = await desk.open('/', { viewport: { width: 1280, height: 500 } });
    await page.locator('.live-live').waitFor();
    await page.locator('.scroller').evaluate((element) => (element.scrollTop = 104));
    const row = page.locator(`#row-${id}`);
    await row.waitFor({ state: 'attached' });
    await page.evaluate(() => (window.sameDocument = true));
    const before = Date.now();
    daemon.drop([makeRun('dfw', 99, new Date().toISOString(), 2)]);
    await row.locator('.number').filter({ hasText: /^(39|40|41)\./ }).waitFor({ state: 'attached', timeout: LIMIT_MS });
    note(`overview showed the new value after ${Date.now() - before} ms`);
    assert.equal(await page.evaluate(() => window.sameDocument), true);
    assert.equal(await page.locator('.scroller').evaluate((element) => element.scrollTop), 104);
  });
});

test('live: a log becomes a point of an open trend without moving its window', async ({ browser }) => {
  await withDaemon(browser, async ({ daemon, desk }) => {
    const { id } = await homeLatency(daemon);
    const from = new Date(Date.now() - 86_400_000 * 5).toISOString();
    const to = new Date(Date.now() + 86_400_000).toISOString();
    const page = await desk.open(`/trend?series=${id}&from=${from}&to=${to}`);
    await page.locator('.live-live').waitFor();
    await page.locator('.u-over').waitFor();
    const address = page.url();
    const before = Date.now();
    daemon.drop([makeRun('dfw', 99, new Date().toISOString(), 2)]);
    await page.locator('.legend td.figure').first().filter({ hasText: /^(39|40|41)\./ }).waitFor({ timeout: LIMIT_MS });
    note(`trend showed the new point after ${Date.now() - before} ms`);
    assert.equal(page.url(), address);
  });
});

test('live: after the daemon was away the page catches up', async ({ browser }) => {
  await withDaemon(browser, async ({ daemon, desk, runs }) => {
    desk.expect(/ERR_|Failed to load resource/);
    const { id } = await homeLatency(daemon);
    const page = await desk.open('/');
    await page.locator('.live-live').waitFor();
    await daemon.stop();
    await page.getByText('Reconnecting…').waitFor();
    daemon.drop([makeRun('dfw', 99, new Date().toISOString(), 2)]);
    await daemon.start();
    await daemon.settled(runs + 1);
    await page.locator(`#row-${id} .number`).filter({ hasText: /^(39|40|41)\./ }).waitFor({ timeout: 15_000 });
    await page.locator('.live-live').waitFor();
  });
});
