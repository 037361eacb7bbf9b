# SPDX-License-Identifier: LGPL-2.1-or-later
"""Drop one log of each format into the demo's watched directory and wait for their points: drop-logs.py FOLDER LINK"""

import json
import shutil
import sys
import time
import urllib.request
from pathlib import Path

BUILD = '99999_0dd10c5'
SECONDS = 10


def newest_of_each_name(logs):
    newest = {}
    for path in logs.glob('dfw/*/*/main/*/*'):
        if path.name not in newest or path.stat().st_mtime > newest[path.name].stat().st_mtime:
            newest[path.name] = path
    return newest.values()


def drop(path):
    """The same log under another build, one byte different: the very same bytes would be no news."""
    place = path.parent.parent / BUILD
    place.mkdir(exist_ok=True)
    arriving = place / f'.{path.name}.part'
    shutil.copyfile(path, arriving)
    with open(arriving, 'a', encoding='utf-8') as log:
        log.write('\n')
    arriving.rename(place / path.name)


def runs_of_build(link):
    with urllib.request.urlopen(f'{link}api/v1/runs?match=lab:dfw&limit=100') as answer:
        runs = json.load(answer)['items']
    return {run['log']['name'] for run in runs if run['build'] == BUILD.split('_')[0]}


def main():
    folder, link = Path(sys.argv[1]), sys.argv[2]
    logs = list(newest_of_each_name(folder / 'logs'))
    began = time.monotonic()
    for path in logs:
        drop(path)
    wanted = {path.name for path in logs}
    while missing := wanted - runs_of_build(link):
        if time.monotonic() - began > SECONDS:
            sys.exit(f'not seen after {SECONDS} s: {", ".join(sorted(missing))}')
        time.sleep(0.1)
    print(f'{len(wanted)} logs became runs within {time.monotonic() - began:.1f} s')


if __name__ == '__main__':
    main()
