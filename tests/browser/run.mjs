// SPDX-License-Identifier: LGPL-2.1-or-later
//
// the pages in a real browser against a real daemon, as TAP
//
//   PERFDASHD=path PERFDASH_BUILD=dir PERFDASH_MODULES=dir [CHROMIUM=path] [PERFDASH_ONLY=words] node run.mjs
//
// a screenshot of the end of each case is kept in PERFDASH_BUILD/screenshots

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { Desk, launch } from './browser.mjs';
import { Daemon } from './daemon.mjs';
import { history } from './runs.mjs';
import { runAll } from './tap.mjs';

import './first-run.mjs';
import './overview.mjs';
import './trend.mjs';
import './changes.mjs';
import './hiding.mjs';
import './inbox.mjs';
import './run-page.mjs';
import './parse-again.mjs';
import './sources.mjs';
import './live.mjs';
import './look.mjs';
import './failures.mjs';
import './many.mjs';

const shots = join(process.env.PERFDASH_BUILD, 'screenshots');
mkdirSync(shots, { recursive: true });

const started = Date.now();
const daemon = await new Daemon().start();
const runs = history(started);
daemon.drop(runs);
await daemon.settled(runs.length);
const browser = await launch();

async function prepare(name) {
  const desk = new Desk(browser, daemon.origin);
  const finish = async (error) => {
    const shot = join(shots, `${name.replace(/[^a-z0-9]+/gi, '-')}.png`);
    await desk.screenshot(shot);
    await desk.close();
    const { unexpected } = desk;
    return error === null && unexpected.length > 0 ? new Error(unexpected.join('\n')) : null;
  };
  const shoot = (page, what) => page.screenshot({ path: join(shots, `${what}.png`) });
  return { given: { desk, daemon, browser, shoot }, finish };
}

const failed = await runAll(prepare);
await browser.close();
await daemon.close();
process.exit(failed === 0 ? 0 : 1);
