// SPDX-License-Identifier: LGPL-2.1-or-later

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';

import type { Analysis, Labels, Series } from './api';
import { ChangeList } from './change-list';
import { Charts } from './charts';
import { contextOf, nameTag, sharedLabels, subjectOf } from './labels';
import { Legend } from './legend';
import { movesOf, usePicture, type Picture } from './picture';
import { PointsTable } from './points-table';
import { RangeBar } from './range-bar';
import { formatRoute, navigate, OVERVIEW, type Trend } from './route';
import { ErrorBox, Nothing, Skeleton } from './states';
import { TakeAway } from './take-away';
import { MAX_LINES, useAnalyses, useTrend, type TrendData } from './trend-series';
import { formatNumber } from './unit';

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

const UNKNOWN: ReadonlyMap<string, Analysis> = new Map();

function toggled(ids: readonly string[], id: string): string[] {
  return ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id];
}

function LoadedTrend({ route, data, picture }: { readonly route: Trend; readonly data: TrendData; readonly picture: Picture }): JSX.Element {
  const hidden = useMemo(() => new Set(route.hide), [route.hide.join()]);
  const visible = useMemo(() => picture.lines.filter((line) => !hidden.has(line.id)), [picture.lines, hidden]);
  const series = useMemo(() => new Map(data.drawn.map((item): [string, Series] => [item.series.id, item.series])), [data]);
  const shared = useMemo(() => sharedLabels(data.drawn.map((item) => item.series.labels)), [data]);
  const analyses = useAnalyses(data);
  const known = analyses.data ?? UNKNOWN;
  const moves = movesOf(route, picture);
  const ids = picture.lines.map((line) => line.id);
  useEffect(() => {
    document.title = `${heading(shared, data.drawn.length)} · perfdash`;
  }, [shared, data]);
  return (
    <>
      <Heading route={route} data={data}>
        <TakeAway lines={visible} window={picture.window} route={route} />
      </Heading>
      <RangeBar route={route} window={picture.window} moves={moves} />
      <Remarks data={data} picture={picture} />
      {route.view === 'chart' && <Charts route={route} picture={picture} lines={visible} moves={moves} analyses={known} />}
      <Legend
        lines={picture.lines}
        series={series}
        shared={shared}
        span={picture.span}
        analyses={known}
        hidden={hidden}
        onToggle={(id) => {
          navigate({ ...route, hide: toggled(route.hide, id) }, 'replace');
        }}
        onOnly={(id) => {
          navigate({ ...route, hide: ids.filter((other) => other !== id) }, 'replace');
        }}
      />
      <ChangeList route={route} lines={visible} shared={shared} analyses={analyses} />
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
