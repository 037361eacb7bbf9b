// SPDX-License-Identifier: LGPL-2.1-or-later

import type { ComponentChildren, JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';

import type { Labels, Series } from './api';
import { HoverCard, spoken } from './hover-card';
import { contextOf, nameTag, sharedLabels, subjectOf } from './labels';
import { Legend } from './legend';
import { Plot } from './plot';
import { PointsTable } from './points-table';
import { RangeBar, type Moves } from './range-bar';
import { formatRoute, navigate, OVERVIEW, type Trend } from './route';
import { ErrorBox, Nothing, Skeleton } from './states';
import { TakeAway } from './take-away';
import { resolveTime, toRfc3339 } from './time';
import {
  buildAxis,
  extent,
  groupByUnit,
  makeLines,
  nearestPoint,
  pointAt,
  spanOfBuilds,
  stepPoint,
  timesOfBuilds,
  type BuildAxis,
  type Line,
  type Point,
  type Span,
} from './trend-data';
import { MAX_LINES, useDetail, useTrend, type TrendData } from './trend-series';
import { describeDirection, formatNumber } from './unit';

/** Everything a chart needs, worked out from the answers and the address. */
interface Picture {
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

function usePicture(data: TrendData | null, route: Trend): Picture | null {
  const window = useMemo(() => (data === null ? null : timeWindow(data, route)), [data, route.from, route.to]);
  const detail = useDetail(data, window);
  return useMemo(() => {
    if (data === null || window === null) return null;
    const all = data.drawn.map(({ points }, slot) => ({ points: detail.get(points.id) ?? points, slot }));
    const axis = route.x === 'build' ? buildAxis(all.map(({ points }) => points)) : null;
    const lines = makeLines(all, axis);
    return { lines, axis, window, span: axisSpan(axis, lines, window) };
  }, [data, detail, window, route.x]);
}

// the window is kept as time, whatever the axis shows
function go(route: Trend, picture: Picture, span: Span, how: 'push' | 'replace'): void {
  const window = picture.axis === null ? span : timesOfBuilds(picture.axis, span);
  if (window === null || window.max - window.min < 1) return;
  navigate({ ...route, from: toRfc3339(window.min), to: toRfc3339(window.max) }, how);
}

function movesOf(route: Trend, picture: Picture): Moves {
  const { min, max } = picture.span;
  const [middle, half] = [(min + max) / 2, (max - min) / 2];
  return {
    zoom: (factor) => {
      go(route, picture, { min: middle - half * factor, max: middle + half * factor }, 'push');
    },
    pan: (share) => {
      go(route, picture, { min: min + 2 * half * share, max: max + 2 * half * share }, 'push');
    },
    reset: () => {
      navigate({ ...route, from: '', to: '' });
    },
  };
}

function findPoint(lines: readonly Line[], name: string): Point | null {
  const [id = '', run = ''] = name.split('.');
  const line = lines.find((candidate) => candidate.id === id);
  const index = line?.points.runs.indexOf(Number(run)) ?? -1;
  return line === undefined || index < 0 ? null : pointAt(line, index);
}

function pointName(point: Point): string {
  return `${point.line.id}.${String(point.run)}`;
}

interface ChartsProps {
  readonly route: Trend;
  readonly picture: Picture;
  readonly lines: readonly Line[];
  readonly moves: Moves;
}

function firstPoint(lines: readonly Line[], span: Span): Point | null {
  return nearestPoint(lines, (x) => (x <= span.max && x >= span.min ? span.max - x : Infinity));
}

// up and down go to the line next to this one, at the result closest in time
function otherLine(point: Point, lines: readonly Line[], step: number): Point | null {
  const at = lines.findIndex((line) => line.id === point.line.id);
  const line = lines[(at + step + lines.length) % lines.length];
  return line === undefined ? null : nearestPoint([line], (x) => Math.abs(x - point.x));
}

interface Steering extends ChartsProps {
  readonly point: Point | null;
  readonly hover: (point: Point | null) => void;
  readonly pin: (point: Point | null) => void;
}

function moveCursor({ point, lines, picture }: Steering, key: string): Point | null {
  if (point === null) return firstPoint(lines, picture.span);
  if (key === 'ArrowUp' || key === 'ArrowDown') return otherLine(point, lines, key === 'ArrowUp' ? -1 : 1);
  return stepPoint(point, key === 'ArrowLeft' ? -1 : 1, picture.span) ?? point;
}

function steer(event: KeyboardEvent, steering: Steering): void {
  const { moves, point, hover, pin } = steering;
  if (event.target !== event.currentTarget) return;
  const arrow = event.key.startsWith('Arrow');
  if (arrow && event.shiftKey) moves.pan(event.key === 'ArrowLeft' ? -0.25 : 0.25);
  else if (arrow) hover(moveCursor(steering, event.key));
  else if (event.key === '+') moves.zoom(0.5);
  else if (event.key === '-') moves.zoom(2);
  else if (event.key === '0') moves.reset();
  else if (event.key === 'Enter') pin(point);
  else return;
  event.preventDefault();
}

function chartTitle(lines: readonly Line[]): string {
  const metrics = [...new Set(lines.map((line) => line.labels['metric'] ?? ''))].filter((metric) => metric !== '');
  return metrics.slice(0, 3).join(', ') + (metrics.length > 3 ? ' …' : '');
}

function chartDirection(lines: readonly Line[]): string {
  const directions = [...new Set(lines.map((line) => line.direction))];
  return directions.length === 1 ? describeDirection(directions[0] ?? 'none') : 'directions differ';
}

function Charts(props: ChartsProps): JSX.Element {
  const { route, picture, lines, moves } = props;
  const [hovered, hover] = useState<Point | null>(null);
  const pinned = useMemo(() => findPoint(lines, route.point), [lines, route.point]);
  const pin = (point: Point | null): void => {
    navigate({ ...route, point: point === null ? '' : pointName(point) }, 'replace');
  };
  const builds = picture.axis?.builds ?? null;
  const groups = useMemo(() => [...groupByUnit(lines)], [lines]);
  return (
    <>
      {groups.map(([unit, group]) => {
        const shown = [pinned, hovered].find((point) => point !== null && group.some((line) => line.id === point.line.id)) ?? null;
        const steering = { ...props, lines: group, point: shown, hover, pin };
        return (
          <section class="chart" key={unit}>
            <h2>
              {chartTitle(group)} <span class="muted">{chartDirection(group)}</span>
            </h2>
            <Plot
              lines={group}
              unit={unit}
              builds={builds}
              span={picture.span}
              zero={route.zero}
              point={shown}
              label={`${chartTitle(group)}: arrow keys walk along results, plus and minus zoom, shift and arrows pan, enter keeps the card`}
              onSpan={(span, how) => {
                go(route, picture, span, how);
              }}
              onReset={moves.reset}
              onHover={hover}
              onPin={pin}
              onKey={(event) => {
                steer(event, steering);
              }}
            >
              {(place) =>
                shown !== null && (
                  <HoverCard
                    point={shown}
                    place={place}
                    pinned={shown === pinned}
                    onClose={() => {
                      pin(null);
                    }}
                  />
                )
              }
            </Plot>
          </section>
        );
      })}
      <p class="unseen spoken" role="status">
        {hovered === null ? '' : spoken(hovered)}
      </p>
      <p class="hint muted">Drag to zoom, Shift and drag to pan, double click to reset, click a result to keep its card.</p>
    </>
  );
}

function heading(shared: Labels, count: number): string {
  const subject = subjectOf(shared);
  if (count === 1) return subject;
  return subject === '' ? `${String(count)} series` : `${subject} · ${String(count)} series`;
}

interface HeadingProps {
  readonly route: Trend;
  readonly data: TrendData;
  readonly children: ComponentChildren;
}

function Heading({ route, data, children }: HeadingProps): JSX.Element {
  const shared = sharedLabels(data.drawn.map(({ series }) => series.labels));
  const back = { ...OVERVIEW, match: route.match, q: route.q, select: data.drawn.map(({ series }) => series.id) };
  return (
    <div class="heading">
      <div>
        <h1>{heading(shared, data.drawn.length)}</h1>
        <p class="context">
          {contextOf(shared).map((tag) => (
            <span key={tag.key} title={tag.key}>
              {nameTag(tag)}
            </span>
          ))}
        </p>
      </div>
      <span class="spring" />
      <div class="actions">
        <a class="button" href={formatRoute(back)}>
          Choose series
        </a>
        {children}
      </div>
    </div>
  );
}

function Remarks({ data, picture }: { readonly data: TrendData; readonly picture: Picture }): JSX.Element | null {
  const homeless = picture.lines.reduce((count, line) => count + line.xs.filter((x) => Number.isNaN(x)).length, 0);
  const remarks = [
    data.matched > MAX_LINES ? `The first ${String(MAX_LINES)} of ${formatNumber(data.matched, 1)} series are shown. Narrow the filter to see others.` : '',
    data.missing.length > 0 ? `Not in this store: ${data.missing.join(', ')}.` : '',
    homeless > 0 ? `${formatNumber(homeless, 1)} results without a build are not on this axis.` : '',
  ].filter((remark) => remark !== '');
  return remarks.length === 0 ? null : <p class="remark">{remarks.join(' ')}</p>;
}

function NoSeries({ data }: { readonly data: TrendData }): JSX.Element {
  return (
    <Nothing title={data.drawn.length > 0 ? 'No result yet' : 'No such series'}>
      <p>
        {data.missing.length > 0
          ? `This store has no series ${data.missing.join(', ')}.`
          : 'Nothing matches what this address asks for.'}
      </p>
      <p class="actions">
        <a class="button primary" href={formatRoute(OVERVIEW)}>
          Choose series
        </a>
      </p>
    </Nothing>
  );
}

function toggled(ids: readonly string[], id: string): string[] {
  return ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id];
}

function LoadedTrend({ route, data, picture }: { readonly route: Trend; readonly data: TrendData; readonly picture: Picture }): JSX.Element {
  const hidden = useMemo(() => new Set(route.hide), [route.hide.join()]);
  const visible = useMemo(() => picture.lines.filter((line) => !hidden.has(line.id)), [picture.lines, hidden]);
  const series = useMemo(() => new Map(data.drawn.map((item): [string, Series] => [item.series.id, item.series])), [data]);
  const shared = useMemo(() => sharedLabels(data.drawn.map((item) => item.series.labels)), [data]);
  const moves = movesOf(route, picture);
  const ids = picture.lines.map((line) => line.id);
  return (
    <>
      <Heading route={route} data={data}>
        <TakeAway lines={visible} window={picture.window} route={route} />
      </Heading>
      <RangeBar route={route} window={picture.window} moves={moves} />
      <Remarks data={data} picture={picture} />
      {route.view === 'chart' && <Charts route={route} picture={picture} lines={visible} moves={moves} />}
      <Legend
        lines={picture.lines}
        series={series}
        shared={shared}
        span={picture.span}
        hidden={hidden}
        onToggle={(id) => {
          navigate({ ...route, hide: toggled(route.hide, id) }, 'replace');
        }}
        onOnly={(id) => {
          navigate({ ...route, hide: ids.filter((other) => other !== id) }, 'replace');
        }}
      />
      {route.view === 'table' && <PointsTable lines={visible} span={picture.span} shared={shared} />}
    </>
  );
}

export function TrendScreen({ route }: { readonly route: Trend }): JSX.Element {
  const trend = useTrend(route);
  const picture = usePicture(trend.data, route);
  return (
    <div class="page trend" aria-busy={trend.loading}>
      {trend.error !== null && <ErrorBox error={trend.error} retry={trend.reload} />}
      {trend.data === null && trend.error === null && <Skeleton rows={8} label="Loading the trend" />}
      {trend.data !== null && picture === null && <NoSeries data={trend.data} />}
      {trend.data !== null && picture !== null && <LoadedTrend route={route} data={trend.data} picture={picture} />}
    </div>
  );
}
