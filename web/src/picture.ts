// SPDX-License-Identifier: LGPL-2.1-or-later

// the picture of a trend: what the answers and the address together put on the axis

import { useMemo } from 'preact/hooks';

import { navigate, type Trend } from './route';
import { isHidden, type Standings } from './run-hiding';
import { resolveTime, toRfc3339 } from './time';
import type { Points } from './api';
import { buildAxis, extent, makeLines, spanOfBuilds, timesOfBuilds, withoutRuns, type BuildAxis, type Line, type Span } from './trend-data';
import { useDetail, type TrendData } from './trend-series';

/** Everything a chart needs, worked out from the answers and the address. */
export interface Picture {
  readonly lines: readonly Line[];
  readonly axis: BuildAxis | null;
  /** The window in time, and the same on the axis shown. */
  readonly window: Span;
  readonly span: Span;
}

function wholeHistory(data: TrendData): Span | null {
  const times = data.drawn.flatMap(({ points }) => [points.times[0], points.times[points.times.length - 1]]);
  const known = times.filter((time) => time !== undefined);
  if (known.length === 0) return null;
  const [min, max] = [Math.min(...known), Math.max(...known)];
  const room = (max - min) * 0.015 || 3_600_000;
  return { min: min - room, max: max + room };
}

function timeWindow(data: TrendData, route: Trend): Span | null {
  const whole = wholeHistory(data);
  if (whole === null) return null;
  const now = Date.now();
  const min = resolveTime(route.from, now) ?? whole.min;
  const end = route.from.startsWith('-') ? Math.max(now, whole.max) : whole.max;
  const max = resolveTime(route.to, now) ?? end;
  return min < max ? { min, max } : whole;
}

function axisSpan(axis: BuildAxis | null, lines: readonly Line[], window: Span): Span {
  if (axis === null) return window;
  return spanOfBuilds(axis, window.min, window.max) ?? extent(lines) ?? { min: 0, max: 1 };
}

function shownPoints(points: Points, standings: Standings): Points {
  return standings.size === 0 ? points : withoutRuns(points, (run) => isHidden(standings, run, points.generation, false));
}

/** `standings` are of runs that the reader hid or showed since the answers came. */
export function usePicture(data: TrendData | null, route: Trend, standings: Standings): Picture | null {
  const window = useMemo(() => (data === null ? null : timeWindow(data, route)), [data, route.from, route.to]);
  const detail = useDetail(data, window);
  return useMemo(() => {
    if (data === null || window === null) return null;
    const all = data.drawn.map(({ points }, slot) => ({ points: shownPoints(detail.get(points.id) ?? points, standings), slot }));
    const axis = route.x === 'build' ? buildAxis(all.map(({ points }) => points)) : null;
    const lines = makeLines(all, axis);
    return { lines, axis, window, span: axisSpan(axis, lines, window) };
  }, [data, detail, window, route.x, standings]);
}

export interface Moves {
  readonly zoom: (factor: number) => void;
  readonly pan: (share: number) => void;
  readonly reset: () => void;
}

/** Moves the window, which the address keeps as time whatever the axis shows. */
export function moveTo(route: Trend, picture: Picture, span: Span, how: 'push' | 'replace'): void {
  const window = picture.axis === null ? span : timesOfBuilds(picture.axis, span);
  if (window === null || window.max - window.min < 1) return;
  navigate({ ...route, from: toRfc3339(window.min), to: toRfc3339(window.max) }, how);
}

export function movesOf(route: Trend, picture: Picture): Moves {
  const { min, max } = picture.span;
  const [middle, half] = [(min + max) / 2, (max - min) / 2];
  return {
    zoom: (factor) => {
      moveTo(route, picture, { min: middle - half * factor, max: middle + half * factor }, 'push');
    },
    pan: (share) => {
      moveTo(route, picture, { min: min + 2 * half * share, max: max + 2 * half * share }, 'push');
    },
    reset: () => {
      navigate({ ...route, from: '', to: '' });
    },
  };
}
