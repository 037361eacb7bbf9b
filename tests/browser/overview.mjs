// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';

import { test } from './tap.mjs';

const rows = (page) => page.locator('.rows .row');
const count = (page) => page.locator('.count').textContent();

async function counts(page, text) {
  await page.getByRole('status').filter({ hasText: text }).first().waitFor();
}

test('overview: every series with value, change, sparkline and age', async ({ desk, daemon, shoot }) => {
  const page = await desk.open('/');
  const status = await daemon.get('status');
  await counts(page, `${status.series} series`);
  const { items } = await daemon.get('series?match=lab:muc&match=benchmark:GET%20home&match=metric:latency&limit=10');
  const { id } = items.find((series) => series.labels.stat === undefined);
  const { changes } = await daemon.analysed(id);
  const plain = await daemon.get(`series/${id}`);
  const row = page.locator(`#row-${plain.id}`);
  await page.goto(`${daemon.origin}/?match=lab:muc&q=GET+home+latency`);
  await row.waitFor();
  const text = (await row.innerText()).replaceAll('\u00a0', ' ');
  assert.ok(text.includes((plain.last.value * 1000).toPrecision(4)), text);
  assert.ok(text.includes('ms') && text.includes('worse'), text);
  const [value, low, high] = ['value', 'low', 'high'].map((name) => (plain.baseline.change[name] * 100).toFixed(1));
  assert.ok(text.includes(`+${value} %`) && text.includes(`(${low} to ${high})`), text);
  assert.ok(text.includes(changes[0].state), text);
  assert.match(text, /just now|min ago/);
  assert.equal(await row.locator('.spark polyline').count(), 1);
  await page.goto(`${daemon.origin}/`);
  await rows(page).first().waitFor();
  await shoot(page, 'overview-light');
});

test('overview: filters change address, rows and counts, and back undoes them', async ({ desk, daemon }) => {
  const page = await desk.open('/');
  await page.getByRole('checkbox', { name: /^dfw/ }).first().check();
  await page.waitForURL('**/?match=lab:dfw');
  const { matched, total } = await daemon.get('series?match=lab:dfw&limit=1');
  await counts(page, `${matched} of ${total} series`);
  assert.match(await count(page), /all in shop \/ checkout \/ main/);
  const shown = await page.locator('.rows .row').evaluateAll((rows) => rows.map((row) => row.id.slice('row-'.length)));
  const labs = await Promise.all(shown.map(async (id) => (await daemon.get(`series/${id}`)).labels.lab));
  assert.ok(labs.length > 0 && labs.every((lab) => lab === 'dfw'), labs.join());
  await page.getByRole('button', { name: 'Remove filter lab:dfw' }).waitFor();
  await page.goBack();
  await counts(page, `${total} series`);
  assert.equal(new URL(page.url()).search, '');
});

test('overview: words and suggestions find series', async ({ desk, daemon }) => {
  const page = await desk.open('/');
  const box = page.getByRole('combobox', { name: 'Search series' });
  await box.fill('pay latency');
  await page.waitForURL('**/?q=pay+latency');
  const { matched, total } = await daemon.get('series?q=pay%20latency&limit=1');
  await counts(page, `${matched} of ${total} series`);
  await box.fill('mu');
  await page.getByRole('option', { name: /muc/ }).waitFor();
  await box.press('ArrowDown');
  await box.press('Enter');
  await page.waitForURL(/match=lab:muc/);
  assert.equal(await box.inputValue(), '');
  assert.ok((await count(page)).includes('of'));
  await box.fill('zzzz');
  await page.getByRole('heading', { name: 'No series matches' }).waitFor();
});

test('overview: sorts by what got worst and opens several series as one trend', async ({ desk, daemon }) => {
  const page = await desk.open('/?match=metric:latency');
  await page.getByRole('button', { name: 'Against 30 days ago' }).click();
  await page.waitForURL(/sort=-baseline/);
  const { items } = await daemon.get('series?match=metric:latency&sort=-baseline&limit=2');
  await page.locator(`.rows .row:first-child#row-${items[0].id}`).waitFor();
  for (const { id } of items) await page.locator(`#row-${id} input`).check();
  await page.getByRole('link', { name: 'Trend of 2 selected' }).click();
  await page.waitForURL(/trend\?series=/);
  assert.deepEqual(new URL(page.url()).searchParams.getAll('series'), items.map(({ id }) => id));
  await page.locator('.legend tbody tr').nth(1).waitFor();
});

test('overview: going back from a trend finds the list where it was', async ({ desk }) => {
  const page = await desk.open('/', { viewport: { width: 1280, height: 420 } });
  await rows(page).first().waitFor();
  await page.locator('.scroller').evaluate((element) => (element.scrollTop = 210));
  await page.waitForFunction(() => history.state?.top === 210);
  await page.locator('.rows .row a').nth(6).click();
  await page.waitForURL(/trend/);
  await page.goBack();
  await rows(page).first().waitFor();
  assert.equal(await page.locator('.scroller').evaluate((element) => element.scrollTop), 210);
});

test('overview: the table is worked with the keyboard alone', async ({ desk }) => {
  const page = await desk.open('/');
  await rows(page).first().waitFor();
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement.classList.contains('scroller'))) break;
  }
  assert.equal(await page.locator('.scroller:focus-visible').count(), 1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press(' ');
  await page.waitForURL(/select=/);
  const selected = new URL(page.url()).searchParams.get('select');
  assert.equal(await page.locator('.scroller').getAttribute('aria-activedescendant'), `row-${selected}`);
  await page.keyboard.press('End');
  await page.locator('.rows .row.active').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/trend\?series=/);
});
