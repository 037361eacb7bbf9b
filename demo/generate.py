#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Write the demo: logs as three labs would have left them, with changes that are known.

    demo/generate.py --out DIR [--end YYYY-MM-DD] [--days 90] [--seed N]

DIR/logs gets {lab}/{project}/{suite}/{branch}/{build}_{revision}/{name}, each file dated when its run ended, the last
before --end 00:00 UTC. DIR/TRUTH.json lists what was put in; it is for tests and stands outside the watched
directory. The same arguments give the same bytes and the same dates. What is made up stands in scenario.py.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import sys
from collections import namedtuple
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import noise
import scenario
from formats import TOOLS

NIGHTLY = timedelta(minutes=20)
MIDDAY = timedelta(hours=12)
BETWEEN_RUNS = timedelta(seconds=40)

LOGS = [(suite, log) for suite in scenario.SUITES for log in suite.logs]

Build = namedtuple('Build', 'branch number revision committed day')
Run = namedtuple('Run', 'lab build suite log started path')


def builds_of(branch, end, days, seed):
    """All builds of a branch, oldest first; day counts back from the end."""
    builds = []
    midnight = datetime(end.year, end.month, end.day, tzinfo=timezone.utc) - timedelta(days=days)
    for day in range(days, 0, -1):
        slots = [NIGHTLY] if day % branch.every == 0 else []
        if branch.midday and midnight.weekday() < 5:
            slots.append(MIDDAY)
        for slot in slots:
            number = branch.first_build + len(builds)
            text = f'{seed} {branch.name} {number}'
            revision = hashlib.sha1(text.encode()).hexdigest()[:10]
            builds.append(Build(branch.name, number, revision, midnight + slot, day))
        midnight += timedelta(days=1)
    return builds


def lab_runs(lab, build):
    """Whether the lab runs its suites on this build."""
    midday = build.committed.hour == MIDDAY.seconds // 3600
    return build.branch in lab.branches and build.day > lab.silent and (lab.midday or not midday)


def series_values(lab, suite, benchmark, branch_builds, seed):
    """What the benchmark gives in this lab: build -> value."""
    builds = [build for build in branch_builds if lab_runs(lab, build)]
    branch = branch_builds[0].branch
    rng = random.Random(f'{seed} {lab.name} {branch} {suite.name} {benchmark.name}')
    speed = lab.speed if benchmark.machine else 1
    level = benchmark.level * (speed if benchmark.better == 'higher' else 1 / speed)
    factors = noise.factors(benchmark.noise, rng, len(builds), benchmark.spread)
    changes = [
        change
        for change in scenario.CHANGES
        if (change.suite, change.benchmark, change.branch) == (suite.name, benchmark.name, branch)
        and lab.name in change.labs
    ]
    values = {}
    for build, factor in zip(builds, factors):
        for change in changes:
            factor *= effect(change, build, branch_builds)
        value = level * factor
        values[build] = round(value) if benchmark.noise == 'whole numbers' else value
    return values


def effect(change, build, builds):
    if change.kind == 'drift':
        first, last = builds[0].committed, builds[-1].committed
        return change.ratio ** ((build.committed - first) / max(last - first, timedelta(days=1)))
    if change.kind == 'outlier':
        return change.ratio if build is first_build(change.day, builds) else 1
    return change.ratio if build.day <= change.day else 1


def first_build(day, builds):
    return next((build for build in builds if build.day <= day), None)


def write_branch(lab, branch_builds, root, seed):
    """All logs of one lab and branch; returns the runs."""
    clocks = {
        build: start_of_round(lab, build, seed) for build in branch_builds if lab_runs(lab, build)
    }
    runs = []
    for suite, log in LOGS:
        series = {
            benchmark.name: series_values(lab, suite, benchmark, branch_builds, seed)
            for benchmark in log.benchmarks
        }
        for build, clock in clocks.items():
            run = Run(lab, build, suite, log, clock, log_path(root, lab, build, suite, log))
            values = {name: of_build[build] for name, of_build in series.items()}
            clocks[build] = write_log(run, values, seed) + BETWEEN_RUNS
            runs.append(run)
    return runs


def log_path(root, lab, build, suite, log):
    folder = f'{build.number}_{build.revision}'
    return root / lab.name / suite.project / suite.name / build.branch / folder / log.name


def start_of_round(lab, build, seed):
    rng = random.Random(f'{seed} {lab.name} {build.branch} {build.number}')
    wait = lab.hour * 3600 + rng.randrange(1500) + (2400 if build.branch != 'main' else 0)
    return build.committed + timedelta(seconds=int(wait))


def write_log(run, values, seed):
    """Returns when the run ended, which is also the date of the file."""
    rng = random.Random(f'{seed} {run.lab.name} {run.build.revision} {run.suite.name} {run.log.name}')
    text, seconds = TOOLS[run.log.tool].write(run, values, rng)
    ended = run.started + timedelta(seconds=int(seconds))
    run.path.parent.mkdir(parents=True, exist_ok=True)
    run.path.write_text(text, encoding='utf-8')
    os.utime(run.path, (ended.timestamp(), ended.timestamp()))
    return ended


def truth(runs, builds, root, args):
    return {
        'format': 'perfdash-demo-truth',
        'seed': args.seed,
        'end': str(args.end),
        'days': args.days,
        'logs': len(runs),
        'changes': [*step_truths(runs, builds, root), *silences(runs)],
        'noise': [
            {'suite': suite.name, 'benchmark': b.name, 'kind': b.noise, 'spread': b.spread}
            for suite, log in LOGS
            for b in log.benchmarks
        ],
    }


def step_truths(runs, builds, root):
    found = {(run.lab.name, run.build, run.log): run for run in runs}
    for change in scenario.CHANGES:
        suite, log, benchmark = find_benchmark(change)
        build = visible_from(change, builds[change.branch])
        hits = [found[key] for lab in change.labs if (key := (lab, build, log)) in found]
        if hits:
            exponents = TOOLS[log.tool].moves(benchmark)
            yield {
                'kind': change.kind,
                'note': change.note,
                'project': suite.project,
                'suite': suite.name,
                'branch': change.branch,
                'benchmark': benchmark.name,
                'metric': benchmark.metric,
                'better': benchmark.better,
                'ratio': change.ratio,
                'build': str(build.number),
                'revision': build.revision,
                'labs': {run.lab.name: stamp(run.started) for run in hits},
                'logs': {run.lab.name: str(run.path.relative_to(root)) for run in hits},
                'moves': {metric: change.ratio**power for metric, power in exponents.items()},
            }


def visible_from(change, builds):
    """The first build that shows the change; None when there is no build before it to compare with."""
    if change.kind == 'drift':
        return builds[0]
    build = first_build(change.day, builds)
    return None if build is builds[0] else build


def silences(runs):
    for lab in scenario.LABS:
        last = max((run for run in runs if run.lab is lab), key=lambda run: run.started, default=None)
        if lab.silent and last:
            yield {
                'kind': 'silence',
                'note': 'the lab stopped reporting',
                'labs': {lab.name: stamp(last.started)},
                'build': str(last.build.number),
                'revision': last.build.revision,
            }


def find_benchmark(change):
    for suite, log in LOGS:
        for benchmark in log.benchmarks:
            if (suite.name, benchmark.name) == (change.suite, change.benchmark):
                return suite, log, benchmark
    raise LookupError(f'{change.suite} has no benchmark {change.benchmark}')


def stamp(moment):
    return f'{moment:%Y-%m-%dT%H:%M:%SZ}'


def generate(args):
    """Make the logs beside their place and move them there when they are complete."""
    root, partial = args.out / 'logs', args.out / 'logs.partial'
    if root.exists():
        raise FileExistsError(f'{root} is already there')
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    builds = {
        branch.name: builds_of(branch, args.end, args.days, args.seed)
        for branch in scenario.BRANCHES
    }
    runs = []
    for lab in scenario.LABS:
        for name in lab.branches:
            runs += write_branch(lab, builds[name], partial, args.seed)
    facts = truth(runs, builds, partial, args)
    (args.out / 'TRUTH.json').write_text(json.dumps(facts, indent=1) + '\n', encoding='utf-8')
    partial.rename(root)
    return facts


def main():
    parser = argparse.ArgumentParser(description='Write the logs of the demo.')
    parser.add_argument('--out', type=Path, required=True, metavar='DIR')
    today = datetime.now(timezone.utc).date()
    parser.add_argument('--end', type=date.fromisoformat, default=today, metavar='YYYY-MM-DD')
    parser.add_argument('--days', type=int, default=90)
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    if args.days < 7:
        parser.error('--days must be at least 7')
    try:
        facts = generate(args)
    except OSError as error:
        sys.exit(f'generate.py: {error}')
    print(f'{facts["logs"]} logs in {args.out / "logs"}')


if __name__ == '__main__':
    main()
