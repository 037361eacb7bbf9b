# SPDX-License-Identifier: LGPL-2.1-or-later
"""One module per tool; each writes a log exactly as the tool prints it.

A module has write(run, values, rng) -> (text, seconds the run took), where values maps the name of a benchmark to the
value of its metric, and moves(benchmark), the metrics in the log that follow that value: name -> exponent (a latency
falls as the rate rises: -1).
"""

from . import fio, googlebenchmark, jmeter, native, pgbench, wrk

TOOLS = {
    'fio': fio,
    'googlebenchmark': googlebenchmark,
    'jmeter': jmeter,
    'native': native,
    'pgbench': pgbench,
    'wrk': wrk,
}
