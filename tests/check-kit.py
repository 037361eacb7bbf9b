#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Can someone with nothing but an installed perfdash write a parser? Does what plugins/README.md says, out of the tree.

check-kit.py BUILD: installs the build tree into a folder of its own first.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import tap

BUILD = Path(sys.argv[1]).resolve()
README = Path(__file__).resolve().parent.parent / 'plugins' / 'README.md'
HEADER_LINE = '#define PERFDASH_PARSER_ABI_VERSION '


class Kit:
    """An installed perfdash, and how its author calls things."""

    def __init__(self, folder):
        self.place = folder / 'work'
        self.place.mkdir()
        self.installed = folder / 'installed'
        subprocess.run(['meson', 'install', '-C', BUILD, '--no-rebuild', '--quiet', '--destdir', self.installed], check=True)
        package = next(self.installed.rglob('perfdash-1.pc'))
        worker = next(self.installed.rglob('perfdash-worker'))
        perfdash = next(path for path in self.installed.rglob('perfdash') if path.is_file())
        # it is not installed where it was built for: pkg-config and the programs are told where it is
        package.write_text(re.sub('^prefix=', f'prefix={self.installed}', package.read_text(), flags=re.MULTILINE))
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith('PERFDASH_')} | {
            'PATH': f'{perfdash.parent}:{os.environ["PATH"]}',
            'PKG_CONFIG_PATH': str(package.parent),
            'LD_LIBRARY_PATH': str(package.parent.parent),
            'PERFDASH_WORKER': str(worker),
        }
        self.parsers = self.variable('parserdir')
        self.environment['PERFDASH_PARSER_PATH'] = self.parsers

    def run(self, *command, folder=None, **environment):
        return subprocess.run(list(map(str, command)), cwd=folder or self.place, env=self.environment | environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)

    def variable(self, name):
        return self.run('pkg-config', f'--variable={name}', 'perfdash-1').stdout.strip()

    def listed(self, name, *path):
        """What `perfdash parsers` says of a parser."""
        search_path = ':'.join((*map(str, path), self.parsers))
        parsers = json.loads(self.run('perfdash', 'parsers', '--format', 'json', PERFDASH_PARSER_PATH=search_path).stdout)
        return next(parser for parser in parsers if parser['name'] == name)


def check_variables(kit):
    abi = next(line for line in (next(kit.installed.rglob('perfdash-parser-module.h'))).read_text().splitlines()
               if line.startswith(HEADER_LINE)).removeprefix(HEADER_LINE)
    if kit.variable('parser_abi') != abi:
        yield f'parser_abi is {kit.variable("parser_abi")!r}, the header says {abi}'
    for name, inside in (('parserdir', 'wrk.so'), ('templatedir', 'template.c'), ('golden', '')):
        if not Path(kit.variable(name), inside).exists():
            yield f'{name}={kit.variable(name)}: has no {inside or "such file"}'
    if not kit.variable('keyfiledir').endswith('/perfdash/parsers'):
        yield f'keyfiledir={kit.variable("keyfiledir")}'
    named = set(re.findall(r'^\| `([a-z_]+)` \|', README.read_text(), re.MULTILINE))
    if named != {'parserdir', 'keyfiledir', 'parser_abi', 'templatedir', 'golden'}:
        yield f'plugins/README.md tells of the variables {named}'


def copy_template(kit, name):
    """The template as another parser."""
    folder = kit.place / name
    shutil.copytree(kit.variable('templatedir'), folder)
    for path in (folder / 'meson.build', folder / 'template.c'):
        path.write_text(re.sub(r'''(?<=["'])template(?=["'])''', name, path.read_text()))
    return folder


def build(kit, folder):
    for command in (('meson', 'setup', 'build'), ('ninja', '-C', 'build')):
        done = kit.run(*command, folder=folder)
        if done.returncode != 0:
            yield from (' '.join(command), *done.stdout.splitlines()[-20:])
            return


def golden(kit, folder, path, *options):
    return kit.run('perfdash-golden', *options, folder, PERFDASH_PARSER_PATH=f'{path}:{kit.parsers}')


def check_template(kit):
    """Copied, renamed, built and tested as the README says; its test notices a number that is not the one expected."""
    folder = copy_template(kit, 'my-tool')
    yield from build(kit, folder)
    for log in (folder / 'tests').glob('*.expected.json'):
        log.write_text(re.sub('"template"', '"my-tool"', log.read_text().replace('template:', 'my-tool:')))
    tested = golden(kit, folder / 'tests', folder / 'build')
    if tested.returncode != 0 or 'ok 1 ' not in tested.stdout:
        yield from tested.stdout.splitlines()
    if kit.listed('my-tool', folder / 'build')['blocked'] is not None:
        yield f'{kit.listed("my-tool", folder / "build")}'
    expected = folder / 'tests' / 'whole.stopwatch.expected.json'
    expected.write_text(expected.read_text().replace('0.03115', '0.03116'))
    if golden(kit, folder / 'tests', folder / 'build').returncode == 0:
        yield 'a wrong number passes'


def check_meson_test(kit):
    """`meson test` of the copied template finds the runner by itself."""
    folder = copy_template(kit, 'template')
    yield from build(kit, folder)
    # its own environment names the build folder and the installed parsers, which here are elsewhere
    tested = kit.run('meson', 'test', '-C', 'build', '--print-errorlogs', folder=folder)
    if 'Ok: ' not in tested.stdout or tested.returncode != 0:
        yield from tested.stdout.splitlines()[-20:]


def check_abi(kit):
    """A module that was compiled with another perfdash is shown with the reason, and the others can be used."""
    folder = copy_template(kit, 'tomorrow')
    shutil.copytree(next(kit.installed.rglob('perfdash.h')).parent, folder / 'headers')
    header = folder / 'headers' / 'perfdash-parser-module.h'
    header.write_text(re.sub(f'(?<={HEADER_LINE})\\d+', '99', header.read_text()))
    script = folder / 'meson.build'
    script.write_text(script.read_text().replace('dependencies: perfdash,', "dependencies: perfdash, c_args: '-I../headers',"))
    yield from build(kit, folder)
    blocked = kit.listed('tomorrow', folder / 'build')['blocked']
    if blocked is None or 'made for parser ABI 99, this is ABI 1: compile it again' not in blocked:
        yield f'it is blocked for the reason {blocked!r}'
    if kit.listed('wrk', folder / 'build')['blocked'] is not None:
        yield 'another parser is blocked, too'
    tried = kit.run('perfdash', 'parse', '--parser', folder / 'build' / 'tomorrow.so', folder / 'tests' / 'whole.stopwatch')
    if tried.returncode != 1 or 'ABI 99' not in tried.stdout:
        yield f'it is tried: {tried.stdout}'


def readme_blocks():
    """The indented texts of the README, by their first line."""
    blocks = re.findall(r'^( {7}\S.*(?:\n(?: {7}.*)?)*)', README.read_text(), re.MULTILINE)
    texts = [re.sub(r'^ {7}', '', block, flags=re.MULTILINE).rstrip() + '\n' for block in blocks]
    return {text.splitlines()[0]: text for text in texts}


def check_key_file(kit):
    """The key file of the README reads the log of the README; its golden test passes, and fails when a number changes."""
    folder = kit.place / 'batch'
    folder.mkdir()
    texts = readme_blocks()
    (folder / 'batch.parser').write_text(texts['[parser]'])
    log = folder / 'nightly.log'
    log.write_text(texts['batch runner v3.1'])
    shown = kit.run('perfdash', 'parse', '--explain', '--parser', folder / 'batch.parser', log)
    for words in ('batch, ok', '  2     import     latency  31.15 ms', '  3     export     latency  870 ms'):
        if words not in shown.stdout:
            yield f'{words!r} is not in: {shown.stdout}'
    if kit.run('perfdash-golden', '--update', folder).returncode != 0:
        yield 'perfdash-golden --update fails'
    if '"value": 0.03115' not in (folder / 'nightly.log.expected.json').read_text():
        yield 'the expected JSON has not the value'
    if kit.run('perfdash-golden', folder).returncode != 0:
        yield 'perfdash-golden fails'
    log.write_text(log.read_text().replace('31.15', '31.16'))
    tested = kit.run('perfdash-golden', folder)
    if tested.returncode == 0 or '.value: 0.03116, expected 0.03115' not in tested.stdout:
        yield f'a wrong number passes: {tested.stdout}'


CHECKS = {
    'pkg-config tells where parsers go and what their ABI is': check_variables,
    'the template becomes a parser of its own': check_template,
    'meson test runs the golden tests of a copied template': check_meson_test,
    'a module of another ABI is blocked, and shown': check_abi,
    'the key file of the README works, and is tested': check_key_file,
}


def main():
    with tempfile.TemporaryDirectory(prefix='perfdash-kit-') as folder:
        kit = Kit(Path(folder))
        tap.run([(name, lambda check=check: check(kit)) for name, check in CHECKS.items()])


if __name__ == '__main__':
    main()
