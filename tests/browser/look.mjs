// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';

import { note, test } from './tap.mjs';

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; " +
  "base-uri 'self'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
// compressed, of all that a page needs to be there
const MOST_BYTES = 70 * 1024;

async function screens(daemon) {
  const { items } = await daemon.get('series?match=metric:latency&limit=3');
  const { items: runs } = await daemon.get('runs?limit=1');
  const trend = `/trend?${items.map(({ id }) => `series=${id}`).join('&')}`;
  return { overview: '/', changes: '/changes?state=all', trend, table: `${trend}&view=table`, run: `/runs/${runs[0].id}` };
}

async function ready(page) {
  await page.locator('.rows .row, .u-over, .data tbody tr').first().waitFor();
}

function fetched(page) {
  return page.evaluate(() =>
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .filter(({ name }) => !name.includes('/api/') && !name.endsWith('/events'))
      .map(({ name, encodedBodySize }) => ({ name, encodedBodySize })),
  );
}

function brightness(page) {
  return page.evaluate(() => {
    const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number);
    return (red + green + blue) / 3;
  });
}

test('look: light and dark follow the system, and the button overrules it for good', async ({ desk, daemon, shoot }) => {
  const all = await screens(daemon);
  const page = await desk.open('/', { colorScheme: 'dark' });
  for (const [name, path] of Object.entries(all)) {
    await page.goto(daemon.origin + path);
    await ready(page);
    assert.ok((await brightness(page)) < 60, `${name} is dark`);
    await shoot(page, `${name}-dark`);
  }
  await page.getByRole('button', { name: /Switch to light/ }).click();
  assert.ok((await brightness(page)) > 200, 'light was chosen');
  await page.reload();
  await ready(page);
  assert.ok((await brightness(page)) > 200, 'light is remembered');
});

for (const width of [360, 400, 900, 2560]) {
  test(`look: no screen is wider than ${width} px`, async ({ desk, daemon, shoot }) => {
    const page = await desk.open('/', { viewport: { width, height: 800 } });
    for (const [name, path] of Object.entries(await screens(daemon))) {
      await page.goto(daemon.origin + path);
      await ready(page);
      await shoot(page, `${name}-${width}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, name);
    }
  });
}

test('look: filters open and close on a narrow screen', async ({ desk }) => {
  const page = await desk.open('/', { viewport: { width: 400, height: 800 } });
  await ready(page);
  assert.equal(await page.getByRole('navigation', { name: 'Filters by label' }).isVisible(), false);
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByRole('checkbox', { name: /^muc/ }).first().check();
  await page.waitForURL('**/?match=lab:muc');
});

test('look: everything that can be used has a name', async ({ desk, daemon }) => {
  const page = await desk.open('/', { forcedColors: 'active' });
  for (const path of Object.values(await screens(daemon))) {
    await page.goto(daemon.origin + path);
    await ready(page);
    const nameless = await page.evaluate(() => {
      const named = (element) =>
        [element.getAttribute('aria-label'), element.textContent, element.labels?.[0]?.textContent].some((name) => (name ?? '').trim() !== '');
      return [...document.querySelectorAll('a, button, input')].filter((element) => !named(element)).map((element) => element.outerHTML);
    });
    assert.deepEqual(nameless, []);
  }
});

test('look: small, cached for good, under the strict policy', async ({ desk, daemon }) => {
  for (const path of ['/', '/trend?x=build', '/runs/1']) {
    const answer = await fetch(daemon.origin + path);
    assert.equal(answer.headers.get('content-security-policy'), CSP);
    assert.match(answer.headers.get('content-type'), /^text\/html/);
  }
  for (const [name, path] of Object.entries(await screens(daemon))) {
    const page = await desk.open(path);
    await ready(page);
    const entries = await fetched(page);
    const bytes = entries.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
    note(`${name} is ${bytes} bytes in ${entries.length} answers`);
    assert.ok(bytes > 0 && bytes <= MOST_BYTES, `${name}: ${bytes} bytes`);
    for (const script of entries.filter((entry) => entry.name.endsWith('.js')))
      assert.match((await fetch(script.name)).headers.get('cache-control') ?? '', /immutable/);
  }
});
