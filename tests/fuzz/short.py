#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A short campaign, always the same: short.py FUZZER RUNS FOLDER... Writes TAP; tools/fuzz has long ones.

What is found is written to standard error as a file of base64.
"""

import base64
import pathlib
import subprocess
import sys
import tempfile

import seeds

LIMITS = ('-seed=1', '-max_len=20000', '-timeout=60', '-rss_limit_mb=4000')


def main():
    fuzzer, runs, *folders = sys.argv[1:]
    target = pathlib.Path(fuzzer).name.removeprefix('fuzz-')
    with tempfile.TemporaryDirectory(prefix='perfdash-fuzz-') as place:
        corpus, found = pathlib.Path(place, 'corpus'), pathlib.Path(place, 'found')
        corpus.mkdir()
        found.mkdir()
        n_seeds = seeds.write(target, folders, corpus)
        command = [fuzzer, f'-runs={runs}', f'-artifact_prefix={found}/', *LIMITS, corpus]
        done = subprocess.run(command, stderr=subprocess.PIPE, check=False, text=True, errors='replace')
        print('1..1')
        print(f'# {n_seeds} seeds; {done.stderr.strip().splitlines()[-1]}')
        print(f'{"not ok" if done.returncode else "ok"} 1 - {target}')
        if done.returncode:
            sys.stderr.write(done.stderr[-8000:])
        for path in found.iterdir():
            sys.stderr.write(f'{path.name}: {base64.b64encode(path.read_bytes()).decode()}\n')
    return done.returncode != 0


if __name__ == '__main__':
    sys.exit(main())
