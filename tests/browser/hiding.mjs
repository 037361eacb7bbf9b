// SPDX-License-Identifier: LGPL-2.1-or-later

// runs that are no measurement are hidden and shown again, from the trend and from their own page

import assert from 'node:assert/strict';

import { makeRun } from './runs.mjs';
import { test } from './tap.mjs';

const RUNS = '**/api/v1/runs/bulk';
const ODD = [4, 9];
const plain = async (locator) => (await locator.innerText()).replaceAll('\u00a0', ' ');
const focused = (locator) => locator.and(locator.page().locator(':focus')).waitFor();

let known = null;

/** A lab of its own, two of whose results are odd. */
async function odd(daemon) {
  if (known !== null) return known;
  const { runs: before } = await daemon.get('status');
  const now = Date.now();
  const runs = Array.from({ length: 12 }, (_, build) =>
    makeRun('odd', build, new Date(now - (13 - build) * 3_600_000).toISOString(), ODD.includes(build) ? 4 : 1),
  );
  daemon.drop(runs);
  await daemon.settled(before + runs.length);
  const match = ['lab:odd', 'metric:latency', 'benchmark:GET home'].map((m) => `match=${encodeURIComponent(m)}`);
  const { items } = await daemon.get(`series?limit=50&${match.join('&')}`);
  const { id } = items.find((series) => series.labels.stat === undefined);
  const points = await daemon.get(`series/${id}/points`);
  known = { id, runs: points.runs, values: points.values, odd: ODD.map((i) => points.runs[i]) };
  return known;
}

const shownRuns = async (daemon, id) => (await daemon.get(`series/${id}/points`)).runs;

async function refuse(page, status, problem) {
  const body = JSON.stringify({ status, request_id: 'f00d', ...problem });
  await page.route(RUNS, (route) => route.fulfill({ status, contentType: 'application/problem+json', body }), { times: 1 });
}

test('hiding: with the keyboard alone, seen by another page, taken back', async ({ desk, daemon, shoot }) => {
  const { id, odd: [run] } = await odd(daemon);
  const page = await desk.open(`/trend?series=${id}&point=${id}.${run}`);
  const other = await desk.open(`/trend?series=${id}`);
  await other.locator('.live-live').waitFor();
  await page.getByRole('button', { name: 'Hide this run…' }).press('Enter');
  const reason = page.getByLabel('Why is it no measurement?');
  await focused(reason);
  assert.equal(await page.getByRole('button', { name: `Hide run ${run}` }).isDisabled(), true, 'a reason is wanted');
  await page.keyboard.press('Escape');
  await focused(page.getByRole('button', { name: 'Hide this run…' }));
  await page.keyboard.press('Enter');
  await focused(reason);
  await page.keyboard.type('another machine');
  await page.getByRole('form').getByLabel('Your name').fill('ann');
  await shoot(page, 'hide-form');
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: `Run ${run} is hidden.` }).waitFor();
  assert.equal(await page.locator('.card').count(), 0);
  await focused(page.locator('.plot'));
  const line = page.locator('.hidden-line').filter({ hasText: '1 run is hidden: another machine' });
  await line.waitFor();
  await other.locator('.hidden-line').filter({ hasText: '1 run is hidden: another machine' }).waitFor();
  assert.ok(!(await shownRuns(daemon, id)).includes(run));
  await line.getByRole('button', { name: 'Undo' }).press('Enter');
  await page.getByRole('link', { name: `Run ${run}` }).waitFor();
  assert.equal(await page.getByText('is hidden').count(), 0);
  assert.ok((await shownRuns(daemon, id)).includes(run));
});

test('hiding: the list tells value, reason, who and when, and shows again', async ({ desk, daemon, shoot }) => {
  const { id, odd: runs, values } = await odd(daemon);
  const said = { hidden: true, who: 'bob', reason: 'kernel swapped', ids: runs };
  const { status } = await fetch(`${daemon.origin}/api/v1/runs/bulk`, { method: 'POST', body: JSON.stringify(said) });
  assert.equal(status, 200);
  const page = await desk.open(`/trend?series=${id}`);
  const line = page.locator('.hidden-line');
  await line.filter({ hasText: '2 runs are hidden: kernel swapped' }).waitFor();
  await line.getByRole('button', { name: 'List' }).press('Enter');
  const rows = page.getByRole('table', { name: 'Hidden runs' }).locator('tbody tr');
  const row = rows.filter({ hasText: `Run ${runs[0]}` });
  assert.equal(await rows.count(), 2);
  const value = `${(values[ODD[0]] * 1000).toPrecision(4)} ms`;
  for (const part of [`build ${700 + ODD[0]}`, value, 'kernel swapped', 'bob', new Date().toISOString().slice(0, 5)]) {
    const text = await plain(row);
    assert.ok(text.includes(part), `${part} in ${text}`);
  }
  await shoot(page, 'hidden-list');
  await row.getByRole('button', { name: `Show run ${runs[0]} again` }).click();
  await line.filter({ hasText: `Run ${runs[0]} is shown again.` }).filter({ hasText: '1 run is hidden' }).waitFor();
  assert.equal(await rows.count(), 1);
  await rows.getByRole('button').click();
  await line.filter({ hasText: `Run ${runs[1]} is shown again.` }).waitFor();
  assert.equal(await rows.count(), 0);
  assert.deepEqual(await shownRuns(daemon, id), known.runs);
});

test('hiding: what is refused says why, and everything is as before', async ({ desk, daemon, shoot }) => {
  desk.expect(/403|409|ERR_FAILED/);
  const { id, odd: [run] } = await odd(daemon);
  const page = await desk.open(`/trend?series=${id}&point=${id}.${run}`);
  await page.getByRole('button', { name: 'Hide this run…' }).click();
  await page.getByLabel('Why is it no measurement?').fill('another machine');
  const alert = page.getByRole('alert');
  for (const [title, arrange] of [
    ['Forbidden: this wants a token with the scope triage', () => refuse(page, 403, { title: 'Forbidden', detail: 'this wants a token with the scope triage' })],
    ['Conflict: the run was replaced', () => refuse(page, 409, { title: 'Conflict', detail: 'the run was replaced' })],
    ['No answer: perfdashd did not answer. Is it running, and can this browser reach it?', () => page.route(RUNS, (route) => route.abort(), { times: 1 })],
  ]) {
    await arrange();
    await page.getByRole('button', { name: `Hide run ${run}` }).click();
    await alert.filter({ hasText: title }).waitFor();
    assert.equal(await page.getByLabel('Why is it no measurement?').inputValue(), 'another machine', 'what was typed is not lost');
    assert.equal(await page.getByRole('button', { name: 'Undo' }).count(), 0);
  }
  await shoot(page, 'hide-refused');
  assert.ok((await shownRuns(daemon, id)).includes(run));
  await page.getByRole('button', { name: `Hide run ${run}` }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('status').filter({ hasText: 'Taken back.' }).waitFor();
  await page.getByRole('button', { name: 'Hide this run…' }).waitFor();
  assert.equal(await page.getByRole('form').count(), 0, 'the store was asked and it is over');
});

test('hiding: the result goes before the store answers, and none is left to draw', async ({ desk, daemon, shoot }) => {
  const { id, runs } = await odd(daemon);
  const last = runs.at(-1);
  let release = () => undefined;
  const held = new Promise((resolve) => (release = resolve));
  const page = await desk.open(`/trend?series=${id}&point=${id}.${last}`);
  await page.route(
    RUNS,
    async (route) => {
      await held;
      await route.continue();
    },
    { times: 1 },
  );
  const count = page.locator('.legend td.figure').last();
  assert.equal(await count.innerText(), String(runs.length));
  await page.getByRole('button', { name: 'Hide this run…' }).click();
  await page.getByLabel('Why is it no measurement?').fill('cut off');
  await page.getByRole('button', { name: `Hide run ${last}` }).click();
  await count.filter({ hasText: String(runs.length - 1) }).waitFor();
  release();
  await page.getByRole('status').filter({ hasText: `Run ${last} is hidden.` }).waitFor();
  const rest = { hidden: true, who: 'bob', reason: 'all wrong', ids: runs.slice(0, -1) };
  await fetch(`${daemon.origin}/api/v1/runs/bulk`, { method: 'POST', body: JSON.stringify(rest) });
  await page.getByRole('heading', { name: 'No result' }).waitFor();
  await page.getByText(`${runs.length} runs are hidden`).waitFor();
  await shoot(page, 'hidden-all');
  await fetch(`${daemon.origin}/api/v1/runs/bulk`, { method: 'POST', body: JSON.stringify({ hidden: false, ids: runs }) });
  await page.locator('.u-over').waitFor();
});

test('hiding: the page of a run hides it, tells who did and why, and shows it again', async ({ desk, daemon, shoot }) => {
  desk.expect(/403/);
  const { odd: [, run] } = await odd(daemon);
  const page = await desk.open(`/runs/${run}`);
  await page.getByRole('button', { name: 'Hide this run…' }).press('Enter');
  await focused(page.getByLabel('Why is it no measurement?'));
  await page.keyboard.type('another machine');
  await refuse(page, 403, { title: 'Forbidden', detail: 'this wants a token with the scope triage' });
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'Forbidden: this wants' }).waitFor();
  assert.equal(await page.getByLabel('Why is it no measurement?').inputValue(), 'another machine');
  await page.getByRole('form').getByLabel('Your name').fill('ann');
  await page.getByRole('button', { name: `Hide run ${run}` }).click();
  await page.getByText(/^Hidden by ann, \d{4}-.*: “another machine”/).waitFor();
  await page.locator('.history').filter({ hasText: 'ann: hidden “another machine”' }).waitFor();
  await shoot(page, 'run-hidden');
  await page.getByRole('button', { name: 'Show again' }).click();
  await page.getByRole('status').filter({ hasText: `Run ${run} is shown again.` }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.reload();
  await page.getByText(/^Hidden by ann/).waitFor();
  await page.getByRole('button', { name: 'Show again' }).click();
  await page.getByRole('button', { name: 'Hide this run…' }).waitFor();
  assert.equal((await daemon.get(`runs/${run}`)).hidden, null);
});
