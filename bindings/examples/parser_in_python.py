#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A parser in Python: reads "BENCHMARK MILLISECONDS" lines and prints what it read.

    parser_in_python.py FILE
"""

import sys

import gi

gi.require_version('Perfdash', '1')
from gi.repository import GLib, Perfdash  # noqa: E402


class LineParser(Perfdash.Parser):
    def do_probe(self, name, head):
        return 90 if head.get_data().startswith(b'#milliseconds\n') else 0

    def do_parse(self, name, log, builder):
        for number, line in enumerate(log.get_data().decode().splitlines()[1:], 2):
            try:
                benchmark, value = line.rsplit(maxsplit=1)
                builder.add_result(benchmark, 'latency', 'ms', Perfdash.Direction.LOWER, float(value))
            except ValueError:
                message = f'line {number}: not a benchmark and a number'
                raise GLib.Error(message, 'perfdash-error', Perfdash.Error.BROKEN) from None
        return True


def main():
    registry = Perfdash.ParserRegistry.new(None)
    registry.add('lines', LineParser())
    for run in Perfdash.parse(sys.argv[1], registry=registry):
        for result in run:
            print(result.benchmark, result.metric, result.value, result.unit)


if __name__ == '__main__':
    main()
