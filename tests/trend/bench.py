#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How good the detector of changes is, and how fast, in figures."""

import argparse
import json
import os
import subprocess
import sys

import arrival
import detector
import fleet
import power
import score
import series

ROW = '{:58} {:>10} {:>10}'


def row(what, value, asked='', digits=3):
    print(ROW.format(what, f'{value:.{digits}f}', asked), flush=True)


def mean_of(summaries, name):
    return score.mean(summary[name] for summary in summaries)


def report_drawn(seeds):
    """Means over the seeds, as each is one over its scenarios."""
    summaries = []
    for seed in seeds:
        drawn = list(series.draw(seed))
        summaries.append(score.summarize(drawn, detector.find(drawn)))
    row('drawn series with changes: F1 within 5 results', mean_of(summaries, 'f1'), '>= 0.955')
    row('  within 2 results', mean_of(summaries, 'f1_narrow'))
    row('without changes: false per 1000 results', mean_of(summaries, 'false'), '<= 0.10')
    row('drift alone: false per 1000 results', mean_of(summaries, 'false_drift'), '<= 0.3')
    row('correlated noise: F1', mean_of(summaries, 'correlated'), '>= 0.90')


def report_arrival(seeds):
    chosen = [one for seed in seeds for one in series.draw(seed, every=6) if one['scenario'] not in ('drift', 'null-drift')]
    told = arrival.measure(chosen)
    row('arriving one by one: changes that are told, of 100', 100 * len(told.delays) / told.changes, digits=1)
    row('  results until then, median', told.delay(.5), '<= 5', digits=0)
    row('  in 9 of 10 cases', told.delay(.9), digits=0)
    row('  false alerts per 1000 results', told.false_per_1000, '<= 0.4')
    row('  old changes that vanish or move, per 1000 looks', told.unsteady_per_1000, '<= 2')


def report_power():
    for n_side in (10, 20, 50, 100, 200):
        reached = power.measure(n_side)
        row(f'{n_side} results on each side: half are found of', reached.half, digits=1)
        row('  standard deviations of a result, and nine of ten of', reached.most, digits=1)
        row(f'  bounds that hold the size, of 100 ({reached.found} changes)', 100 * reached.size, digits=1)
        row('  bounds that hold the place, of 100', 100 * reached.place, digits=1)
    for shares in power.SHARES:
        row(f'two heaps, the upper from {shares[0]} to {shares[1]} %: found, of 100', 100 * power.measure_heaps(shares), digits=0)


def report_labelled(path):
    with open(path, encoding='utf-8') as lines:
        labelled = [json.loads(line) for line in lines]
    tally = score.score(labelled, detector.find(labelled))
    row('series that people labelled: F1', tally.f1, '>= 0.98')
    row('  precision', tally.precision)
    row('  recall', tally.recall)


def report_fleet():
    columns = '{:>14} {:>8} {:>12} {:>12} {:>12} {:>12} {:>12} {:>12}'
    print(columns.format('results before', 'changes', 'told: true', 'false', 'of 100 false', 'new: true', 'false', 'of 100 false'))
    percent = lambda part, other: f'{100 * part / max(part + other, 1):.1f}'
    for days_before in (0, 60, 240):
        for share in (0, .02, .1):
            told = fleet.measure((1, 2, 3), n=2000, days_before=days_before, days=60, share=share)
            print(columns.format(days_before, told.changes, told.true, told.false, percent(told.false, told.true),
                                 told.new_true, told.new_false, percent(told.new_false, told.new_true)), flush=True)


def main():
    parser = argparse.ArgumentParser(prog='tools/bench trend', description=__doc__)
    parser.add_argument('--seeds', type=int, default=5, metavar='N', help='series of seeds 1 to N are drawn (default: 5)')
    parser.add_argument('--labelled', metavar='FILE',
                        help='lines of JSON, {"id","values","truth":[index...]}, see tests/trend/score.py')
    parser.add_argument('--fleet', action='store_true', help='only fleets of 2,000 series, of which the p are adjusted to each other')
    options = parser.parse_args()
    if options.seeds < 1:
        parser.error('at least one seed')
    if options.fleet:
        report_fleet()
        return
    seeds = range(1, options.seeds + 1)
    print(ROW.format(f'{options.seeds} seeds', 'perfdash', 'asked'))
    report_drawn(seeds)
    if options.labelled:
        report_labelled(options.labelled)
    report_arrival(seeds)
    report_power()
    subprocess.run([os.environ['PROBE'], 'speed'], check=True)


if __name__ == '__main__':
    sys.exit(main())
