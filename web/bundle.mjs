// SPDX-License-Identifier: LGPL-2.1-or-later
//
// bundles the pages into assets named by their content, each with its gzip body beside it
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
    splitting: true,
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
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

// what the first script imports is asked for with it, not after it
function fillPage(outputs) {
  const find = (kind) => Object.keys(outputs).find((name) => basename(name).startsWith(kind[0]) && name.endsWith(kind[1]));
  const script = find(['app-', '.js']);
  const early = outputs[script].imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => relative(dist, resolve(source, path)));
  const links = early.map((path) => `<link rel="modulepreload" href="${path}">`).join('');
  return readFileSync(page, 'utf8')
    .replace('@icon@', find(['icon-', '.svg']))
    .replace('@style@', find(['app-', '.css']))
    .replace('@early@', links)
    .replace('@script@', script);
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
// esbuild names them by their content and each other by these names; here they are named from the top of what is served
const assets = outputFiles.map(({ path, contents }) => [relative(dist, path), contents]).sort();
const names = assets.map(([name]) => name);
const outputs = Object.fromEntries(Object.entries(metafile.outputs).map(([path, output]) => [relative(dist, resolve(source, path)), output]));
const files = [...assets, ['index.html', fillPage(outputs)], ['manifest.json', `${JSON.stringify({ assets: names }, null, 2)}\n`]];
writeFiles(files);
writeList(['index.html', ...names]);
writeDepfile(metafile);
