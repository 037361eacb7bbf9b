// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';

import { Desk } from './browser.mjs';
import { Daemon } from './daemon.mjs';
import { makeRun } from './runs.mjs';
import { test } from './tap.mjs';

test('first run: an empty store offers three commands and fills by itself', async ({ browser, shoot }) => {
  const daemon = await new Daemon().start();
  const desk = new Desk(browser, daemon.origin);
  try {
    const page = await desk.open('/', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('heading', { name: 'No results yet' }).waitFor();
    await page.locator('.command').nth(2).waitFor();
    const commands = await page.locator('.command code').allTextContents();
    assert.equal(commands.length, 3);
    assert.equal(commands[0], `cp results.jtl '${daemon.watched}/'`);
    assert.ok(commands[1].includes(`${daemon.origin}/api/v1/logs?`), commands[1]);
    await page.locator('.command button').first().click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), commands[0]);
    await shoot(page, 'empty');
    daemon.drop([makeRun('dfw', 0, new Date().toISOString())]);
    await page.getByRole('link', { name: 'GET home · latency', exact: true }).waitFor({ timeout: 2000 });
    assert.deepEqual(desk.unexpected, []);
  } finally {
    await desk.close();
    await daemon.close();
  }
});
