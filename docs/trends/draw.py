#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Draws the pictures of docs/trends.md: series that were made up, and what `perfdash analyze` finds in them.

    draw.py PERFDASH FOLDER
"""

import json
import pathlib
import random
import subprocess
import sys

WIDTH, HEIGHT, EDGE = 720, 180, 12
STYLE = """
text { font: 13px sans-serif; fill: #333 }
.value { fill: #557 } .outlier { fill: none; stroke: #b60 } .level { stroke: #06c; stroke-width: 2 }
.band { fill: #06c; opacity: .18 } .range { fill: #c33; opacity: .25 } .change { stroke: #c33; stroke-width: 1.5 }
.guess { stroke: #c33; stroke-dasharray: 3 3 } rect.paper { fill: #fff }
"""


def noise(seed, n, sd):
    chance = random.Random(seed)
    return [chance.gauss(0, sd) for _ in range(n)]


def made_up():
    """Each series by the name of its picture."""
    step = [100 + x + (6 if i >= 60 else 0) for i, x in enumerate(noise(1, 120, 2))]
    outliers = [100 + x for x in noise(2, 120, 1.5)]
    for place, size in ((20, 40), (21, 35), (64, 28), (90, -22)):
        outliers[place] += size
    chance = random.Random(3)
    modes = [chance.choice((100, 112)) + x for x in noise(4, 120, 1)]
    drift = [100 + i / 12 + x for i, x in enumerate(noise(5, 120, 1.5))]
    wander = [0.0]
    for x in noise(6, 119, 2):
        wander.append(0.7 * wander[-1] + x)
    wander = [100 + x for x in wander]
    late = [100 + x + (5 if i >= 117 else 0) for i, x in enumerate(noise(7, 120, 1.2))]
    loud = [100 + x * (1 if i < 150 else 0.2) + (2.5 if i >= 225 else 0) for i, x in enumerate(noise(8, 300, 5))]
    return {
        'step': step,
        'outliers': outliers,
        'modes': modes,
        'drift': drift,
        'wander': wander,
        'undecided': late,
        'loud': loud,
    }


def analyze(perfdash, series):
    lines = [json.dumps({'id': name, 'values': values, 'direction': 'lower'}) for name, values in series.items()]
    done = subprocess.run([perfdash, 'analyze', '-'], input='\n'.join(lines) + '\n', capture_output=True, text=True, check=True)
    return {found['id']: found for found in map(json.loads, done.stdout.splitlines())}


def draw(values, found):
    low, high = min(values), max(values)

    def x(index):
        return round(EDGE + (WIDTH - 2 * EDGE) * index / (len(values) - 1), 1)

    def y(value):
        return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE - 18) * (value - low) / (high - low), 1)

    parts = ['<rect class="paper" width="100%" height="100%"/>']
    changes = found['changes']
    starts = [0] + [change['index'] for change in changes]
    ends = [change['index'] - 1 for change in changes] + [len(values) - 1]
    for change in changes:
        left, right = x(change['first'] - 0.5), x(change['last'] + 0.5)
        parts.append(f'<rect class="range" x="{left}" y="0" width="{round(right - left, 1)}" height="{HEIGHT}"/>')
        at = x(change['index'] - 0.5)
        parts.append(f'<line class="change" x1="{at}" y1="0" x2="{at}" y2="{HEIGHT}"/>')
        share = f'{100 * change["change"]:+.1f} % ({100 * change["low"]:+.1f} to {100 * change["high"]:+.1f}), {change["confidence"]}'
        anchor, beside = ('end', -6) if at > WIDTH / 2 else ('start', 6)
        parts.append(f'<text x="{at + beside}" y="14" text-anchor="{anchor}">{share}</text>')
    for number, (start, end) in enumerate(zip(starts, ends)):
        side = changes[number - 1] if number > 0 else changes[0] if changes else None
        name = 'after' if number > 0 else 'before'
        level = {'value': side[name], 'low': side[name + '_low'], 'high': side[name + '_high']} if side else found['level']
        top, bottom = y(level['high']), y(level['low'])
        parts.append(f'<rect class="band" x="{x(start)}" y="{top}" width="{round(x(end) - x(start), 1)}" height="{round(bottom - top, 1)}"/>')
        parts.append(f'<line class="level" x1="{x(start)}" y1="{y(level["value"])}" x2="{x(end)}" y2="{y(level["value"])}"/>')
    for index, value in enumerate(values):
        kind = 'outlier' if index in found['outliers'] else 'value'
        parts.append(f'<circle class="{kind}" cx="{x(index)}" cy="{y(value)}" r="{3 if kind == "outlier" else 2}"/>')
    guess = found['undecided']
    if guess:
        at = x(guess['index'] - 0.5)
        parts.append(f'<line class="guess" x1="{at}" y1="0" x2="{at}" y2="{HEIGHT}"/>')
        parts.append(f'<text x="{at - 6}" y="14" text-anchor="end">undecided: {guess["runs_needed"]} more would tell</text>')
    body = '\n'.join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">\n'
        f'<style>{STYLE}</style>\n{body}\n</svg>\n'
    )


# series of labs, and where the causes of their changes may lie, in days; a cause is a day that stabs such ranges
LABS = {
    'dfw': {'checkout GET /cart': ((4, 5), (9, 10)), 'checkout GET /pay': ((4, 5),), 'search find': ((3.5, 5),), 'calibration spin': ((4, 5.5),)},
    'ord': {'checkout GET /cart': ((9.3, 10.3),), 'checkout GET /pay': (), 'search find': ((13, 14),), 'calibration spin': ()},
}
CAUSES = {5: 'lab dfw', 10: 'code: in two labs', 14: 'code: one suite'}


def draw_groups():
    left, top, row, day = 170, 24, 18, 34
    lines = []
    y = top
    for lab, series in LABS.items():
        for name, ranges in series.items():
            y += row
            lines.append(f'<text x="4" y="{y + 4}">{lab} {name}</text>')
            lines.append(f'<line x1="{left}" y1="{y}" x2="{WIDTH - EDGE}" y2="{y}" stroke="#ddd"/>')
            lines += (f'<rect class="range" x="{left + begin * day}" y="{y - 6}" width="{(end - begin) * day}" height="12"/>'
                      for begin, end in ranges)
        y += row / 2
    for place, text in CAUSES.items():
        x = left + place * day - 4
        lines.append(f'<line class="change" x1="{x}" y1="{top}" x2="{x}" y2="{y}"/>')
        lines.append(f'<text x="{x}" y="{top - 6}" text-anchor="middle">{text}</text>')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + EDGE}"><style>{STYLE}</style>'
            f'<rect class="paper" width="{WIDTH}" height="{y + EDGE}"/>{"".join(lines)}</svg>\n')


def main():
    perfdash, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    series = made_up()
    found = analyze(perfdash, series)
    for name, values in series.items():
        (folder / f'{name}.svg').write_text(draw(values, found[name]))
    (folder / 'groups.svg').write_text(draw_groups())


if __name__ == '__main__':
    main()
