// SPDX-License-Identifier: LGPL-2.1-or-later

// which series a trend shows, and their results: all of history at once, in detail where the window asks for it

import { ApiError, getAnalysis, getPoints, getSeries, getSeriesPage, type Analysis, type Params, type Points, type Series } from './api';
import { useChanges } from './live';
import { useLoad, type Loaded } from './load';
import { selectors, type Trend } from './route';
import { toRfc3339 } from './time';
import type { Span } from './trend-data';

/** More lines than this nobody can tell apart. */
export const MAX_LINES = 24;
const MAX_POINTS = 6000;

export interface Drawn {
  readonly series: Series;
  readonly points: Points;
}

export interface TrendData {
  readonly drawn: readonly Drawn[];
  /** Ids in the address that the store does not know. */
  readonly missing: readonly string[];
  /** How many series the selectors choose, of which at most MAX_LINES are drawn. */
  readonly matched: number;
}

async function findSeries(id: string, signal: AbortSignal): Promise<Series | null> {
  try {
    return await getSeries(id, signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

async function chosen(route: Trend, signal: AbortSignal): Promise<{ items: readonly Series[]; missing: string[]; matched: number }> {
  if (route.series.length === 0) {
    const page = await getSeriesPage([...selectors(route), ['limit', String(MAX_LINES)]], signal);
    return { items: page.items, missing: [], matched: page.matched };
  }
  const ids = [...new Set(route.series)];
  const found = await Promise.all(ids.slice(0, MAX_LINES).map((id) => findSeries(id, signal)));
  const items = found.filter((series) => series !== null);
  return { items, missing: ids.slice(0, MAX_LINES).filter((_, i) => found[i] === null), matched: ids.length };
}

async function loadTrend(route: Trend, signal: AbortSignal): Promise<TrendData> {
  const { items, missing, matched } = await chosen(route, signal);
  const params: Params = [['max_points', String(MAX_POINTS)]];
  const points = await Promise.all(items.map((series) => getPoints(series.id, params, signal)));
  const drawn = items.flatMap((series, i) => {
    const own = points[i];
    return own === undefined ? [] : [{ series, points: own }];
  });
  return { drawn, missing, matched };
}

export function useTrend(route: Trend): Loaded<TrendData> {
  const key = JSON.stringify([route.series, selectors(route)]);
  const trend = useLoad(key, (signal) => loadTrend(route, signal));
  useChanges((touched) => {
    const shown = trend.data?.drawn.some(({ series }) => touched?.has(series.id) === true);
    if (touched === null || shown === true || route.series.length === 0) trend.reload();
  });
  return trend;
}

/** What the analysis says of the drawn series, by id; it comes after the results and is brought up to date with them. */
export function useAnalyses(data: TrendData | null): Loaded<ReadonlyMap<string, Analysis>> {
  const ids = data?.drawn.map(({ series }) => series.id) ?? [];
  const analyses = useLoad(JSON.stringify(ids), async (signal) => {
    const all = await Promise.all(ids.map((id) => getAnalysis(id, signal)));
    return new Map(all.map((analysis) => [analysis.id, analysis]));
  });
  useChanges((touched) => {
    if (touched === null || ids.some((id) => touched.has(id))) analyses.reload();
  });
  const known = ids.length > 0 && ids.every((id) => analyses.data?.has(id) === true);
  return { ...analyses, data: known ? analyses.data : null };
}

function detailKey(data: TrendData | null, window: Span | null): string {
  if (data === null || window === null) return '';
  const sampled = data.drawn.filter(({ points }) => points.sampled).map(({ points }) => `${points.id}@${String(points.n)}`);
  return sampled.length === 0 ? '' : JSON.stringify([sampled, window]);
}

/** Where results were left out for a long history, those of the window in full. */
export function useDetail(data: TrendData | null, window: Span | null): ReadonlyMap<string, Points> {
  const key = detailKey(data, window);
  const detail = useLoad(key, async (signal) => {
    if (key === '' || data === null || window === null) return { key, points: new Map<string, Points>() };
    const params: Params = [
      ['from', toRfc3339(window.min)],
      ['to', toRfc3339(window.max)],
      ['max_points', String(MAX_POINTS)],
    ];
    const ids = data.drawn.filter(({ points }) => points.sampled).map(({ points }) => points.id);
    const all = await Promise.all(ids.map((id) => getPoints(id, params, signal)));
    return { key, points: new Map(all.map((points) => [points.id, points])) };
  });
  return detail.data?.key === key ? detail.data.points : NOTHING;
}

const NOTHING: ReadonlyMap<string, Points> = new Map();
