// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';

import { test } from './tap.mjs';

test('run: labels, environment, parameters and results with their trends', async ({ desk, daemon, shoot }) => {
  const { items } = await daemon.get('runs?match=lab:muc&limit=1');
  const [run] = items;
  const page = await desk.open(`/runs/${run.id}`);
  await page.getByRole('heading', { name: `Run ${run.id}` }).waitFor();
  const text = await page.locator('main').innerText();
  for (const part of [run.build, run.revision, 'muc', 'shop', 'kernel', '6.1.0-18-amd64', 'threads', '64', 'perfdash-json', 'p99']) {
    assert.ok(text.includes(part), part);
  }
  assert.equal(await page.locator('.data tbody tr').count(), run.n_results);
  assert.equal(await page.getByRole('link', { name: 'Job' }).getAttribute('href'), run.url);
  await shoot(page, 'run-light');
  await page.getByRole('link', { name: 'Trend of GET home latency' }).first().click();
  await page.waitForURL(/trend\?series=/);
  await page.locator('.u-over').waitFor();
});

test('run: a run that is not there says so', async ({ desk, shoot }) => {
  desk.expect(/404/);
  const page = await desk.open('/runs/99999999');
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).waitFor();
  assert.match(await page.getByRole('alert').innerText(), /99999999/);
  await shoot(page, 'run-unknown');
});
