// SPDX-License-Identifier: LGPL-2.1-or-later
//
// installs the npm packages of package-lock.json into the build directory, once for each lock file
//
//   node install.mjs SOURCE MODULES STAMP

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [source, modules, stamp] = process.argv.slice(2).map((path) => resolve(path));
const FILES = ['package.json', 'package-lock.json', '.npmrc'];

const digest = createHash('sha256');
for (const file of FILES) digest.update(readFileSync(join(source, file)));
const wanted = `${digest.digest('hex')} ${process.version}\n`;
const done = join(modules, 'node_modules', '.perfdash-installed');

if (!existsSync(done) || readFileSync(done, 'utf8') !== wanted) {
  mkdirSync(modules, { recursive: true });
  for (const file of FILES) copyFileSync(join(source, file), join(modules, file));
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: modules, stdio: 'inherit' });
  if (npm.status !== 0) throw new Error('npm ci failed: it needs the npm registry or a filled npm cache');
  writeFileSync(done, wanted);
}
writeFileSync(stamp, wanted);
