#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds all parsers to the rules of recognition: from content alone, and never the wrong one.

    recognition.py [--all] PERFDASH PLUGINS [NAME...]

The golden logs of PLUGINS are read as they are, and again disguised, mixed, cut off, and as what people write about them. What is
found must be the same, a part of it that says so, or nothing. NAME: only logs of which the path has it. --all: every log in every
disguise, where otherwise kin ones are dealt out. Writes TAP.
"""

import collections
import fnmatch
import functools
import gzip
import html
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import tap

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'plugins'))
import golden  # noqa: E402

CALL = 200  # logs that are read by one process
BEGIN = 3  # lines by which a run is known to have begun
QUOTED = 0.3  # share of logs in each kind of quotation, without --all

# whole files, which nothing else may stand beside
DOCUMENTS = (
    'github-action-benchmark/*.js',
    'influx/*',
    'ioping/raw.txt',
    'jmeter/header-only.csv',
    'jmeter/no-header-clock-tabs.csv',
    'jmeter/no-times.csv',
    'openmetrics/*',
    'pgbench-log/*',
    'template/*',
)
# what a tool says that could not begin: certain only when it is all there is
MESSAGES = ('ping/unknown-host.txt', 'netperf/killed.txt', 'vitest-bench/all-failed.txt', 'wrk/refused.txt', 'wrk/unresolved.txt', '*/no-server.txt', 'locust/no-users.console.txt')

NOT_IN_A_CONSOLE = (*DOCUMENTS, 'fio/cut-terse.txt', 'jmeter/torn.csv', *MESSAGES)

# logs that a disguise destroys
NOT_DISGUISED = {
    'line ends of DOS': (
        # a name has a line end
        'hyperfine/console.txt',
        'jmeter/semicolon-order.csv',
        # shows authors no more than they need
        'template/*',
    ),
    'a console': NOT_IN_A_CONSOLE,
    'a console, below a blank line': NOT_IN_A_CONSOLE,
    'a console, behind dates': NOT_IN_A_CONSOLE,
    'a console, behind clocks in brackets': NOT_IN_A_CONSOLE,
    'a console, behind clocks': NOT_IN_A_CONSOLE,
    'twice': (
        *DOCUMENTS,
        # appended, it goes on
        'jmeter/*.csv',
        'jmeter/bom-clock.jtl',
        'jmeter/*-before-console.log',
        'k6/points.json',
        # no run ends at the moment at which another one did: it tells again how it is getting on
        'fio/*.json',
        'fio/normal-json.txt',
        # jobs of one name may be clones
        'fio/failed-terse.txt',
        *MESSAGES,
    ),
}
# logs whose end, or whose begin, does not tell two runs of a tool apart: the first, the second
NOT_KIN = (
    # killed, and the next log has no headline
    ('ab/killed.txt', 'ab/table.html'),
    ('ab/re*.txt', 'ab/table.html'),
    ('autocannon/killed.txt', 'autocannon/all-errors-no-progress.txt'),
    ('openssl-speed/killed-mr.txt', '*'),
    ('sysbench/fatal-in-run.txt', '*'),
    ('sysbench/killed-files.txt', '*'),
    ('sysbench/no-connection.txt', '*'),
    ('sysbench/unknown-test.txt', '*'),
    ('ycsb/killed.txt', '*'),
    # a line of CSV is of the table above it
    ('bonnie/old-two.txt', '*'),
    # jobs of one name, in several forms
    ('fio/*', '*'),
    # says of units what is so in the whole log
    ('go-bench/killed.txt', 'go-bench/verbose.txt'),
    ('go-bench/verbose.txt', 'go-bench/killed.txt'),
    # appended, it goes on
    ('jmeter/*', '*'),
    ('k6/points.json', '*'),
    # rows with the time and without it
    ('perf-stat/german-intervals.csv', '*'),
    ('perf-stat/intervals.log', '*'),
    ('perf-stat/x.csv', '*'),
    # progress may stand behind its report
    ('pgbench/*', 'pgbench/console.log'),
)

# tools whose values are of all samples or of the last progress there is: of fewer there are other numbers
SUMMED = (
    'ab artillery dbench fio gatling go-bench google-benchmark hey ioping iperf3 jmeter jmh k6 locust mbw memtier openssl-speed pgbench '
    'perf-stat pgbench-log ping rt-tests sysbench ycsb'
).split()

# tools whose lines, tables or documents stand alone: a part of a log is a whole one
OPEN = (
    'ab artillery benchmark-js benchmarkdotnet bonnie cargo-bench criterion dd fio go-bench google-benchmark hyperfine influx iperf3 '
    'jmeter jmh k6 loadtest mbw memtier mitata netperf openmetrics openssl-speed perf-bench perf-stat perfdash-csv pgbench ping pytest-benchmark '
    'qperf redis-benchmark rt-tests siege sockperf taurus time timeit tinybench vegeta vitest-bench ycsb zstd'
).split()


# tools whose names tell what differs in the whole log
NAMED_BY_ALL = ('benchmarkdotnet',)


def zstd(data):
    """A frame of blocks that are not compressed."""
    blocks = [data[i : i + 0x10000] for i in range(0, len(data), 0x10000)] or [b'']
    frame = bytearray(b'\x28\xb5\x2f\xfd\xa0' + len(data).to_bytes(4, 'little'))
    for number, block in enumerate(blocks, 1):
        frame += (len(block) << 3 | (number == len(blocks))).to_bytes(3, 'little') + block
    return bytes(frame)


def ended(text):
    return text if text.endswith('\n') else text + '\n'


def by_line(change):
    """A disguise that changes each line; a last one without a line end stays one."""

    def disguise(text):
        lines = text.split('\n')
        last = lines.pop()
        changed = [change(number, line) for number, line in enumerate(lines)]
        return '\n'.join(changed + ([change(len(lines), last)] if last else [''])).encode()

    return disguise


def on_branches(text):
    lines = []
    for number, line in enumerate(text.split('\n')):
        lines += [f'[lint] checked file {number} of 9'] * (number % 3 == 0) + [f'[perf tests] {line}']
    return '\n'.join(lines[:-1] if text.endswith('\n') else lines).encode() + b'\n' * text.endswith('\n')


def in_containers(text):
    lines = ['+ docker compose up', ' Container web-1  Created', 'Attaching to perf-1, web-1']
    for number, line in enumerate(text.split('\n')):
        lines += [f'\x1b[33mweb-1   |\x1b[0m GET /{number}'] * (number % 3 == 0) + [f'\x1b[36mperf-1  |\x1b[0m {line}']
    return '\n'.join(lines[:-1] if text.endswith('\n') else lines).encode() + b'\n' * text.endswith('\n')


def in_colours(number, line):
    end = '\r' * line.endswith('\r')
    return f'\x1b[1;3{number % 8}m{line.removesuffix(end)}\x1b[0m{end}'


def clock(number):
    return f'10:{number // 60 % 60:02}:{number % 60:02}'


BEFORE = """Started by user A. Person
Running as SYSTEM
Building on the built-in node in workspace /var/lib/jenkins/workspace/perf
[Pipeline] Start of Pipeline
[Pipeline] node
[Pipeline] {
[Pipeline] sh
+ mvn -B -q verify
[INFO] Scanning for projects...
[INFO] Tests run: 12, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.061 s - in org.example.AppTest
[INFO] BUILD SUCCESS
[INFO] Total time:  4.071 s
+ pip install -r requirements.txt
Collecting requests==2.31.0
  Downloading requests-2.31.0-py3-none-any.whl (62 kB)
     \u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501 62.6/62.6 kB 1.8 MB/s eta 0:00:00
Successfully installed requests-2.31.0
+ ./run-tests.sh --now
"""
BEHIND = """[Pipeline] archiveArtifacts
Archiving artifacts
[Pipeline] }
[Pipeline] // node
[Pipeline] End of Pipeline
Finished: SUCCESS
"""



def shown_in_a_console(stamp):
    """A log that was piped through ts, or is another runner's, where it has the lines that tell stamps."""
    disguise = by_line(lambda n, line: stamp(n) + line)

    def change(text):
        text = ended(text)
        return BEFORE.encode() + (disguise(text) if len(text.split('\n')) > 3 else text.encode()) + BEHIND.encode()

    return change


# kin ones share a letter: without --all a log gets one of them
DISGUISES = [
    ('a', 'line ends of DOS', lambda text: re.sub('\r?\n', '\r\n', text).encode()),
    ('b', 'stamps in brackets', by_line(lambda n, line: f'[2024-05-01T{clock(n)}.{n % 1000:03}Z] {line}')),
    ('b', 'stamps of the clock', by_line(lambda n, line: f'{clock(n)} {line}')),
    ('b', 'stamps of what went by', by_line(lambda n, line: f'00:{clock(n)[3:]}.{n % 1000:03}  {line}')),
    ('b', 'stamps of TeamCity', by_line(lambda n, line: f'[{clock(n)}]{" W"[n % 5 == 4]}:\t [Step 1/2] {line}')),
    ('b', 'clocks in brackets', by_line(lambda n, line: f'[{clock(n)}] {line}')),
    ('b', 'dates', by_line(lambda n, line: f'2024-05-01 {clock(n)},{n % 1000:03} {line}')),
    ('b', 'stamps of GitLab', by_line(lambda n, line: f'2024-05-01T{clock(n)}.{n % 1000:06}Z 0{n % 2}O {line}')),
    ('b', 'lines of the journal', by_line(lambda n, line: f'May  1 {clock(n)} node-1 bench[4711]: {line}')),
    ('c', 'branches', on_branches),
    ('c', 'containers', in_containers),
    ('d', 'colours', by_line(in_colours)),
    ('e', 'a byte order mark', lambda text: b'\xef\xbb\xbf' + text.encode()),
    ('f', 'UTF-16LE', lambda text: b'\xff\xfe' + text.encode('utf-16-le')),
    ('f', 'UTF-16BE', lambda text: b'\xfe\xff' + text.encode('utf-16-be')),
    ('g', 'gzip', lambda text: gzip.compress(text.encode(), 1)),
    ('g', 'zstd', lambda text: zstd(text.encode())),
    ('h', 'a console', lambda text: (BEFORE + ended(text) + BEHIND).encode()),
    ('h', 'a console, below a blank line', lambda text: f'{BEFORE}\n{ended(text)}{BEHIND}'.encode()),
    ('h', 'a console, behind dates', shown_in_a_console(lambda n: f'2024-05-01 {clock(n)},{n % 1000:03} ')),
    ('h', 'a console, behind clocks in brackets', shown_in_a_console(lambda n: f'[{clock(n)}] ')),
    ('h', 'a console, behind clocks', shown_in_a_console(lambda n: f'{clock(n)} ')),
    ('i', 'twice', lambda text: (ended(text) + text).encode()),
]


class Log:
    """A golden log and what is read from it."""

    def __init__(self, path, found):
        self.path = path
        self.plugin = path.parent.parent.name
        self.name = f'{self.plugin}/{path.name}'
        self.data = path.read_bytes()
        self.found = found
        self.random = functools.partial(random.Random, self.name)

    @functools.cached_property
    def text(self):
        """None for what is no text of lines, as somebody has disguised it already."""
        try:
            text = self.data.decode()
        except UnicodeDecodeError:
            return None
        return None if text.startswith('\ufeff') or '\0' in text else text

    def is_listed(self, names):
        return any(fnmatch.fnmatch(self.name, pattern) for pattern in names)


class Reader:
    """Reads many texts with few processes."""

    def __init__(self, perfdash, folder):
        self.perfdash = perfdash
        self.folder = pathlib.Path(folder)

    def read(self, files):
        """What is found in each (file name, bytes)."""
        paths = []
        for number, (name, data) in enumerate(files):
            path = self.folder / str(number) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
            paths.append(path)
        found = []
        for begin in range(0, len(paths), CALL):
            found += [answer for _, answer in golden.parse(self.perfdash, paths[begin : begin + CALL])]
        for path in paths:
            path.unlink()
        return found


def without_stage(run):
    return run | {'labels': {key: value for key, value in run['labels'].items() if key != 'stage'}}


def as_set(runs):
    return collections.Counter(json.dumps(without_stage(run), sort_keys=True) for run in runs)


def describe(found):
    numbers = [len(run['results']) for run in found['runs']]
    error = found['error'] or {'message': ''}
    return f'{found["outcome"]} {numbers} {error["message"]}'.strip()


def differing(expected, found):
    """What is wrong with runs that are the same but for their order."""
    if as_set(expected['runs']) == as_set(found['runs']):
        return []
    lines = [f'{describe(found)}, expected {describe(expected)}']
    return lines + list(golden.differences(expected['runs'], found['runs'], 'runs'))[:4]


def times(found, n):
    return found | {'runs': found['runs'] * n}


def can_stand_before(log, listed):
    """Whether something may be put behind a log: a line that was cut off would be another one."""
    return log.text and log.found['runs'] and (log.text.endswith('\n') or log.found['outcome'] == 'ok') and not log.is_listed(listed)


def check_disguise(reader, logs, number, every):
    kin, name, change = DISGUISES[number]
    names = [one for letter, one, _ in DISGUISES if letter == kin]
    chosen = [log for log in logs if can_stand_before(log, ()) or (kin not in 'hi' and log.text and log.found['runs'])]
    chosen = [log for log in chosen if every or log.random().choice(names) == name]
    listed = NOT_DISGUISED.get(name, ())
    read = reader.read((log.path.name, change(log.text)) for log in chosen)
    for log, found in zip(chosen, read):
        lines = differing(times(log.found, 1 + (name == 'twice')), found)
        if lines and not log.is_listed(listed):
            yield f'{log.name}: {lines[0]}'
            yield from (f'    {line}' for line in lines[1:])


def results(found):
    return collections.Counter(
        json.dumps([run['labels'].get('tool'), result], sort_keys=True) for run in found['runs'] for result in run['results']
    )


def check_kin(reader, logs, every):
    """Behind a log of a tool another one of the same tool: no result may be lost, changed or called one more of the same run."""
    firsts = [log for log in logs if can_stand_before(log, NOT_IN_A_CONSOLE)]
    pairs = []
    for first in firsts:
        kin = [log for log in logs if log.plugin == first.plugin and log is not first and log.text and log.found['runs']]
        listed = [pattern for pattern_of_first, pattern in NOT_KIN if first.is_listed([pattern_of_first])]
        kin = [log for log in kin if not log.is_listed((*NOT_IN_A_CONSOLE, *listed))]
        pairs += [(first, second) for second in (kin if every else first.random().sample(kin, min(len(kin), 1)))]
    read = reader.read(('consoleText', (ended(first.text) + second.text).encode()) for first, second in pairs)
    for (first, second), found in zip(pairs, read):
        expected = results(first.found) + results(second.found)
        have = results(found)
        if have != expected:
            yield f'{first.name} {second.name}: {(expected - have).total()} results lost, {(have - expected).total()} too many'


def tool_logs(logs, generator):
    """Logs of different tools that can stand in one console."""
    plugins = collections.defaultdict(list)
    for log in logs:
        if can_stand_before(log, NOT_IN_A_CONSOLE):
            plugins[log.plugin].append(log)
    chosen = generator.sample(sorted(plugins), min(len(plugins), generator.randint(4, 8)))
    return [generator.choice(plugins[name]) for name in chosen]


def mixed(texts):
    return ('+ make bench\n' + ''.join(map(ended, texts))).encode()


def check_mixes(reader, logs, n):
    mixes = [tool_logs(logs, random.Random(seed)) for seed in range(n)]
    read = reader.read(('consoleText', mixed(log.text for log in mix)) for mix in mixes)
    for mix, found in zip(mixes, read):
        expected = {'outcome': '', 'error': None, 'runs': [run for log in mix for run in log.found['runs']]}
        wanted, have = as_set(expected['runs']), as_set(found['runs'])
        if wanted == have:
            continue
        lost = [log.name for log in mix if as_set(log.found['runs']) - have]
        more = {json.loads(run)['labels'].get('tool') for run in have - wanted}
        yield f'{" ".join(log.name for log in mix)}: of {lost} not all, too many of {more}'


def values(found):
    """(benchmark, metric, number) for all numbers that were read."""
    for run in found['runs']:
        for result in run['results']:
            for number in [result['value'], *result['stats'].values(), *result.get('replicates', ())]:
                yield result['benchmark'], result['metric'], number


def cut(log, n):
    generator = log.random()
    lines = [i + 1 for i, byte in enumerate(log.data) if byte == 0x0A]
    places = [generator.randrange(1, len(log.data)) for _ in range(n)] + lines[:: len(lines) + 1] + lines[len(lines) // 2 :: len(lines) + 1]
    return [(log, place) for place in sorted(set(places)) if place < len(log.data)]


def cut_problem(log, found):
    error = found['error'] or {'class': ''}
    if error['class'] in ('crashed', 'protocol', 'timeout', 'internal'):
        return describe(found)
    seen, real = set(values(found)), set(values(log.found))
    if log.plugin in NAMED_BY_ALL:
        seen, real = ({one[1:] for one in some} for some in (seen, real))
    invented = seen - real
    # that everything failed may be said at the end
    if invented and log.plugin not in SUMMED and log.found['outcome'] != 'failed':
        return f'invents {sorted(invented)[:2]}'
    whole = sum(len(run['results']) for run in log.found['runs'])
    have = sum(len(run['results']) for run in found['runs'])
    if have < whole and found['outcome'] == 'ok' and log.plugin not in OPEN:
        return f'ok, with {have} of {whole} results'
    return None


def lines_later(log, place, n):
    for _ in range(n):
        place = log.data.find(b'\n', place) + 1 or len(log.data)
    return place


def read_cut(reader, cuts):
    read = reader.read((log.path.name, log.data[:place]) for log, place in cuts)
    return [(log, place, problem) for (log, place), found in zip(cuts, read) if (problem := cut_problem(log, found))]


def check_cuts(reader, logs, n):
    cuts = [one for log in logs if len(log.data) > 1 for one in cut(log, n)]
    # a run of which no line is whole has not begun: what is before it may be all there is
    for log, place, _ in read_cut(reader, cuts):
        for _, _, problem in read_cut(reader, [(log, lines_later(log, place, BEGIN))]):
            yield f'{log.name} cut at {place}: {problem}'


def quoted(mark):
    return by_line(lambda _, line: mark + line)


PAGE = '# How fast it is\n\nOn my machine it says:\n\n'
REMARK = '\nIt gets slower with more users.\n'
COMMIT = '''commit 5d1a6f0d2a6a0c7f5f6b0b6c2b1f4a0f3e9d8c7b
Author: A. Person <person@example.org>
Date:   Wed May 1 10:00:00 2024 +0200

    Make it faster
'''


def shown(before, indentation, behind, escape=str):
    """What a page shows between two texts."""

    def quote(text):
        lines = escape(text).removesuffix('\n').split('\n')
        return (before + ''.join(f'{indentation * bool(line.strip())}{line}\n' for line in lines) + behind).encode()

    return quote


def in_cells(text):
    """Lines of output as rows of a table."""
    lines = text.replace('\r', '').removesuffix('\n').split('\n')
    return (PAGE + '| output |\n| ------ |\n' + ''.join(f'| {line} |\n' for line in lines) + REMARK).encode()


def in_a_grid(text):
    """All output in one cell of a table, as reStructuredText draws them."""
    lines = text.replace('\r', '').removesuffix('\n').split('\n')
    width = max(map(len, lines))
    ruler = f'+{"-" * (width + 2)}+\n'
    return (PAGE + ruler + ''.join(f'| {line:{width}} |\n' for line in lines) + ruler + REMARK).encode()


escape_text = functools.partial(html.escape, quote=False)


# what people and programs make of a log they talk about
QUOTES = [
    ('a mail', quoted('> ')),
    ('a patch', quoted('+')),
    ('a comment', quoted('# ')),
    ('a string in C', by_line(lambda _, line: f'\t{json.dumps(line + chr(10), ensure_ascii=False)}')),
    ('a list in Python', by_line(lambda _, line: f'    {line!r},')),
    ('a string in JSON', lambda text: json.dumps({'name': 'x', 'log': text}).encode()),
    ('an indented block', shown(PAGE, '    ', REMARK)),
    ('a block behind tabs', shown(PAGE, '\t', REMARK)),
    ('a commit message', shown(COMMIT, '    ', '\ncommit 0b7e2f4c6a8d9e1f3a5b7c9d0e2f4a6b8c0d1e3f\n')),
    ('a fenced block', shown(PAGE + '```\n', '', '```\n' + REMARK)),
    ('a fenced block of a kind', shown(PAGE + '~~~~ console\n', '', '~~~~\n' + REMARK)),
    ('a page of HTML', shown(f'<!DOCTYPE html>\n<html>\n<head><title>x</title></head>\n<body>\n<p>Fast:</p>\n<pre><code>', '', '</code></pre>\n</body>\n</html>\n', html.escape)),
    ('a page of HTML without markup', shown('\n<html>\n<body>\n', '', '')),
    ('an HTML block', shown('<p>On my machine:</p>\n<pre>\n', '', '</pre>\n<p>It gets slower.</p>\n', escape_text)),
    ('an escaped HTML block', shown('<div class="highlight"><PRE class="console">', '', '</PRE></div>\n', escape_text)),
    ('an HTML code block', shown('<p><code>', '', '</code> is fast.</p>\n', html.escape)),
    ('an AsciiDoc source block', shown('.How fast it is\n[source,console]\n----\n', '', '----\n' + REMARK)),
    ('a long AsciiDoc listing block', shown(PAGE + '[listing]\n------------\n', '', '------------\n')),
    ('an AsciiDoc listing block', shown('= How fast it is\nA. Person\n:toc:\n\n== On my machine\n\n----\n', '', '----\n' + REMARK)),
    ('an AsciiDoc literal block', shown('Intro.\n\n== On my machine\n\n.Output\n....\n', '', '....\n' + REMARK)),
    ('a reStructuredText block', shown('How fast\n========\n\nOn my machine it says::\n\n', '  ', REMARK)),
    ('a narrow reStructuredText block', shown('On my machine it says ::\n\n', ' ', REMARK)),
    ('a reStructuredText code block', shown('It says:\n\n.. code-block:: console\n   :caption: wrk\n\n', '   ', REMARK)),
    ('a reStructuredText code block of two blanks', shown('It says:\n\n.. code::\n\n', '  ', REMARK)),
    ('cells', in_cells),
    ('a grid', in_a_grid),
    ('a block of a list', shown('1. Run it:\n\n   ```sh\n', '   ', '   ```\n2. Read it.\n')),
]


# logs that are read in a quotation all the same
NOT_QUOTED = {
    # a table of its own in one cell; rows that perf begins at any column
    'cells': ('hyperfine/table.md', 'perf-stat/places-repeated-console.log'),
    'a grid': ('hyperfine/table.md', 'perf-stat/places-repeated-console.log'),
}


def quotable(logs):
    """What was redrawn nobody has before him."""
    return [log for log in logs if log.text and not re.search('\r(?!\n)', log.text)]


def check_quote(reader, logs, number, every):
    name, change = QUOTES[number]
    chosen = [log for log in quotable(logs) if every or random.Random(f'{log.name} {name}').random() < QUOTED]
    chosen = [log for log in chosen if not log.is_listed(NOT_QUOTED.get(name, ()))]
    read = reader.read(('notes.txt', change(log.text)) for log in chosen)
    for log, found in zip(chosen, read):
        if found['runs']:
            yield f'{log.name}: {found["parser"]} {describe(found)}'


def check_beside_quotes(reader, logs):
    """What was run has the same results beside what is only shown, of the same tool or another."""
    logs = [log for log in logs if can_stand_before(log, NOT_IN_A_CONSOLE)]
    shown_logs = quotable(logs)
    pages = []
    for log in logs:
        generator = log.random()
        _, change = generator.choice([one for one in QUOTES if one[0].endswith('block')])
        same_tool = generator.random() < 0.5
        others = [other for other in shown_logs if (other.plugin == log.plugin) == same_tool] or shown_logs
        page = '+ cat README.md\n' + change(generator.choice(others).text).decode()
        pages.append(mixed([page, log.text] if generator.random() < 0.5 else [log.text, page]))
    for log, found in zip(logs, reader.read(('consoleText', page) for page in pages)):
        for line in differing(log.found, found):
            yield f'{log.name}: {line}'


def check_foreign(reader, files):
    read = reader.read((path.name, path.read_bytes()) for path in files)
    for path, found in zip(files, read):
        if found['runs']:
            yield f'{path.parent.name}/{path.name}: {found["parser"]} {describe(found)}'


def sources():
    """The parsers' own sources, and what is said of them."""
    root = HERE.parent
    patterns = ['plugins/*/*.c', 'plugins/*.md', 'docs/*.md', 'README.md', 'tests/*.py', 'tests/*.c', 'plugins/*/tests/*.by-eye.json']
    return [path for pattern in patterns for path in sorted(root.glob(pattern))]


def main():
    arguments = sys.argv[1:]
    every = arguments[:1] == ['--all']
    perfdash, plugins, *names = arguments[every:]
    folders = sorted(pathlib.Path(plugins).glob('*/tests'))
    folders = [folder for folder in folders if not list(folder.glob('*' + golden.KEY_FILE))]
    logs = [Log(path, found) for path, found in golden.parse_all(perfdash, folders)]
    logs = [log for log in logs if not names or any(name in log.name for name in names)]
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(perfdash, folder)
        checks = [
            (f'in {name}', functools.partial(check_disguise, reader, logs, number, every))
            for number, (_, name, _) in enumerate(DISGUISES)
        ]
        checks += [('mixed', functools.partial(check_mixes, reader, logs, 400 if every else 50))]
        checks += [('behind another log of its tool', functools.partial(check_kin, reader, logs, every))]
        checks += [('cut off', functools.partial(check_cuts, reader, logs, 12 if every else 2))]
        checks += [
            (f'in {name}', functools.partial(check_quote, reader, logs, number, every)) for number, (name, _) in enumerate(QUOTES)
        ]
        checks += [('beside quotes', functools.partial(check_beside_quotes, reader, logs))]
        checks += [('sources', functools.partial(check_foreign, reader, sources()))]
        checks += [('foreign', functools.partial(check_foreign, reader, sorted((HERE / 'foreign').iterdir())))]
        tap.run(checks)


if __name__ == '__main__':
    main()
