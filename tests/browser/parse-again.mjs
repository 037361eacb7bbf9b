// SPDX-License-Identifier: LGPL-2.1-or-later

// the log of a run is parsed again from its page

import assert from 'node:assert/strict';

import { test } from './tap.mjs';

const REPARSE = '**/api/v1/logs/*/reparse?*';
const COUNTS = { logs_same: 0, values_same: 4, values_rounded: 0, values_changed: 3, values_moved: 0, values_appeared: 1, values_vanished: 0 };
const EXAMPLES = [
  { what: 'changed', series_before: 'benchmark=login lab=muc', value_before: 31, unit_before: 's', series: 'benchmark=login lab=muc', value: 0.031, unit: 's' },
  { what: 'appeared', series_before: null, value_before: null, unit_before: null, series: 'benchmark=login metric=rows', value: 1001, unit: '1' },
];
const plain = async (locator) => (await locator.innerText()).replaceAll('\u00a0', ' ');

async function newest(daemon) {
  const { items } = await daemon.get('runs?match=lab:muc&limit=1');
  return items[0];
}

/** Answers as a daemon whose parser got better, and tells what was asked. */
async function better(page) {
  const asked = [];
  await page.route(REPARSE, (route) => {
    asked.push(new URL(route.request().url()).pathname + new URL(route.request().url()).search);
    const report = { parsers: [{ parser_before: 'mill 1', parser: 'mill 2', ...COUNTS }], examples: EXAMPLES };
    return route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify({ report }) });
  });
  return asked;
}

async function refuse(page, status, problem) {
  const body = JSON.stringify({ status, request_id: 'f00d', ...problem });
  await page.route(REPARSE, (route) => route.fulfill({ status, contentType: 'application/problem+json', body }), { times: 1 });
}

test('parse again: a parser that is the same changes nothing, and nothing is to be done', async ({ desk, daemon }) => {
  const run = await newest(daemon);
  const page = await desk.open(`/runs/${run.id}`);
  const button = page.getByRole('button', { name: 'Parse again…' });
  await button.press('Enter');
  await page.getByText(/^No value changes, as read by perfdash-json/).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Parse again', exact: true }).count(), 0);
  await page.getByRole('button', { name: 'Close' }).click();
  assert.equal(await button.getAttribute('aria-expanded'), 'false');
});

test('parse again: first what would change, with the keyboard alone, then it does', async ({ desk, daemon, shoot }) => {
  const run = await newest(daemon);
  const page = await desk.open(`/runs/${run.id}`);
  const asked = await better(page);
  await page.getByRole('button', { name: 'Parse again…' }).press('Enter');
  await page.getByText('3 values change, 1 appears, as read by mill 2, before by mill 1.').waitFor();
  const rows = page.getByRole('table', { name: 'Examples' }).locator('tbody tr');
  assert.equal((await plain(rows.first())).replace(/\s+/g, ' '), 'benchmark=login 31.00 s 31.00 ms');
  await shoot(page, 'parse-again');
  await page.getByRole('button', { name: 'Parse again', exact: true }).press('Enter');
  await page.getByRole('status').filter({ hasText: 'Parsed again: 3 values changed, 1 appeared.' }).waitFor();
  assert.equal(await rows.count(), 0);
  assert.deepEqual(asked, ['true', 'false'].map((preview) => `/api/v1/logs/${run.log.id}/reparse?preview=${preview}`));
});

test('parse again: what is refused says why, and can be tried again', async ({ desk, daemon, shoot }) => {
  desk.expect(/403|410/);
  const run = await newest(daemon);
  const page = await desk.open(`/runs/${run.id}`);
  await refuse(page, 410, { title: 'Gone', detail: 'the log is not kept any more' });
  await page.getByRole('button', { name: 'Parse again…' }).click();
  await page.getByRole('alert').filter({ hasText: 'the log is not kept any more' }).waitFor();
  await better(page);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText(/^3 values change/).waitFor();
  await refuse(page, 403, { title: 'Forbidden', detail: 'this wants a token with the scope ingest' });
  await page.getByRole('button', { name: 'Parse again', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'Forbidden: this wants a token with the scope ingest' }).waitFor();
  await page.getByText(/^3 values change/).waitFor();
  await shoot(page, 'parse-again-refused');
});

test('parse again: a run that its log does not have any more says so, and is not to be hidden', async ({ desk, daemon }) => {
  const { items: [run, other] } = await daemon.get('runs?match=lab:muc&limit=2');
  const page = await desk.open('/');
  await page.route(`**/api/v1/runs/${run.id}`, async (route) => {
    const answer = await route.fetch();
    const history = [{ time: run.started_at, who: '', what: 'replaced', value: 'its log was parsed again' }];
    await route.fulfill({ response: answer, json: { ...(await answer.json()), history, replaced_by: other.id } });
  });
  await page.goto(`${daemon.origin}/runs/${run.id}`);
  await page.getByText('Replaced: its log was parsed again. Its results are in no trend').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Hide this run…' }).count(), 0);
  await page.getByRole('link', { name: `run ${other.id}`, exact: true }).click();
  await page.getByRole('heading', { name: `Run ${other.id}`, exact: true }).waitFor();
});
