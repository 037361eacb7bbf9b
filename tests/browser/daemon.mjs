// SPDX-License-Identifier: LGPL-2.1-or-later

// a real perfdashd with a data directory and a watched directory of its own

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_MS = 10_000;

export class Daemon {
  #process = null;
  #files = 0;
  #root = mkdtempSync(join(tmpdir(), 'perfdash-browser-'));
  watched = join(this.#root, 'logs');
  origin = '';

  constructor() {
    mkdirSync(this.watched);
  }

  #configure(listen) {
    const config = join(this.#root, 'perfdashd.conf');
    const lines = [
      '[daemon]',
      `listen=${listen}`,
      `data-dir=${join(this.#root, 'data')}`,
      'title=perfdash',
      'notice=Browser test',
      '[source logs]',
      'type=directory',
      `path=${this.watched}`,
    ];
    writeFileSync(config, `${lines.join('\n')}\n`);
    return config;
  }

  /** Starts the daemon; the second time where it was before. */
  async start() {
    const listen = this.origin === '' ? '127.0.0.1:0' : new URL(this.origin).host;
    const child = spawn(process.env.PERFDASHD, ['--config', this.#configure(listen)], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = child;
    this.origin = await new Promise((resolve, reject) => {
      let said = '';
      const timer = setTimeout(() => reject(new Error(`perfdashd said nothing in time: ${said}`)), START_MS);
      child.stdout.on('data', (data) => {
        said += data;
        const found = /listening on (http:\S+)/.exec(said);
        if (found !== null) {
          clearTimeout(timer);
          resolve(found[1].replace(/\/$/, ''));
        }
      });
      child.on('exit', (code) => reject(new Error(`perfdashd ended with ${code}: ${said}`)));
    });
    return this;
  }

  async stop() {
    const child = this.#process;
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  async close() {
    await this.stop();
    rmSync(this.#root, { recursive: true, force: true });
  }

  /** Leaves a log the way a lab does: written beside, then moved into place at once. */
  drop(runs) {
    const name = `run-${this.#files++}.json`;
    const beside = join(this.#root, name);
    writeFileSync(beside, JSON.stringify({ format: 'perfdash', version: 1, runs }));
    renameSync(beside, join(this.watched, name));
  }

  async get(path) {
    const answer = await fetch(`${this.origin}/api/v1/${path}`);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  }

  /** Waits until changes of a series were found, and gives its trend. */
  async analysed(id, changes = 1) {
    const end = Date.now() + 60_000;
    for (;;) {
      const trend = await this.get(`series/${id}/trend`);
      if (trend.changes.length >= changes) return trend;
      if (Date.now() > end) throw new Error(`${trend.changes.length} of ${changes} changes after a minute`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Waits until that many runs are stored. */
  async settled(runs) {
    const end = Date.now() + 60_000;
    for (;;) {
      const status = await this.get('status');
      if (status.runs >= runs) return status;
      if (Date.now() > end) throw new Error(`${status.runs} of ${runs} runs after a minute`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
