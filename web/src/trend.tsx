// SPDX-License-Identifier: LGPL-2.1-or-later

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';

import type { Analysis, Labels, Series } from './api';
import { ChangeList } from './change-list';
import { Charts, HOW } from './charts';
import { HiddenRuns } from './hidden-runs';
import { contextOf, nameTag, sharedLabels, subjectOf } from './labels';
import { Legend } from './legend';
import type { Loaded } from './load';
import { movesOf, usePicture, type Picture } from './picture';
import { PointsTable } from './points-table';
import { RangeBar } from './range-bar';
import { formatRoute, navigate, OVERVIEW, type Trend } from './route';
import { useHiding, type Hiding } from './run-hiding';
import { ErrorBox, Nothing, Skeleton } from './states';
import { TakeAway } from './take-away';
import { MAX_LINES, useAnalyses, useTrend, type TrendData } from './trend-series';
import { makeLines } from './trend-data';
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

type Analyses = Loaded<ReadonlyMap<string, Analysis>>;

const UNKNOWN: ReadonlyMap<string, Analysis> = new Map();

interface NoSeriesProps {
  readonly data: TrendData;
  readonly analyses: Analyses;
  readonly hiding: Hiding;
}

function NoSeries({ data, analyses, hiding }: NoSeriesProps): JSX.Element {
  const lines = useMemo(() => makeLines(data.drawn.map(({ points }, slot) => ({ points, slot })), null), [data]);
  return (
    <>
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
    <HiddenRuns lines={lines} analyses={analyses.data ?? UNKNOWN} hiding={hiding} hint="" />
    </>
  );
}

function toggled(ids: readonly string[], id: string): string[] {
  return ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id];
}

interface LoadedProps {
  readonly route: Trend;
  readonly data: TrendData;
  readonly picture: Picture;
  readonly analyses: Analyses;
  readonly hiding: Hiding;
}

function LoadedTrend({ route, data, picture, analyses, hiding }: LoadedProps): JSX.Element {
  const hidden = useMemo(() => new Set(route.hide), [route.hide.join()]);
  const visible = useMemo(() => picture.lines.filter((line) => !hidden.has(line.id)), [picture.lines, hidden]);
  const series = useMemo(() => new Map(data.drawn.map((item): [string, Series] => [item.series.id, item.series])), [data]);
  const shared = useMemo(() => sharedLabels(data.drawn.map((item) => item.series.labels)), [data]);
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
      {route.view === 'chart' && <Charts route={route} picture={picture} lines={visible} moves={moves} analyses={known} hiding={hiding} />}
      <HiddenRuns lines={visible} analyses={known} hiding={hiding} hint={route.view === 'chart' ? HOW : ''} />
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
  const analyses = useAnalyses(trend.data);
  const hiding = useHiding(() => {
    trend.reload();
    analyses.reload();
  });
  const picture = usePicture(trend.data, route, hiding.standings);
  return (
    <div class="page trend" aria-busy={trend.loading}>
      {trend.error !== null && <ErrorBox error={trend.error} retry={trend.reload} />}
      {trend.data === null && trend.error === null && <Skeleton rows={8} label="Loading the trend" />}
      {trend.data !== null && picture === null && <NoSeries data={trend.data} {...{ analyses, hiding }} />}
      {trend.data !== null && picture !== null && <LoadedTrend route={route} data={trend.data} {...{ picture, analyses, hiding }} />}
    </div>
  );
}
