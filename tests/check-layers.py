#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Does every arrow point down? The layers of docs/architecture.md, kept by what files include and call."""

import re

import tree

# the layer of each class of libperfdash; a file of a class is perfdash-CLASS.[ch] or perfdash-CLASS-private.h
LAYERS = {
    0: 'budget-state cause change change-edit change-event change-group change-point change-sentence decimal digest error lab labels log log-record origin outcome parse-result precision result run run-builder '
       'run-builder-rest run-stored scratch secret series series-info source-day standing time unit verdict version',
    1: 'baseline bootstrap budget budget-row candidate comparison distribution documents found-runs grouping json json-span log-prefix log-text mann-whitney marks markup packed pairing parser parser-loader parser-module permission power '
       'quotation recognizer reconciliation rereading selector side stats succession summary suspicion trend unpacker xml-span zstd-decompressor',
    2: 'archive archive-bytes cache parser-exchange parser-info parser-process parser-registry parser-runner parser-server store store-changes store-runs',
    3: 'arrival budget-report comparison-list pair pipeline pipeline-async pruning reparser',
}
FOLDER_LAYERS = {'sqlite': 2, 'postgres': 2, 'trend': 1, 'worker': 2}

# who may include a library; tests may include what they test with
LIBRARIES = {
    r'sqlite3\.h': r'libperfdash/sqlite/|tests/',
    r'libpq-fe\.h': r'libperfdash/postgres/|tests/',
    r'json-glib/': r'libperfdash/perfdash-json[a-z-]*\.c|daemon/pdd-(json-body|client|index-shape|jenkins-build|source-[a-z-]+)\.[ch]|cli/pdc-(reparse(-[a-z]+)?|server|sources)\.[ch]|plugins/[^/]+/[^/]+\.[ch]|tests/',
    r'libsoup/': r'(daemon|cli)/|tests/',
    r'seccomp\.h|linux/(seccomp|landlock)\.h': r'libperfdash/worker/|tests/',
    r'zstd\.h': r'libperfdash/|tests/',
}
# what a plugin may include besides its own files
PLUGIN_MAY = re.compile(
    r'(perfdash/)?perfdash\.h|reader-[a-z]+\.h|(glib|glib-object|gmodule)\.h|(glib|gio|gobject|json-glib)/[a-z-]+\.h'
    r'|(ctype|errno|fenv|float|immintrin|limits|locale|math|stdbool|stddef|stdint|stdio|stdlib|string|time)\.h'
)
# hosts that a page may name: namespaces, and names that are reserved for examples
HARMLESS_HOST = re.compile(r'(www\.w3\.org|localhost|127\.0\.0\.1|[a-z.-]*\.?(example|test|invalid))\b')
WEB = ('.ts', '.tsx', '.js', '.mjs', '.css', '.html', '.svg')

INCLUDE = r'^\s*#\s*include\s*([<"])([^>"]+)[>"]'
LAYER_OF = {name: layer for layer, names in LAYERS.items() for name in names.split()}


def includes(files, below=''):
    for path, number, match in files.search(INCLUDE, '.c', '.h', '.h.in'):
        if str(path).startswith(below):
            yield path, number, match[1], match[2]


def layer(path):
    """Of a file of libperfdash, by its path below that folder; None when the table does not know it."""
    folder, _, name = str(path).rpartition('/')
    if folder:
        return FOLDER_LAYERS.get(folder.split('/')[0])
    known = re.fullmatch(r'perfdash-(.+?)(-private)?\.(c|h|h\.in)', name)
    return LAYER_OF.get(known[1]) if known else None


def upward(files):
    for path, number, _, header in includes(files, 'libperfdash/'):
        below = path.relative_to('libperfdash')
        if str(below) == 'perfdash.h':
            continue  # the header of all layers
        theirs = layer(header) if header.startswith(('perfdash-', *FOLDER_LAYERS)) else None
        mine = layer(below)
        if mine is None:
            yield f'{path}:1: stands in no layer: add it to the table of tests/check-layers.py'
        elif header == 'perfdash.h' and mine < 2:
            yield f'{path}:{number}: includes all layers; it is in layer {mine}'
        elif theirs is not None and theirs > mine:
            yield f'{path}:{number}: layer {mine} includes {header} of layer {theirs}'


def outward(files):
    """The library knows nothing of who uses it."""
    own = {path.name for path in files.files('.h', '.h.in') if path.parts[0] == 'libperfdash'}
    own |= {name.removesuffix('.in') for name in own}
    for path, number, mark, header in includes(files, 'libperfdash/'):
        name = header.rpartition('/')[2]
        generated = header in ('config.h', 'perfdash-sqlite-resources.h')
        if mark == '"' and name not in own and not generated:
            yield f'{path}:{number}: {header} is not of libperfdash'


def strangers(files):
    for path, number, _, header in includes(files):
        for library, allowed in LIBRARIES.items():
            if re.match(library, header) and not re.match(allowed, str(path)):
                yield f'{path}:{number}: {header} may not be included here'


def nosy_plugins(files):
    for path, number, mark, header in includes(files, 'plugins/'):
        own = mark == '"' and (files.root / path.parent / header).exists() and '..' not in header
        if not own and not PLUGIN_MAY.fullmatch(header):
            yield f'{path}:{number}: a plugin sees <perfdash.h>, plugins/reader, GLib and json-glib, not {header}'


def private_headers(files):
    for folder in ('daemon/', 'cli/', 'bindings/'):
        for path, number, _, header in includes(files, folder):
            if re.match(r'perfdash-|libperfdash/|perfdash/perfdash-', header):
                yield f'{path}:{number}: perfdash.h is the header to include, not {header}'


def module_openers(files):
    callers = {str(path) for path, _, _ in files.search(r'\bg_module_open(_full)?\s*\(', '.c')}
    if len(callers) > 1:
        yield f'g_module_open() is called in several files: {", ".join(sorted(callers))}'
    for path in callers:
        if not path.startswith('libperfdash/'):
            yield f'{path}: calls g_module_open()'


def other_hosts(files):
    for path, number, match in files.search(r'''(?:https?:|wss?:|["'(])//([\w.-]+\.[\w-]+|localhost)''', *WEB):
        if path.parts[0] == 'web' and not HARMLESS_HOST.match(match[1]):
            yield f'{path}:{number}: names the host {match[1]}'


def download_addresses(files):
    for path, number, _ in files.search(r'"resolved":\s*"https?:', 'package-lock.json'):
        yield f'{path}:{number}: holds a download address'


RULES = {
    'within libperfdash nothing includes a higher layer': upward,
    'libperfdash includes nothing of its users': outward,
    'libraries are included only where they belong': strangers,
    'plugins see the public header only': nosy_plugins,
    'daemon, cli and bindings see the public header only': private_headers,
    'one file of libperfdash opens modules': module_openers,
    'pages name no other host': other_hosts,
    'package-lock.json holds no download addresses': download_addresses,
}
VIOLATIONS = [
    (upward, 'libperfdash/perfdash-unit.c', '#include "perfdash-json.h"\n'),
    (upward, 'libperfdash/perfdash-store-private.h', '#include <perfdash-pipeline.h>\n'),
    (upward, 'libperfdash/perfdash-run.c', '#include "sqlite/perfdash-sqlite-store.h"\n'),
    (upward, 'libperfdash/perfdash-json.c', '#include <perfdash.h>\n'),
    (upward, 'libperfdash/perfdash-thing.c', '#include <glib.h>\n'),
    (outward, 'libperfdash/perfdash-run.c', '#include "pdd-config.h"\n'),
    (strangers, 'libperfdash/perfdash-store.c', '#include <sqlite3.h>\n'),
    (strangers, 'daemon/pdd-json.c', '#include <json-glib/json-glib.h>\n'),
    (strangers, 'libperfdash/perfdash-log.c', '#  include <libsoup/soup.h>\n'),
    (strangers, 'daemon/pdd-server.c', '#include <seccomp.h>\n'),
    (strangers, 'plugins/wrk/wrk.c', '#include <sqlite3.h>\n'),
    (nosy_plugins, 'plugins/wrk/wrk.c', '#include <perfdash-store-private.h>\n'),
    (nosy_plugins, 'plugins/wrk/wrk.c', '#include "../fio/fio.h"\n'),
    (private_headers, 'daemon/pdd-api.c', '#include <perfdash-store-private.h>\n'),
    (private_headers, 'cli/perfdash.c', '#include "perfdash-decimal.h"\n'),
    (module_openers, 'daemon/pdd-server.c', '\tmodule = g_module_open(path, 0);\n'),
    (other_hosts, 'web/src/main.ts', "import 'https://cdn.jsdelivr.net/npm/uplot';\n"),
    (other_hosts, 'web/src/main.css', 'body { background: url(//fonts.gstatic.com/a.woff) }\n'),
    (download_addresses, 'web/package-lock.json', '"resolved": "https://registry.npmjs.org/a.tgz",\n'),
]
SENTENCES = {rule: sentence for sentence, rule in RULES.items()}

if __name__ == '__main__':
    tree.main(RULES, [(SENTENCES[rule], path, text) for rule, path, text in VIOLATIONS])
