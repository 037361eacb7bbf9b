// SPDX-License-Identifier: LGPL-2.1-or-later
//
// type check, lint or unit tests of the pages, run beside the installed packages
//
//   node check.mjs SOURCE MODULES types|lint|unit

import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [source, modules] = process.argv.slice(2, 4).map((path) => resolve(path));
const what = process.argv[4];

// tools look for packages above the files they read, so the files go to the packages
function stage(names) {
  const tree = join(modules, what);
  rmSync(tree, { recursive: true, force: true });
  for (const name of names) cpSync(join(source, name), join(tree, name), { recursive: true });
  return tree;
}

function run(cwd, program, args) {
  const bin = join(modules, 'node_modules', '.bin', program);
  const { status } = spawnSync(program === 'node' ? process.execPath : bin, args, { cwd, stdio: 'inherit' });
  process.exit(status ?? 1);
}

function types() {
  run(stage(['src', 'tests', 'tsconfig.json']), 'tsc', ['-p', '.']);
}

function lint() {
  const tree = stage(['src', 'tests', 'tsconfig.json', 'eslint.config.cjs']);
  run(tree, 'eslint', ['--config', 'eslint.config.cjs', '--max-warnings', '0', 'src', 'tests']);
}

function unit() {
  const tree = stage(['src', 'tests']);
  const tests = readdirSync(join(tree, 'tests')).filter((name) => name.endsWith('.test.ts'));
  const out = join(tree, 'compiled');
  createRequire(join(modules, 'package.json'))('esbuild').buildSync({
    entryPoints: tests.map((name) => join(tree, 'tests', name)),
    nodePaths: [join(modules, 'node_modules')],
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node18',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
  const files = tests.map((name) => join(out, name.replace(/\.ts$/, '.mjs')));
  run(tree, 'node', ['--test', '--test-reporter=tap', ...files]);
}

const checks = { types, lint, unit };
if (checks[what] === undefined) throw new Error(`unknown check ${what}`);
checks[what]();
