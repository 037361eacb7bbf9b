// SPDX-License-Identifier: LGPL-2.1-or-later

// what the analysis found, on the trend page, and what a reader says of it

import assert from 'node:assert/strict';

import { test } from './tap.mjs';

const PROBLEM = { type: '/problems/internal', title: 'Store is busy', status: 500, detail: 'the disk is full', request_id: 'f00d' };
const TRENDS = '**/api/v1/series/*/trend';

async function latencyOf(daemon, lab, benchmark = 'GET home') {
  const match = [`lab:${lab}`, 'metric:latency', `benchmark:${benchmark}`].map((m) => `match=${encodeURIComponent(m)}`);
  const { items } = await daemon.get(`series?limit=50&${match.join('&')}`);
  return items.find((series) => series.labels.stat === undefined);
}

const plain = async (locator) => (await locator.innerText()).replaceAll('\u00a0', ' ');
const percent = (share) => (share * 100).toFixed(1).replace('-', '\u2212');

test('changes: a step has its size with bounds, and its card tells the rest', async ({ desk, daemon, shoot }) => {
  const { id } = await latencyOf(daemon, 'muc');
  const [change] = (await daemon.analysed(id)).changes;
  const page = await desk.open(`/trend?series=${id}`);
  const badge = page.locator('.badge');
  await badge.waitFor();
  const { value, low, high } = change.change;
  assert.equal(await plain(badge), `+${percent(value)} % (${percent(low)} to ${percent(high)})`);
  assert.match(await badge.getAttribute('aria-label'), /worse/);
  await badge.hover();
  const text = await plain(page.locator('.change-card'));
  for (const part of ['worse', 'certain', 'p < 10⁻⁶', '745 → 746', 'ms → ', change.state]) assert.ok(text.includes(part), `${part} in ${text}`);
  await shoot(page, 'change-card');
});

test('changes: undecided ones and outliers are told apart from what was found', async ({ desk, daemon, shoot }) => {
  const { id } = await latencyOf(daemon, 'blr');
  const trend = await daemon.analysed(id);
  const page = await desk.open(`/trend?series=${id}`);
  const badges = page.locator('.badge');
  await badges.nth(1).waitFor();
  assert.match(await badges.nth(0).getAttribute('aria-label'), /20\.\d.* better/);
  assert.match(await badges.nth(1).getAttribute('aria-label'), /undecided/);
  const runs = trend.undecided.runs_needed;
  assert.equal(await plain(badges.nth(1)), `undecided: ${runs} more ${runs === 1 ? 'run' : 'runs'} would settle it`);
  assert.equal(await badges.nth(1).locator('.sign.undecided').count(), 1);
  const facts = await plain(page.locator('.facts-row'));
  assert.match(facts, /^Level 19\.\d\d ms \(.*\), noise \d\.\d %, .*perhaps \+1\d\.\d % .*, 1 outlier set aside$/);
  assert.equal(await page.locator('.changes tbody tr').count(), 1, 'the list holds what was found');
  await shoot(page, 'change-undecided');
});

// what the daemon says, with another word here and there
function rewrite(page, path, edit) {
  return page.route(path, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: edit(await response.json()) });
  });
}

test('changes: unsure ones are not drawn as alerts, and machine and control series are remarked', async ({ desk, daemon, shoot }) => {
  const { id } = await latencyOf(daemon, 'muc');
  const [change] = (await daemon.analysed(id)).changes;
  const unsure = { state: 'unsure', p_adjusted: 0.12, machine: true, control: true };
  const page = await desk.open(`/trend?series=${id}`, {
    before: (fresh) => rewrite(fresh, TRENDS, (trend) => ({ ...trend, changes: trend.changes.map((one) => ({ ...one, ...unsure })) })),
  });
  const badge = page.locator('.badge.unsure');
  await badge.waitFor();
  assert.match(await plain(badge), /\) unsure$/);
  assert.equal(await badge.locator('.sign.unsure').count(), 1);
  assert.match(await page.locator('.state-cell .state.unsure').getAttribute('title'), /more results may settle it \(p = 0\.12/);
  assert.deepEqual(await page.locator('.state-cell .change-remark').allInnerTexts(), ['machine?', 'control series']);
  await badge.hover();
  const text = await plain(page.locator('.change-card'));
  for (const part of ['worse, unsure', 'more results may settle it', 'no code is between', 'Code cannot move it']) assert.ok(text.includes(part), `${part} in ${text}`);
  await shoot(page, 'change-unsure');
  const list = await desk.open('/', {
    before: (fresh) => rewrite(fresh, '**/api/v1/series?*', (answer) => ({
      ...answer,
      items: answer.items.map((one) => (one.id === id ? { ...one, open_change: { ...one.open_change, id: change.id, state: 'unsure' } } : one)),
    })),
  });
  assert.match(await list.locator(`#row-${id} .state.unsure`).getAttribute('title'), /more results may settle it/);
  await shoot(list, 'overview-unsure');
});

test('changes: an open one tells its possible causes and what the changes with it speak for', async ({ desk, daemon, shoot }) => {
  const { id } = await latencyOf(daemon, 'muc');
  const [change] = (await daemon.analysed(id)).changes;
  const { items } = await daemon.get('changes/groups');
  const group = items.find(({ ids }) => ids.includes(change.id));
  const causes = [{ key: 'kernel', before: '6.1.0-18', after: '6.5.0-1', runs_before: 5, runs_after: 5 }];
  const page = await desk.open(`/trend?series=${id}&change=${change.id}`, {
    before: (fresh) => rewrite(fresh, `**/api/v1/changes/${change.id}`, (detail) => ({ ...detail, causes })),
  });
  await page.locator('.causes').filter({ hasText: 'kernel 6.1.0-18 → 6.5.0-1' }).waitFor();
  const text = await plain(page.locator('.causes'));
  assert.ok(text.includes(`One of ${group.changes} changes at that time: `), text);
  for (const sentence of group.evidence) assert.ok(text.includes(sentence), `${sentence} in ${text}`);
  await shoot(page, 'change-causes');
});

test('changes: badges are one stop of the tab key, arrows go along them, enter opens the row', async ({ desk, daemon }) => {
  const { id } = await latencyOf(daemon, 'blr');
  const [change] = (await daemon.analysed(id)).changes;
  const page = await desk.open(`/trend?series=${id}`);
  await page.locator('.badge').nth(1).waitFor();
  await page.locator('.plot').focus();
  await page.keyboard.press('Tab');
  await page.locator('.change-card').filter({ hasText: 'better' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.locator('.change-card').filter({ hasText: 'would settle it' }).waitFor();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`change=${change.id}`));
  await page.locator('.change-detail .sentence').filter({ hasText: 'lower, which is better' }).waitFor();
  assert.equal(await page.locator('.badge.chosen').count(), 1);
  await page.keyboard.press('Tab');
  assert.equal(await page.locator('.change-card').count(), 0, 'the next stop is behind the badges');
  const other = await desk.open(new URL(page.url()).pathname + new URL(page.url()).search);
  await other.locator(`#change-${change.id}.chosen`).waitFor();
});

test('changes: acknowledged with a name, seen by another page at once, and taken back', async ({ desk, daemon, shoot }) => {
  const { id } = await latencyOf(daemon, 'muc', 'POST pay');
  const [change] = (await daemon.analysed(id)).changes;
  const page = await desk.open(`/trend?series=${id}`);
  const other = await desk.open(`/trend?series=${id}`);
  await other.locator('.live-live').waitFor();
  await page.getByLabel('Your name').fill('ann');
  await page.getByRole('button', { name: 'Acknowledge' }).click();
  await page.locator('.state-cell').filter({ hasText: /acknowledged\s*by ann, \d{4}-/ }).waitFor();
  await other.locator('.state-cell').filter({ hasText: 'by ann' }).waitFor();
  assert.equal((await daemon.get(`changes/${change.id}`)).state, 'acknowledged');
  assert.match(await page.locator('.change-list .outcome').innerText(), /The change of .* is acknowledged\./);
  assert.equal(await plain(page.locator('.precision')), '1 of 1 change that somebody judged was real: a precision of 100 %.');
  await shoot(page, 'change-acknowledged');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('.state-cell .state.new').waitFor();
  assert.equal(await page.locator('.precision').count(), 0);
  assert.equal((await daemon.get(`changes/${change.id}`)).state, 'new');
  await page.reload();
  await page.locator('.state-cell').waitFor();
  assert.equal(await page.getByLabel('Your name').inputValue(), 'ann', 'the name is remembered');
});

test('changes: ignored with a reason, then owner, link and note', async ({ desk, daemon }) => {
  const { id } = await latencyOf(daemon, 'muc', 'POST pay');
  const [change] = (await daemon.analysed(id)).changes;
  const page = await desk.open(`/trend?series=${id}`);
  await page.getByRole('button', { name: 'Ignore…' }).click();
  const reason = page.getByLabel('Why is it not worth looking at?');
  assert.equal(await reason.evaluate((input) => input === document.activeElement), true);
  assert.equal(await page.getByRole('button', { name: 'Ignore', exact: true }).isDisabled(), true);
  await reason.fill('another machine');
  await page.keyboard.press('Enter');
  await page.locator('.state-cell').filter({ hasText: '“another machine”' }).waitFor();
  await page.getByRole('button', { name: 'Details' }).click();
  await page.getByLabel('Owner').fill('bob');
  await page.getByLabel('Link').fill('https://tracker.example/1');
  await page.getByLabel('Note').fill('see\nthere');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.change-facts').filter({ hasText: 'https://tracker.example/1' }).waitFor();
  const { state, owner, link, note } = await daemon.get(`changes/${change.id}`);
  assert.deepEqual({ state, owner, link, note }, { state: 'ignored', owner: 'bob', link: 'https://tracker.example/1', note: 'see\nthere' });
  await page.getByRole('button', { name: 'Reopen' }).click();
  await page.locator('.state-cell .state.new').waitFor();
});

test('changes: what is refused says why and changes nothing', async ({ desk, daemon }) => {
  desk.expect(/500/);
  const { id } = await latencyOf(daemon, 'muc', 'POST pay');
  await daemon.analysed(id);
  const page = await desk.open(`/trend?series=${id}`);
  await page.locator('.state-cell').waitFor();
  const body = JSON.stringify(PROBLEM);
  await page.route('**/api/v1/changes/*', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body }), { times: 1 });
  await page.getByRole('button', { name: 'Acknowledge' }).click();
  assert.equal(await page.getByRole('alert').innerText(), 'Store is busy: the disk is full');
  assert.equal(await page.locator('.state-cell .state.new').count(), 1);
  assert.equal(await page.getByRole('button', { name: 'Undo' }).count(), 0);
});

test('changes: none, while loading, and when the analysis fails', async ({ desk, daemon, shoot }) => {
  desk.expect(/500/);
  const { id } = await latencyOf(daemon, 'dfw');
  let release = () => undefined;
  const held = new Promise((resolve) => (release = resolve));
  const body = JSON.stringify(PROBLEM);
  const page = await desk.open(`/trend?series=${id}`, {
    before: (fresh) =>
      fresh.route(
        TRENDS,
        async (route) => {
          await held;
          await route.fulfill({ status: 500, contentType: 'application/problem+json', body });
        },
        { times: 1 },
      ),
  });
  await page.locator('.u-over').waitFor();
  await page.getByRole('status', { name: 'Loading changes' }).waitFor();
  release();
  await page.getByRole('alert').filter({ hasText: 'the disk is full' }).waitFor();
  assert.equal(await page.locator('.u-over').count(), 1, 'the results stay');
  await shoot(page, 'change-error');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('No change of level was found.').waitFor();
  await shoot(page, 'change-none');
});

test('changes: of several lines at one build share a badge, and the list names the lines', async ({ desk, daemon, shoot }) => {
  const both = await Promise.all(['GET home', 'POST pay'].map((benchmark) => latencyOf(daemon, 'muc', benchmark)));
  for (const { id } of both) await daemon.analysed(id);
  const page = await desk.open(`/trend?${both.map(({ id }) => `series=${id}`).join('&')}&x=build`);
  const badge = page.locator('.badge');
  await badge.filter({ hasText: '2 changes' }).waitFor();
  await badge.hover();
  assert.equal(await page.locator('.change-card .told').count(), 2);
  const names = await page.locator('.changes .series-name').allInnerTexts();
  assert.deepEqual(names.sort(), ['GET home', 'POST pay']);
  await shoot(page, 'change-several');
});
