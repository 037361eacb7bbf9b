// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { BUILDS } from './runs.mjs';
import { test } from './tap.mjs';

async function seriesOf(daemon, lab, metric = 'latency', benchmark = 'GET home') {
  const match = [`lab:${lab}`, `metric:${metric}`, `benchmark:${benchmark}`];
  const { items } = await daemon.get(`series?limit=50&${match.map((m) => `match=${encodeURIComponent(m)}`).join('&')}`);
  return items.find((series) => series.labels.stat === undefined);
}

const plot = (page, index = 0) => page.locator('.plot .u-over').nth(index);
const drawn = (page) => page.locator('.plot canvas').first().evaluate((canvas) => canvas.toDataURL());

// the mouse goes to the middle of the newest result
async function placeOfLast(page, points) {
  const box = await plot(page).boundingBox();
  const span = points.times.at(-1) - points.times[0];
  const room = span * 0.015;
  return { x: box.x + (box.width * (span + room)) / (span + 2 * room), y: box.y + box.height / 2, box };
}

async function drag(page, from, to, y) {
  await page.mouse.move(from, y);
  await page.mouse.down();
  await page.mouse.move((from + to) / 2, y, { steps: 4 });
  await page.mouse.move(to, y, { steps: 4 });
  await page.mouse.up();
}

test('trend: draws the line and the hover card tells the value under the mouse', async ({ desk, daemon, shoot }) => {
  const series = await seriesOf(daemon, 'dfw');
  const page = await desk.open(`/trend?series=${series.id}`);
  await plot(page).waitFor();
  const coloured = await page.locator('.plot canvas').first().evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i + 2] - data[i] > 60 && data[i + 3] > 200) count++;
    return count;
  });
  assert.ok(coloured > 500, `${coloured} pixels in the colour of the line`);
  const points = await daemon.get(`series/${series.id}/points`);
  const at = await placeOfLast(page, points);
  await page.mouse.move(at.x, at.y);
  const card = page.locator('.card');
  await card.waitFor();
  const text = (await card.innerText()).replaceAll('\u00a0', ' ');
  for (const part of [(points.values.at(-1) * 1000).toPrecision(4), 'ms', 'lower is better', points.builds.at(-1), points.revisions.at(-1), 'dfw', 'ok']) {
    assert.ok(text.includes(part), `${part} in ${text}`);
  }
  await shoot(page, 'trend-light');
});

test('trend: a kept card has links to run and log, and is in the address', async ({ desk, daemon }) => {
  const series = await seriesOf(daemon, 'dfw');
  const page = await desk.open(`/trend?series=${series.id}`);
  await plot(page).waitFor();
  const points = await daemon.get(`series/${series.id}/points`);
  const at = await placeOfLast(page, points);
  await page.mouse.click(at.x, at.y);
  await page.waitForURL(/point=/);
  const run = points.runs.at(-1);
  const other = await desk.open(new URL(page.url()).pathname + new URL(page.url()).search);
  await other.getByRole('link', { name: `Run ${run}` }).waitFor();
  const log = await other.getByRole('link', { name: 'Log' }).evaluate((link) => link.href);
  assert.equal((await fetch(log)).status, 200);
  await other.getByRole('link', { name: `Run ${run}` }).click();
  await other.waitForURL(`**/runs/${run}`);
  await other.getByRole('heading', { name: `Run ${run}` }).waitFor();
});

test('trend: zoom is in the address and draws the same picture in another browser', async ({ desk, daemon }) => {
  const ids = await Promise.all(['dfw', 'muc'].map(async (lab) => (await seriesOf(daemon, lab)).id));
  const page = await desk.open(`/trend?series=${ids[0]}&series=${ids[1]}`);
  await plot(page).waitFor();
  const whole = await drawn(page);
  const box = await plot(page).boundingBox();
  await drag(page, box.x + box.width * 0.5, box.x + box.width * 0.8, box.y + 20);
  await page.waitForURL(/from=.*&to=/);
  await page.mouse.move(5, 5);
  await page.waitForTimeout(100);
  const zoomed = await drawn(page);
  assert.notEqual(zoomed, whole);
  const other = await desk.open(new URL(page.url()).pathname + new URL(page.url()).search);
  await plot(other).waitFor();
  await other.waitForTimeout(100);
  assert.ok((await drawn(other)) === zoomed, 'the second browser draws something else');
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes('from='));
  await page.waitForTimeout(100);
  assert.ok((await drawn(page)) === whole, 'back does not bring the whole picture back');
});

test('trend: pan, zoom buttons, ranges and reset move the window', async ({ desk, daemon }) => {
  const { id } = await seriesOf(daemon, 'dfw');
  const page = await desk.open(`/trend?series=${id}&from=-7d`);
  await plot(page).waitFor();
  assert.equal(await page.getByRole('button', { name: '7 d' }).getAttribute('aria-pressed'), 'true');
  const box = await plot(page).boundingBox();
  await page.keyboard.down('Shift');
  await drag(page, box.x + 100, box.x + 500, box.y + 40);
  await page.keyboard.up('Shift');
  await page.waitForURL(/to=/);
  const bounds = () => ['from', 'to'].map((name) => Date.parse(new URL(page.url()).searchParams.get(name)));
  const [from, to] = bounds();
  assert.ok(to < Date.now() - 86_400_000, 'dragging to the right shows earlier results');
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await page.waitForFunction((before) => !location.search.includes(before), new Date(from).toISOString());
  const [newFrom, newTo] = bounds();
  assert.ok(Math.abs((newTo - newFrom) * 2 - (to - from)) < 10, 'half the window');
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.waitForURL((url) => !url.search.includes('from='));
  await page.getByLabel('From').fill('2020-13-01');
  assert.equal(await page.getByLabel('From').getAttribute('aria-invalid'), 'true');
});

test('trend: by build, units in charts of their own, lines hidden by the legend', async ({ desk, daemon, shoot }) => {
  const [a, b, c] = await Promise.all([seriesOf(daemon, 'dfw'), seriesOf(daemon, 'muc'), seriesOf(daemon, 'dfw', 'throughput')]);
  const page = await desk.open(`/trend?${[a, b, c].map(({ id }) => `series=${id}`).join('&')}`);
  await plot(page, 1).waitFor();
  assert.equal(await page.locator('.chart').count(), 2);
  await page.getByRole('button', { name: 'By build' }).click();
  await page.waitForURL(/x=build/);
  await page.locator('.legend-toggle').nth(1).click();
  await page.waitForURL(new RegExp(`hide=${b.id}`));
  assert.equal(await page.locator('.legend-toggle').nth(1).getAttribute('aria-pressed'), 'false');
  await page.evaluate(() => scrollTo(0, 0));
  const box = await plot(page).boundingBox();
  await drag(page, box.x + box.width * 0.3, box.x + box.width * 0.6, box.y + 20);
  await page.waitForURL(/from=/);
  await plot(page).hover({ position: { x: 300, y: 150 } });
  assert.match(await page.locator('.card').innerText(), /Build\s+7\d\d/);
  await shoot(page, 'trend-by-build');
});

test('trend: the same results as a table and as CSV', async ({ desk, daemon }) => {
  const [a, b] = await Promise.all([seriesOf(daemon, 'dfw'), seriesOf(daemon, 'muc')]);
  const page = await desk.open(`/trend?series=${a.id}&series=${b.id}&view=table`);
  await page.getByRole('table').last().locator('tbody tr').nth(2 * BUILDS - 1).waitFor();
  const [several] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
  const lines = readFileSync(await several.path(), 'utf8').trim().split('\r\n');
  assert.equal(lines.length, 2 * BUILDS + 1);
  assert.match(lines[0], /^series,lab,project,suite,branch,.*time,value,unit,run,build,revision,outcome$/);
  await page.goto(`${daemon.origin}/trend?series=${a.id}`);
  const [one] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
  const own = readFileSync(await one.path(), 'utf8').trim().split(/\r?\n/);
  assert.equal(own[0], 'time,value,unit,run,build,revision,outcome');
  assert.equal(own.length, BUILDS + 1);
});

test('trend: arrow keys walk along results and tell them', async ({ desk, daemon }) => {
  const { id } = await seriesOf(daemon, 'dfw');
  const points = await daemon.get(`series/${id}/points`);
  const page = await desk.open(`/trend?series=${id}`);
  await plot(page).waitFor();
  await page.locator('.plot').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  const said = await page.locator('.spoken').textContent();
  assert.ok(said.includes((points.values.at(-2) * 1000).toPrecision(4)), said);
  await page.keyboard.press('Enter');
  await page.waitForURL(/point=/);
  await page.keyboard.press('Escape');
  await page.waitForURL((url) => !url.search.includes('point='));
  await page.keyboard.press('+');
  await page.waitForURL(/from=/);
});

test('trend: an empty window says so and leads back', async ({ desk, daemon }) => {
  const { id } = await seriesOf(daemon, 'dfw');
  const page = await desk.open(`/trend?series=${id}&from=2001-01-01T00:00:00Z&to=2001-02-01T00:00:00Z`);
  await page.getByText('No result in this window.').waitFor();
  await page.getByRole('button', { name: 'Show all results' }).click();
  await page.waitForURL((url) => !url.search.includes('from='));
  assert.equal(await page.getByText('No result in this window.').count(), 0);
});

test('trend: selectors, unknown series and nothing at all', async ({ desk, shoot }) => {
  desk.expect(/404/);
  const page = await desk.open('/trend?match=lab:dfw&match=benchmark:GET+home&match=metric:latency');
  await page.getByRole('heading', { name: /GET home · latency/ }).first().waitFor();
  const unknown = await desk.open('/trend?series=0123456789abcdef');
  await unknown.getByRole('heading', { name: 'No such series' }).waitFor();
  await shoot(unknown, 'trend-unknown');
});
