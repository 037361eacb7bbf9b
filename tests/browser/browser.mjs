// SPDX-License-Identifier: LGPL-2.1-or-later

// Debian's Chromium, and pages that remember everything they should not have done

import { createRequire } from 'node:module';
import { join } from 'node:path';

const { chromium } = createRequire(join(process.env.PERFDASH_MODULES, 'package.json'))('playwright-core');

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

/** Opens new browsers (fresh contexts) on one daemon and collects their complaints. */
export class Desk {
  #browser;
  #origin;
  #contexts = [];
  #expected = [];
  complaints = [];

  constructor(browser, origin) {
    this.#browser = browser;
    this.#origin = origin;
  }

  /** A console message that belongs to the case, such as the failed request that it makes. */
  expect(pattern) {
    this.#expected.push(pattern);
  }

  async open(path, options = {}) {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    this.#contexts.push(context);
    const page = await context.newPage();
    this.#watch(page);
    await options.before?.(page);
    await page.goto(this.#origin + path);
    return page;
  }

  #watch(page) {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(`exception: ${error.stack}`));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${this.#origin}/`) && !/^(data|blob):/.test(url)) this.complaints.push(`foreign request: ${url}`);
    });
  }

  get unexpected() {
    return this.complaints.filter((complaint) => !this.#expected.some((pattern) => pattern.test(complaint)));
  }

  async screenshot(path) {
    const page = this.#contexts.at(-1)?.pages()[0];
    await page?.screenshot({ path });
  }

  async close() {
    for (const context of this.#contexts) await context.close();
  }
}
