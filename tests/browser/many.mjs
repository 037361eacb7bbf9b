// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';

import { Desk } from './browser.mjs';
import { Daemon } from './daemon.mjs';
import { wideRun } from './runs.mjs';
import { note, test } from './tap.mjs';

const SERIES = 10_000;
const FRAMES = 120;

// scrolls from top to bottom, a step a frame, and tells how long frames took
function scrollThrough(page) {
  return page.locator('.scroller').evaluate(
    (element, frames) =>
      new Promise((resolve) => {
        const gaps = [];
        const step = (element.scrollHeight - element.clientHeight) / frames;
        let last = performance.now();
        const frame = (now) => {
          gaps.push(now - last);
          last = now;
          element.scrollTop += step;
          if (gaps.length < frames) requestAnimationFrame(frame);
          else resolve(gaps.slice(1).sort((a, b) => a - b));
        };
        requestAnimationFrame(frame);
      }),
    FRAMES,
  );
}

test('many: 10,000 series begin at once and scroll smoothly', async ({ browser, shoot }) => {
  const daemon = await new Daemon().start();
  const desk = new Desk(browser, daemon.origin);
  try {
    daemon.drop([wideRun(SERIES, new Date().toISOString())]);
    await daemon.settled(1);
    const before = Date.now();
    const page = await desk.open('/');
    await page.locator('.rows .row').first().waitFor();
    note(`first rows of ${SERIES} series after ${Date.now() - before} ms`);
    await page.locator('.count').filter({ hasText: '10\u202f000 series' }).waitFor();
    const gaps = await scrollThrough(page);
    note(`frames while scrolling: median ${gaps[gaps.length >> 1].toFixed(1)} ms, p95 ${gaps[Math.floor(gaps.length * 0.95)].toFixed(1)} ms`);
    await page.getByText('case 09999').waitFor();
    assert.ok((await page.locator('.rows .row').count()) < 60, 'only rows in sight exist');
    await shoot(page, 'many');
    assert.deepEqual(desk.unexpected, []);
  } finally {
    await desk.close();
    await daemon.close();
  }
});
