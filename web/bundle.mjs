// SPDX-License-Identifier: LGPL-2.1-or-later
//
// bundles the pages into hashed assets, each with its gzip body beside it, and writes the GResource list
//
//   node bundle.mjs SOURCE MODULES DIST LIST DEPFILE
//
// MODULES is the directory that holds node_modules; DIST gets the files, LIST names them for glib-compile-resources

import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const [source, modules, dist, list, depfile] = process.argv.slice(2).map(place);
const target = process.argv[5];
const esbuild = createRequire(join(modules, 'package.json'))('esbuild');

// esbuild names files by their real place, so everything else does too
function place(path) {
  return join(realpathSync(dirname(resolve(path))), basename(path));
}

function bundle() {
  return esbuild.buildSync({
    absWorkingDir: source,
    entryPoints: { app: 'src/main.tsx', icon: 'src/icon.svg' },
    nodePaths: [join(modules, 'node_modules')],
    outdir: dist,
    entryNames: 'assets/[name]-[hash]',
    assetNames: 'assets/[name]-[hash]',
    loader: { '.svg': 'copy' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    charset: 'utf8',
    metafile: true,
    logLevel: 'warning',
  }).metafile;
}

function fillPage(assets) {
  const find = (pattern) => {
    const found = assets.find((asset) => pattern.test(asset));
    if (found === undefined) throw new Error(`no asset like ${pattern}`);
    return found;
  };
  return readFileSync(join(source, 'src/index.html'), 'utf8')
    .replace('@icon@', find(/icon-.*\.svg$/))
    .replace('@style@', find(/\.css$/))
    .replace('@script@', find(/\.js$/));
}

function writeList(files) {
  const lines = files.flatMap((file) => [file, `${file}.gz`]).map((file) => `    <file>${file}</file>`);
  const head = ['<?xml version="1.0" encoding="UTF-8"?>', '<gresources>', '  <gresource prefix="/org/perfdash/web">'];
  writeFileSync(list, [...head, ...lines, '  </gresource>', '</gresources>', ''].join('\n'));
}

function writeDepfile(metafile) {
  const inputs = Object.keys(metafile.inputs).map((input) => resolve(source, input));
  const all = [...inputs, join(source, 'src/index.html')].map((path) => path.replaceAll(' ', '\\ '));
  writeFileSync(depfile, `${target}: ${all.join(' ')}\n`);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const metafile = bundle();
const assets = Object.keys(metafile.outputs).map((output) => relative(dist, resolve(source, output)));
writeFileSync(join(dist, 'index.html'), fillPage(assets));
writeFileSync(join(dist, 'manifest.json'), JSON.stringify({ assets: assets.sort() }, null, 2));
const files = ['index.html', ...assets.sort()];
for (const file of files) writeFileSync(join(dist, `${file}.gz`), gzipSync(readFileSync(join(dist, file)), { level: 9 }));
writeList(files);
writeDepfile(metafile);
