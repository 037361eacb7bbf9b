// SPDX-License-Identifier: LGPL-2.1-or-later

// everything a page shows is in its address; this module alone reads and writes it

import { useEffect, useState } from 'preact/hooks';

import type { Params } from './api';

export const SORTS = ['name', 'baseline', '-baseline', 'last', '-last'] as const;
export type Sort = (typeof SORTS)[number];

export const SHOWN_STATES = ['new', 'unsure', 'acknowledged', 'ignored', 'fixed', 'all'] as const;
export type ShownState = (typeof SHOWN_STATES)[number];
export const SHOWN_DIRECTIONS = ['all', 'regression', 'improvement'] as const;
export type ShownDirection = (typeof SHOWN_DIRECTIONS)[number];

export interface Overview {
  readonly screen: 'overview';
  readonly match: readonly string[];
  readonly q: string;
  readonly sort: Sort;
  readonly select: readonly string[];
}

/** A trend shows the series named by `series`, or else those that `match` and `q` choose. */
export interface Trend {
  readonly screen: 'trend';
  readonly series: readonly string[];
  readonly match: readonly string[];
  readonly q: string;
  readonly x: 'time' | 'build';
  readonly from: string;
  readonly to: string;
  readonly zero: boolean;
  readonly hide: readonly string[];
  readonly point: string;
  /** The id of the change that is looked at, or ''. */
  readonly change: string;
  readonly view: 'chart' | 'table';
}

export interface RunPage {
  readonly screen: 'run';
  readonly id: number;
}

/** What changes are shown: those of all states when `state` is 'all', of any time when `since` is ''. */
export interface ChangesPage {
  readonly screen: 'changes';
  readonly match: readonly string[];
  readonly q: string;
  readonly state: ShownState;
  readonly direction: ShownDirection;
  readonly since: string;
}

export interface SourcesPage {
  readonly screen: 'sources';
  /** The name of the source that is looked at, or ''. */
  readonly source: string;
}

export interface Missing {
  readonly screen: 'missing';
  readonly path: string;
}

export type Route = Overview | Trend | ChangesPage | RunPage | SourcesPage | Missing;

export const SOURCES: SourcesPage = { screen: 'sources', source: '' };
export const CHANGES: ChangesPage = { screen: 'changes', match: [], q: '', state: 'new', direction: 'all', since: '' };
export const OVERVIEW: Overview = { screen: 'overview', match: [], q: '', sort: 'name', select: [] };
export const TREND: Trend = {
  screen: 'trend',
  series: [],
  match: [],
  q: '',
  x: 'time',
  from: '',
  to: '',
  zero: false,
  hide: [],
  point: '',
  change: '',
  view: 'chart',
};

function oneOf<T extends string>(value: string | null, allowed: readonly T[], fallback: T): T {
  return allowed.find((item) => item === value) ?? fallback;
}

function parseOverview(query: URLSearchParams): Overview {
  return {
    screen: 'overview',
    match: query.getAll('match'),
    q: query.get('q') ?? '',
    sort: oneOf(query.get('sort'), SORTS, 'name'),
    select: query.getAll('select'),
  };
}

function parseTrend(query: URLSearchParams): Trend {
  return {
    screen: 'trend',
    series: query.getAll('series'),
    match: query.getAll('match'),
    q: query.get('q') ?? '',
    x: oneOf(query.get('x'), ['time', 'build'], 'time'),
    from: query.get('from') ?? '',
    to: query.get('to') ?? '',
    zero: query.get('y') === 'zero',
    hide: query.getAll('hide'),
    point: query.get('point') ?? '',
    change: query.get('change') ?? '',
    view: oneOf(query.get('view'), ['chart', 'table'], 'chart'),
  };
}

function parseChanges(query: URLSearchParams): ChangesPage {
  return {
    screen: 'changes',
    match: query.getAll('match'),
    q: query.get('q') ?? '',
    state: oneOf(query.get('state'), SHOWN_STATES, 'new'),
    direction: oneOf(query.get('direction'), SHOWN_DIRECTIONS, 'all'),
    since: query.get('since') ?? '',
  };
}

/** Reads an address; `base` is the path the daemon is served under, ending in a slash. */
export function parseRoute(href: string, base: string): Route {
  const url = new URL(href);
  const path = url.pathname.startsWith(base) ? url.pathname.slice(base.length) : url.pathname;
  const run = /^runs\/(\d+)$/.exec(path);
  if (run?.[1] !== undefined) return { screen: 'run', id: Number(run[1]) };
  if (path === '') return parseOverview(url.searchParams);
  if (path === 'sources') return { screen: 'sources', source: url.searchParams.get('source') ?? '' };
  if (path === 'changes') return parseChanges(url.searchParams);
  if (path === 'trend') return parseTrend(url.searchParams);
  return { screen: 'missing', path: url.pathname };
}

function many(key: string, values: readonly string[]): Params {
  return values.map((value) => [key, value] as const);
}

function unlessDefault(key: string, value: string, standard: string): Params {
  return value === standard ? [] : [[key, value]];
}

// what has no meaning inside a query stays readable
function encode(text: string): string {
  return encodeURIComponent(text).replace(/%(3A|2F|2C|20|21|7E)/g, (escape) =>
    escape === '%20' ? '+' : decodeURIComponent(escape),
  );
}

function address(path: string, params: Params): string {
  const query = params.map(([key, value]) => `${key}=${encode(value)}`).join('&');
  return query === '' ? path : `${path}?${query}`;
}

function overviewParams(route: Overview): Params {
  return [
    ...many('match', route.match),
    ...unlessDefault('q', route.q, ''),
    ...unlessDefault('sort', route.sort, 'name'),
    ...many('select', route.select),
  ];
}

function changesParams(route: ChangesPage): Params {
  return [
    ...many('match', route.match),
    ...unlessDefault('q', route.q, ''),
    ...unlessDefault('state', route.state, 'new'),
    ...unlessDefault('direction', route.direction, 'all'),
    ...unlessDefault('since', route.since, ''),
  ];
}

function trendParams(route: Trend): Params {
  return [
    ...many('series', route.series),
    ...many('match', route.match),
    ...unlessDefault('q', route.q, ''),
    ...unlessDefault('x', route.x, 'time'),
    ...unlessDefault('from', route.from, ''),
    ...unlessDefault('to', route.to, ''),
    ...unlessDefault('y', route.zero ? 'zero' : '', ''),
    ...many('hide', route.hide),
    ...unlessDefault('point', route.point, ''),
    ...unlessDefault('change', route.change, ''),
    ...unlessDefault('view', route.view, 'chart'),
  ];
}

/** Writes an address relative to the document's base; parseRoute() gives the same route back. */
export function formatRoute(route: Route): string {
  switch (route.screen) {
    case 'overview':
      return address('.', overviewParams(route));
    case 'trend':
      return address('trend', trendParams(route));
    case 'changes':
      return address('changes', changesParams(route));
    case 'run':
      return `runs/${String(route.id)}`;
    case 'sources':
      return address('sources', unlessDefault('source', route.source, ''));
    case 'missing':
      return route.path;
  }
}

/** The part of a route that the API's lists understand. */
export function selectors(route: { readonly match: readonly string[]; readonly q: string }): Params {
  return [...many('match', route.match), ...unlessDefault('q', route.q, '')];
}

export type Navigate = (route: Route, how?: 'push' | 'replace') => void;

/** How far a list was scrolled is no state of the picture, but going back should find it again. */
export function keepScroll(top: number): void {
  history.replaceState({ top }, '');
}

export function keptScroll(): number {
  return (history.state as { top?: number } | null)?.top ?? 0;
}

function currentRoute(): Route {
  return parseRoute(location.href, new URL(document.baseURI).pathname);
}

const moved = new EventTarget();

export const navigate: Navigate = (route, how = 'push') => {
  const url = new URL(formatRoute(route), document.baseURI).href;
  if (how === 'replace' || url === location.href) history.replaceState(history.state, '', url);
  else history.pushState(null, '', url);
  moved.dispatchEvent(new Event('moved'));
};

export function useRoute(): Route {
  const [route, setRoute] = useState(currentRoute);
  useEffect(() => {
    const update = (): void => {
      setRoute(currentRoute());
    };
    moved.addEventListener('moved', update);
    addEventListener('popstate', update);
    return () => {
      moved.removeEventListener('moved', update);
      removeEventListener('popstate', update);
    };
  }, []);
  return route;
}
