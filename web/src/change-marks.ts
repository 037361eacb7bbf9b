// SPDX-License-Identifier: LGPL-2.1-or-later

// where levels and changes stand on the axis of a chart, and how their marks share the room above it

import type { Analysis, Change, ChangePoint, Estimate } from './api';
import type { Line } from './trend-data';

/** A level over the results it holds for; between levels nothing is drawn. */
export interface Stretch {
  readonly line: Line;
  readonly from: number;
  readonly to: number;
  readonly level: Estimate;
  readonly undecided: boolean;
}

/** One change of one line; `change` is null while it is undecided. */
export interface Mark {
  readonly line: Line;
  readonly point: ChangePoint;
  readonly change: Change | null;
  readonly runsNeeded: number;
  readonly x: number;
  /** Where it may lie instead. */
  readonly from: number;
  readonly to: number;
}

export interface Overlay {
  readonly stretches: readonly Stretch[];
  readonly marks: readonly Mark[];
  /** Runs that were set aside, by the id of the line. */
  readonly outliers: ReadonlyMap<string, ReadonlySet<number>>;
}

// the first index from which on all times are at or past a moment
function lowerBound(times: readonly number[], ms: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

// from an index on, the first result that has a place on the axis
function placeFrom({ xs }: Line, index: number, step: 1 | -1): number | null {
  for (let i = index; i >= 0 && i < xs.length; i += step) {
    const x = xs[i];
    if (x !== undefined && !Number.isNaN(x)) return x;
  }
  return null;
}

function stretch(line: Line, from: number, end: number, level: Estimate, undecided = false): Stretch[] {
  const { times } = line.points;
  const first = placeFrom(line, lowerBound(times, from), 1);
  const last = placeFrom(line, lowerBound(times, end) - 1, -1);
  return first === null || last === null || last < first ? [] : [{ line, from: first, to: last, level, undecided }];
}

function stretchesOf(line: Line, { levels, undecided }: Analysis): Stretch[] {
  const known = levels.flatMap(({ from, to, level }, i) =>
    stretch(line, Date.parse(from), Date.parse(to) + (i === levels.length - 1 ? 1 : 0), level),
  );
  const maybe = undecided === null ? [] : stretch(line, Date.parse(undecided.time), Infinity, undecided.after, true);
  return [...known, ...maybe];
}

// a run that was left out for lack of room is where its time is
function placeOfRun(line: Line, run: number, ms: number): number | null {
  const index = line.points.runs.indexOf(run);
  return index >= 0 ? placeFrom(line, index, 1) : placeFrom(line, lowerBound(line.points.times, ms), 1);
}

function markOf(line: Line, point: ChangePoint, change: Change | null, runsNeeded: number): Mark[] {
  const ms = Date.parse(point.time);
  const x = placeOfRun(line, point.run, ms);
  if (x === null) return [];
  const from = change === null ? x : placeOfRun(line, change.first_run, ms);
  const to = change === null ? x : placeOfRun(line, change.last_run, ms);
  return [{ line, point, change, runsNeeded, x, from: Math.min(from ?? x, x), to: Math.max(to ?? x, x) }];
}

function marksOf(line: Line, { changes, undecided }: Analysis): Mark[] {
  const found = changes.flatMap((change) => markOf(line, change, change, 0));
  return undecided === null ? found : [...found, ...markOf(line, undecided, null, undecided.runs_needed)];
}

/** What the analysis adds to lines that are drawn. */
export function overlayOf(lines: readonly Line[], analyses: ReadonlyMap<string, Analysis>): Overlay {
  const known = lines.flatMap((line) => {
    const analysis = analyses.get(line.id);
    return analysis === undefined ? [] : [{ line, analysis }];
  });
  return {
    stretches: known.flatMap(({ line, analysis }) => stretchesOf(line, analysis)),
    marks: known.flatMap(({ line, analysis }) => marksOf(line, analysis)).sort((a, b) => a.x - b.x),
    outliers: new Map(known.map(({ line, analysis }) => [line.id, new Set(analysis.outliers)])),
  };
}

/** The area of a chart in CSS pixels, and the span of its axis. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly min: number;
  readonly max: number;
}

export function pixelOf(frame: Frame, x: number): number {
  return frame.left + ((x - frame.min) / (frame.max - frame.min)) * frame.width;
}

/** Marks that would hide each other are one badge. */
export interface Badge {
  readonly left: number;
  readonly marks: readonly Mark[];
}

const BADGE = 20;

export function badgesOf(marks: readonly Mark[], frame: Frame): Badge[] {
  const badges: { left: number; marks: Mark[] }[] = [];
  for (const mark of marks) {
    if (mark.x < frame.min || mark.x > frame.max) continue;
    const left = pixelOf(frame, mark.x);
    const last = badges[badges.length - 1];
    if (last !== undefined && left - last.left < BADGE) last.marks.push(mark);
    else badges.push({ left, marks: [mark] });
  }
  return badges;
}

export interface Placed {
  readonly text: string;
  readonly side: 'left' | 'right';
}

const [LETTER, GAP] = [6.6, 6];

/** Beside each badge the longest of its texts that fits between its neighbours and the edges, or none. */
export function placeTexts(lefts: readonly number[], texts: readonly (readonly string[])[], begin: number, end: number): (Placed | null)[] {
  let used = begin;
  return lefts.map((left, i) => {
    const next = lefts[i + 1];
    const free = { right: (next === undefined ? end : next - BADGE / 2) - left - BADGE / 2 - GAP, left: left - BADGE / 2 - GAP - used };
    used = left + BADGE / 2;
    for (const text of texts[i] ?? []) {
      const width = text.length * LETTER + GAP;
      for (const side of ['right', 'left'] as const) {
        if (width > free[side]) continue;
        if (side === 'right') used = left + BADGE / 2 + width;
        return { text, side };
      }
    }
    return null;
  });
}
