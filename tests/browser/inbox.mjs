// SPDX-License-Identifier: LGPL-2.1-or-later

// the list of changes: what it shows, what is said of it with keys, and how that is taken back

import assert from 'node:assert/strict';

import { test } from './tap.mjs';

const PROBLEM = { type: '/problems/internal', title: 'Store is busy', status: 500, detail: 'the disk is full', request_id: 'f00d' };
const GROUPS = '**/api/v1/changes/groups?*';

const plain = async (locator) => (await locator.innerText()).replaceAll('\u00a0', ' ');

/** The group of lab muc, when the analysis has found it. */
async function groupOf(daemon, lab) {
  const { items } = await daemon.get(`changes/groups?match=lab:${lab}`);
  return items[0];
}

async function stateIn(daemon, lab, state) {
  for (let i = 0; i < 100; i++) {
    const { said } = await groupOf(daemon, lab);
    if (said.every((one) => one.state === state)) return said;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${lab} is not ${state}`);
}

const row = (page, group) => page.locator(`#group-${group.id}`);

test('inbox: tells what got worse and better, and leads to its trend', async ({ desk, daemon, shoot }) => {
  const worse = await groupOf(daemon, 'muc');
  const better = await groupOf(daemon, 'blr');
  const page = await desk.open('/');
  await page.getByRole('link', { name: 'Changes' }).click();
  await page.getByLabel('State').selectOption('all');
  await row(page, worse).waitFor();
  const text = await plain(row(page, worse));
  const builds = `build ${worse.previous_build} → ${worse.build}`;
  for (const part of ['worse', builds, worse.suspect, 'new', `${worse.changes} changes: 2 tests (GET home, POST pay)`, 'muc']) assert.ok(text.includes(part), `${part} in ${text}`);
  assert.match(await plain(row(page, better)), /better/);
  await shoot(page, 'inbox');
  await page.getByLabel('Direction').selectOption('regression');
  await row(page, better).waitFor({ state: 'detached' });
  assert.equal(new URL(page.url()).search, '?state=all&direction=regression');
  await row(page, worse).getByRole('link').first().click();
  await page.locator('.changes tr.chosen').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('change'), String(worse.worst.id));
});

test('inbox: keys walk, select, acknowledge and take back', async ({ desk, daemon, shoot }) => {
  const group = await groupOf(daemon, 'muc');
  await stateIn(daemon, 'muc', 'new');
  const page = await desk.open('/changes');
  await row(page, group).waitFor();
  for (let i = 0; i < 10 && !(await row(page, group).getAttribute('class'))?.includes('chosen'); i++) await page.keyboard.press('j');
  await page.keyboard.press('x');
  assert.ok(await row(page, group).getByRole('checkbox').isChecked());
  await page.keyboard.press('a');
  await row(page, group).waitFor({ state: 'detached' });
  await stateIn(daemon, 'muc', 'acknowledged');
  assert.equal(await page.locator('.outcome').innerText().then((words) => words.split('\n')[0]), `${group.changes} changes are acknowledged.`);
  await shoot(page, 'inbox-acknowledged');
  await page.keyboard.press('u');
  await row(page, group).waitFor();
  await stateIn(daemon, 'muc', 'new');
});

test('inbox: ignoring wants a reason, and letters typed into it are no keys', async ({ desk, daemon, shoot }) => {
  const group = await groupOf(daemon, 'muc');
  const page = await desk.open('/changes?match=lab:muc');
  await row(page, group).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('i');
  const field = page.getByLabel('Why are they not worth looking at?');
  await page.keyboard.type('a new disk, axle bogie u');
  assert.equal(await field.inputValue(), 'a new disk, axle bogie u');
  await stateIn(daemon, 'muc', 'new');
  await shoot(page, 'inbox-ignore');
  await page.keyboard.press('Escape');
  assert.equal(await field.count(), 0);
  await page.keyboard.press('i');
  assert.ok(await page.locator('.inbox-ask').getByRole('button', { name: 'Ignore' }).isDisabled());
  await page.keyboard.type('new disk');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Nothing new' }).waitFor();
  const [said] = await stateIn(daemon, 'muc', 'ignored');
  assert.equal(said.reason, 'new disk');
  await page.getByRole('button', { name: 'Undo' }).click();
  await row(page, group).waitFor();
  await stateIn(daemon, 'muc', 'new');
});

test('inbox: says when nothing is new, and how fresh that is', async ({ desk, shoot }) => {
  const page = await desk.open('/changes', {
    before: (fresh) => fresh.route(GROUPS, (route) => route.fulfill({ json: { generation: 1, matched: 0, items: [], next: null } })),
  });
  await page.getByRole('heading', { name: 'Nothing new' }).waitFor();
  await page.getByText(/^Last result .* from \d+ labs\.$/).waitFor();
  await shoot(page, 'inbox-empty');
});

test('inbox: an error is told, and what was said is not lost', async ({ desk, daemon, shoot }) => {
  desk.expect(/500/);
  const body = JSON.stringify(PROBLEM);
  const broken = (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body });
  const page = await desk.open('/changes', { before: (fresh) => fresh.route(GROUPS, broken, { times: 1 }) });
  await page.getByRole('alert').filter({ hasText: 'the disk is full' }).waitFor();
  await shoot(page, 'inbox-error');
  await page.getByRole('button', { name: 'Try again' }).click();
  const group = await groupOf(daemon, 'muc');
  await row(page, group).getByRole('checkbox').check();
  await page.route('**/api/v1/changes/bulk', broken, { times: 1 });
  await page.getByRole('button', { name: 'Set owner…' }).click();
  await page.keyboard.type('ann');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'the disk is full' }).waitFor();
  assert.equal(await page.getByLabel('Who looks after them?').inputValue(), 'ann');
  await page.keyboard.press('Enter');
  await row(page, group).getByText('owner ann').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await row(page, group).getByText('owner ann').waitFor({ state: 'detached' });
});
