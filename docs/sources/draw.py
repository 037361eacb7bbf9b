#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Draws the picture of docs/sources.md: a Wednesday of simulated sources, when results came and when they were asked.

    draw.py CADENCE-WEEKS FOLDER
"""

import pathlib
import subprocess
import sys

WIDTH, ROW, EDGE, LEFT = 720, 56, 12, 76
DAY = 30
SOURCES = ('nightly', 'hourly', 'bursty')
STYLE = """
text { font: 13px sans-serif; fill: #333 } rect.paper { fill: #fff }
.request { stroke: #06c; fill: none; stroke-width: .6 } .result { stroke: #c33; fill: none; stroke-width: 1.5 }
"""


def read_day(weeks, source):
    done = subprocess.run([weeks, source, str(DAY)], capture_output=True, text=True, check=True)
    times = {'request': [], 'result': []}
    for line in done.stdout.splitlines():
        what, seconds = line.split()
        times[what].append(int(seconds))
    return times


def x(seconds):
    return round(LEFT + (WIDTH - LEFT - EDGE) * seconds / 86400, 1)


def draw_ticks(kind, times, top, height):
    path = ''.join(f'M{x(time)} {top}v{height}' for time in times)
    return f'<path class="{kind}" d="{path}"/>'


def draw(days):
    height = ROW * len(days) + 26
    parts = ['<rect class="paper" width="100%" height="100%"/>']
    for number, (source, times) in enumerate(days.items()):
        top = ROW * number + EDGE
        parts.append(f'<text x="{EDGE}" y="{top + 27}">{source}</text>')
        parts.append(draw_ticks('result', times['result'], top, 14))
        parts.append(draw_ticks('request', times['request'], top + 16, 24))
    for hour in range(0, 25, 3):
        anchor = 'end' if hour == 24 else 'middle'
        parts.append(f'<text x="{x(hour * 3600)}" y="{height - 8}" text-anchor="{anchor}">{hour}:00</text>')
    body = '\n'.join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">\n'
        f'<style>{STYLE}</style>\n{body}\n</svg>\n'
    )


def main():
    weeks, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    (folder / 'cadence.svg').write_text(draw({source: read_day(weeks, source) for source in SOURCES}))


if __name__ == '__main__':
    main()
