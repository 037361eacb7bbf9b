// SPDX-License-Identifier: LGPL-2.1-or-later

// from the API's columns to what a chart draws: one column of x, one column of values a series

import type { Direction, Labels, Outcome, Points } from './api';

/** One result as the hover card and the table show it. */
export interface Point {
  readonly line: Line;
  readonly index: number;
  readonly x: number;
  readonly value: number;
  readonly time: number;
  readonly run: number;
  readonly build: string;
  readonly revision: string;
  readonly outcome: Outcome;
}

/** One series on a chart; `slot` is its colour and marker, the same on every chart and in the legend. */
export interface Line {
  readonly id: string;
  readonly slot: number;
  readonly labels: Labels;
  readonly unit: string;
  readonly direction: Direction;
  readonly points: Points;
  readonly xs: readonly number[];
}

export interface Span {
  readonly min: number;
  readonly max: number;
}

/** The order of builds on a build axis: by the first result of each. */
export interface BuildAxis {
  readonly builds: readonly string[];
  readonly times: readonly number[];
  readonly index: ReadonlyMap<string, number>;
}

export function buildAxis(all: readonly Points[]): BuildAxis {
  const first = new Map<string, number>();
  for (const points of all) {
    for (const [i, build] of points.builds.entries()) {
      const time = points.times[i] ?? 0;
      if (build !== '' && time < (first.get(build) ?? Infinity)) first.set(build, time);
    }
  }
  const order = [...first].sort((a, b) => a[1] - b[1]);
  return {
    builds: order.map(([build]) => build),
    times: order.map(([, time]) => time),
    index: new Map(order.map(([build], i) => [build, i])),
  };
}

// results at the same moment keep their own place, else one would hide the other
function timeXs(points: Points): number[] {
  let last = -Infinity;
  return points.times.map((time) => {
    last = time > last ? time : last + 0.01;
    return last;
  });
}

// several results of one build stand side by side within the build's own room
function buildXs(points: Points, axis: BuildAxis): number[] {
  const seen = new Map<string, number>();
  const total = new Map<string, number>();
  for (const build of points.builds) total.set(build, (total.get(build) ?? 0) + 1);
  return points.builds.map((build) => {
    const index = axis.index.get(build);
    if (index === undefined) return NaN;
    const turn = seen.get(build) ?? 0;
    seen.set(build, turn + 1);
    const count = total.get(build) ?? 1;
    return count === 1 ? index : index - 0.25 + (0.5 * turn) / (count - 1);
  });
}

/** The results but for those of some runs. */
export function withoutRuns(points: Points, isGone: (run: number) => boolean): Points {
  const kept = [...points.runs.keys()].filter((i) => !isGone(points.runs[i] ?? 0));
  const pick = <T,>(column: readonly T[]): T[] => kept.map((i) => column[i] as T);
  if (kept.length === points.runs.length) return points;
  const { times, values, runs, builds, revisions, outcomes } = points;
  return {
    ...points,
    n: points.n - runs.length + kept.length,
    times: pick(times),
    values: pick(values),
    runs: pick(runs),
    builds: pick(builds),
    revisions: pick(revisions),
    outcomes: pick(outcomes),
  };
}

export function makeLines(all: readonly { readonly points: Points; readonly slot: number }[], axis: BuildAxis | null): Line[] {
  return all.map(({ points, slot }) => ({
    id: points.id,
    slot,
    labels: points.labels,
    unit: points.unit,
    direction: points.direction,
    points,
    xs: axis === null ? timeXs(points) : buildXs(points, axis),
  }));
}

export type Columns = [number[], ...(number | null)[][]];

/** Puts lines on one common column of x; where a line has no result stands null. */
export function joinLines(lines: readonly Line[]): Columns {
  const all = new Set<number>();
  for (const line of lines) for (const x of line.xs) if (!Number.isNaN(x)) all.add(x);
  const xs = [...all].sort((a, b) => a - b);
  const row = new Map(xs.map((x, i) => [x, i]));
  const columns = lines.map((line) => {
    const column: (number | null)[] = new Array<number | null>(xs.length).fill(null);
    for (const [i, x] of line.xs.entries()) {
      const at = row.get(x);
      if (at !== undefined) column[at] = line.points.values[i] ?? null;
    }
    return column;
  });
  return [xs, ...columns];
}

export function pointAt(line: Line, index: number): Point | null {
  const { points } = line;
  const [x, value, time] = [line.xs[index], points.values[index], points.times[index]];
  if (x === undefined || value === undefined || time === undefined || Number.isNaN(x)) return null;
  return {
    line,
    index,
    x,
    value,
    time,
    run: points.runs[index] ?? 0,
    build: points.builds[index] ?? '',
    revision: points.revisions[index] ?? '',
    outcome: points.outcomes[index] ?? 'ok',
  };
}

/** The result closest to a place on the canvas, by the distance an eye measures. */
export function nearestPoint(lines: readonly Line[], distance: (x: number, value: number) => number): Point | null {
  let best: { line: Line; index: number } | null = null;
  let shortest = Infinity;
  for (const line of lines) {
    for (const [index, x] of line.xs.entries()) {
      const value = line.points.values[index];
      if (value === undefined) continue;
      const away = distance(x, value);
      if (away < shortest) [best, shortest] = [{ line, index }, away];
    }
  }
  return best === null ? null : pointAt(best.line, best.index);
}

/** The next result of the same line inside the window, for the arrow keys; null at either end. */
export function stepPoint(point: Point, step: -1 | 1, span: Span): Point | null {
  for (let i = point.index + step; i >= 0 && i < point.line.xs.length; i += step) {
    const next = pointAt(point.line, i);
    if (next !== null) return next.x >= span.min && next.x <= span.max ? next : null;
  }
  return null;
}

/** All x of all lines; null when there is none. */
export function extent(lines: readonly Line[]): Span | null {
  let [min, max] = [Infinity, -Infinity];
  for (const line of lines) {
    for (const x of line.xs) {
      if (x < min) min = x;
      if (x > max) max = x;
    }
  }
  return min <= max ? { min, max } : null;
}

/** A window of time as places on a build axis: the builds that began inside it. */
export function spanOfBuilds(axis: BuildAxis, from: number, to: number): Span | null {
  const inside = axis.times.map((time, i) => (time >= from && time < to ? i : -1)).filter((i) => i >= 0);
  const [first, last] = [inside[0], inside[inside.length - 1]];
  return first === undefined || last === undefined ? null : { min: first - 0.5, max: last + 0.5 };
}

/** The way back: the time from the first to the last build inside a span. */
export function timesOfBuilds(axis: BuildAxis, span: Span): Span | null {
  const first = axis.times[Math.max(0, Math.ceil(span.min))];
  const last = axis.times[Math.min(axis.times.length - 1, Math.floor(span.max))];
  return first === undefined || last === undefined || last < first ? null : { min: first, max: last + 1 };
}

export interface Summary {
  readonly n: number;
  readonly last: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** What the legend says about the results in the window. */
export function summarize(line: Line, span: Span): Summary | null {
  const values = line.points.values.filter((_, i) => {
    const x = line.xs[i] ?? NaN;
    return x >= span.min && x <= span.max;
  });
  const last = values[values.length - 1];
  if (last === undefined) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (index: number): number => sorted[index] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  const median = (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2;
  return { n: sorted.length, last, min: at(0), median, max: at(sorted.length - 1) };
}

/** Lines of the same unit share a chart, in the order they were asked for. */
export function groupByUnit(lines: readonly Line[]): Map<string, Line[]> {
  const groups = new Map<string, Line[]>();
  for (const line of lines) groups.set(line.unit, [...(groups.get(line.unit) ?? []), line]);
  return groups;
}
