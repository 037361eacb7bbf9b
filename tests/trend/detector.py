# SPDX-License-Identifier: LGPL-2.1-or-later
"""perfdash as a detector of changes: by its command line, and with results that arrive one by one."""

import json
import os
import struct
import subprocess

FIRST = 10  # results, at which a trend is asked for first


def analyze(series):
    """What perfdash analyze says of each id."""
    lines = ''.join(json.dumps({'id': one['id'], 'values': one['values'], 'direction': 'lower'}) + '\n' for one in series)
    answer = subprocess.run([os.environ['PERFDASH'], 'analyze'], input=lines, stdout=subprocess.PIPE, check=True, text=True)
    return {answer['id']: answer for answer in map(json.loads, answer.stdout.splitlines())}


def find(series):
    """The places of the changes of each id."""
    return {name: [change['index'] for change in answer['changes']] for name, answer in analyze(series).items()}


def let_arrive(series):
    """The places of the changes of each id, with the first ten results and each further one."""
    packed = b''.join(struct.pack('<Q', len(one['values'])) + struct.pack(f'<{len(one["values"])}d', *one['values']) for one in series)
    answer = subprocess.run([os.environ['PROBE'], 'arrive'], input=packed, stdout=subprocess.PIPE, check=True)
    lines = iter(answer.stdout.decode().splitlines())
    return {one['id']: [[int(place) for place in next(lines).split()] for _ in range(FIRST, len(one['values']) + 1)]
            for one in series}
