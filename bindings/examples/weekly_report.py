#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What moved most in the last week, against the week before.

    weekly_report.py STORE [MATCH...]

STORE is the directory of a store, MATCH chooses series: lab:dfw metric:latency
"""

import sys

import gi

gi.require_version('Perfdash', '1')
from gi.repository import Perfdash  # noqa: E402


def main():
    place, *match = sys.argv[1:]
    rows = []
    with Perfdash.Store.open(place) as store:
        for info in store.series(match):
            known, before, after, change = store.load_summary(info.id).get_week()
            if known:
                rows.append((change, before, after, info))
    rows.sort(key=lambda row: -abs(row[0]))
    for change, before, after, info in rows[:20]:
        shown = [Perfdash.unit_format(info.unit, value) for value in (before, after)]
        print(f'{change:+8.1%}  {shown[0]:>12} -> {shown[1]:>12}  {info.labels.to_string()}')


if __name__ == '__main__':
    main()
