// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';

import { test } from './tap.mjs';

const PROBLEM = { type: '/problems/internal', title: 'Store is busy', status: 500, detail: 'the disk is full: free some space', request_id: 'f00d' };

function breakOnce(page, pattern, answer) {
  return page.route(pattern, answer, { times: 1 });
}

test('failures: the server’s own words are shown, and a retry works', async ({ desk, shoot }) => {
  desk.expect(/500/);
  const body = JSON.stringify(PROBLEM);
  const page = await desk.open('/', {
    before: (fresh) =>
      breakOnce(fresh, '**/api/v1/series?*', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body })),
  });
  const alert = page.getByRole('alert');
  await alert.waitFor();
  const text = await alert.innerText();
  for (const part of [PROBLEM.title, PROBLEM.detail, PROBLEM.request_id]) assert.ok(text.includes(part), part);
  await shoot(page, 'error');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.rows .row').first().waitFor();
  assert.equal(await alert.count(), 0);
});

test('failures: no answer at all is told apart', async ({ desk, daemon }) => {
  desk.expect(/ERR_FAILED/);
  const { items } = await daemon.get('series?limit=1');
  const page = await desk.open(`/trend?series=${items[0].id}`, {
    before: (fresh) => breakOnce(fresh, '**/points?*', (route) => route.abort()),
  });
  await page.getByRole('heading', { name: 'No answer' }).waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.u-over').waitFor();
});

test('failures: while an answer is on its way the page says that it loads', async ({ desk, shoot }) => {
  let release = () => undefined;
  const held = new Promise((resolve) => (release = resolve));
  const page = await desk.open('/', {
    before: (fresh) =>
      breakOnce(fresh, '**/api/v1/series?*', async (route) => {
        await held;
        await route.continue();
      }),
  });
  await page.getByRole('status', { name: 'Loading series' }).waitFor();
  await shoot(page, 'loading');
  release();
  await page.locator('.rows .row').first().waitFor();
});
