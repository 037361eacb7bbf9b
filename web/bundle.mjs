// SPDX-License-Identifier: LGPL-2.1-or-later
//
// bundles the pages into assets named by their content, each with its gzip body beside it
//
//   node bundle.mjs SOURCE MODULES DIST LIST DEPFILE
//
// MODULES is the directory that holds node_modules; DIST gets the files, LIST names them for glib-compile-resources

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const [source, modules, dist, list, depfile] = process.argv.slice(2).map(place);
const target = process.argv[5];
const page = join(source, 'src/index.html');

// esbuild names files by their real place, so everything else does too
function place(path) {
  const whole = resolve(path);
  return join(realpathSync(dirname(whole)), basename(whole));
}

function bundle() {
  const esbuild = createRequire(join(modules, 'package.json'))('esbuild');
  return esbuild.buildSync({
    absWorkingDir: source,
    entryPoints: { app: './src/main.tsx', icon: './src/icon.svg' },
    nodePaths: [join(modules, 'node_modules')],
    outdir: dist,
    loader: { '.svg': 'copy' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    charset: 'utf8',
    metafile: true,
    logLevel: 'warning',
  });
}

// the same content has the same name wherever it was built
function nameAsset({ path, contents }) {
  const digest = createHash('sha256').update(contents).digest('hex').slice(0, 12);
  const kind = extname(path);
  return `assets/${basename(path, kind)}-${digest}${kind}`;
}

function fillPage(names) {
  const find = (kind) => names.find((name) => name.endsWith(kind));
  return readFileSync(page, 'utf8').replace('@icon@', find('.svg')).replace('@style@', find('.css')).replace('@script@', find('.js'));
}

function writeFiles(files) {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(join(dist, 'assets'), { recursive: true });
  for (const [name, contents] of files) {
    writeFileSync(join(dist, name), contents);
    writeFileSync(join(dist, `${name}.gz`), gzipSync(contents, { level: 9 }));
  }
}

function writeList(names) {
  const lines = names.flatMap((name) => [name, `${name}.gz`]).map((name) => `    <file>${name}</file>`);
  const head = ['<?xml version="1.0" encoding="UTF-8"?>', '<gresources>', '  <gresource prefix="/org/perfdash/web">'];
  writeFileSync(list, [...head, ...lines, '  </gresource>', '</gresources>', ''].join('\n'));
}

function writeDepfile(metafile) {
  const inputs = [...Object.keys(metafile.inputs).map((input) => resolve(source, input)), page];
  writeFileSync(depfile, `${target}: ${inputs.map((path) => path.replaceAll(' ', '\\ ')).join(' ')}\n`);
}

const { outputFiles, metafile } = bundle();
const assets = outputFiles.map((file) => [nameAsset(file), file.contents]).sort();
const names = assets.map(([name]) => name);
const files = [...assets, ['index.html', fillPage(names)], ['manifest.json', `${JSON.stringify({ assets: names }, null, 2)}\n`]];
writeFiles(files);
writeList(['index.html', ...names]);
writeDepfile(metafile);
