// SPDX-License-Identifier: LGPL-2.1-or-later

import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';

import { getLabels, getSeries, getSeriesPage, getSources, type LabelKey, type Labels, type Params } from './api';
import { Facets } from './facets';
import { FirstRun } from './first-run';
import { Icon } from './icons';
import { constantLabels, contextOf, nameTag, parseSelector } from './labels';
import { useChanges } from './live';
import { useLoad } from './load';
import { formatRoute, navigate, OVERVIEW, selectors, SOURCES, TREND, type Overview } from './route';
import { SearchBox } from './search-box';
import { SeriesList } from './series-list';
import { SeriesTable } from './series-table';
import { ErrorBox, Nothing, Skeleton } from './states';
import { MAX_LINES } from './trend-series';
import { formatNumber } from './unit';

const SOURCE = { page: getSeriesPage, one: getSeries };

interface Shown {
  readonly key: string;
  readonly list: SeriesList;
  readonly version: number;
}

// the old rows stay until the new ones are there
function useSeriesList(params: Params): Shown & { readonly pending: boolean } {
  const key = JSON.stringify(params);
  const [shown, setShown] = useState<Shown | null>(null);
  const list = useMemo(() => {
    const made: SeriesList = new SeriesList(SOURCE, params, () => {
      setShown((old) => ({ key, list: made, version: (old?.version ?? 0) + 1 }));
    });
    return made;
  }, [key]);
  useEffect(
    () => () => {
      list.close();
    },
    [list],
  );
  useChanges((touched) => {
    list.refresh(touched);
  });
  return { ...(shown ?? { key, list, version: 0 }), pending: shown?.list !== list };
}

function toggled(items: readonly string[], item: string): string[] {
  return items.includes(item) ? items.filter((other) => other !== item) : [...items, item];
}

function Chip({ selector, onRemove }: { readonly selector: string; readonly onRemove: () => void }): JSX.Element {
  const parsed = parseSelector(selector);
  const operators = { ':': '', ':!': 'not ', ':~': 'like ' } as const;
  return (
    <button type="button" class="chip" onClick={onRemove} aria-label={`Remove filter ${selector}`}>
      {parsed === null ? (
        selector
      ) : (
        <>
          <span class="tag-key">{parsed.key}</span>
          {operators[parsed.operator]}
          {parsed.value}
        </>
      )}
      <Icon name="close" />
    </button>
  );
}

interface CountProps {
  readonly list: SeriesList;
  readonly filtered: boolean;
  readonly constant: Labels;
  readonly match: readonly string[];
}

// what the chips say already is not said again
function Count({ list, filtered, constant, match }: CountProps): JSX.Element {
  const total = `${formatNumber(list.total, 1)} series`;
  const words = filtered ? `${formatNumber(list.matched, 1)} of ${total}` : total;
  const unsaid = contextOf(constant).filter(({ key }) => !match.some((selector) => selector.startsWith(`${key}:`)));
  const place = unsaid.length === 0 ? '' : `, all in ${unsaid.map(nameTag).join(' / ')}`;
  return (
    <p class="count cut" role="status" title={words + place}>
      {list.loaded ? words : ''}
      {list.loaded && <span class="count-place">{place}</span>}
    </p>
  );
}

interface BarProps {
  readonly route: Overview;
  readonly list: SeriesList;
  readonly keys: readonly LabelKey[];
  readonly constant: Labels;
  readonly filters: boolean;
  readonly onFilters: () => void;
}

function OpenTrend({ route, list }: Pick<BarProps, 'route' | 'list'>): JSX.Element | null {
  const count = route.select.length;
  if (count > 0) {
    return (
      <>
        <button
          type="button"
          class="button"
          onClick={() => {
            navigate({ ...route, select: [] }, 'replace');
          }}
        >
          Clear
        </button>
        <a class="button primary" href={formatRoute({ ...TREND, series: route.select })}>
          <Icon name="trend" />
          Trend of {formatNumber(count, 1)} selected
        </a>
      </>
    );
  }
  const few = list.loaded && list.matched > 1 && list.matched <= MAX_LINES && list.matched < list.total;
  if (!few) return null;
  return (
    <a class="button primary" href={formatRoute({ ...TREND, match: route.match, q: route.q })}>
      <Icon name="trend" />
      Trend of all {formatNumber(list.matched, 1)}
    </a>
  );
}

function Bar({ route, list, keys, constant, filters, onFilters }: BarProps): JSX.Element {
  const filtered = route.match.length > 0 || route.q !== '';
  return (
    <div class="bar">
      <button type="button" class="button filters-button" aria-expanded={filters} aria-controls="filters" onClick={onFilters}>
        <Icon name="filter" />
        Filters
      </button>
      <SearchBox
        q={route.q}
        keys={keys}
        onWords={(q) => {
          if (q !== route.q) navigate({ ...route, q }, route.q === '' ? 'push' : 'replace');
        }}
        onSelector={(selector, q) => {
          navigate({ ...route, q, match: [...new Set([...route.match, selector])] });
        }}
      />
      <Count list={list} filtered={filtered} constant={constant} match={route.match} />
      <span class="spring" />
      <OpenTrend route={route} list={list} />
      {filtered && (
        <div class="chips">
          {route.match.map((selector) => (
            <Chip
              key={selector}
              selector={selector}
              onRemove={() => {
                navigate({ ...route, match: toggled(route.match, selector) });
              }}
            />
          ))}
          {route.q !== '' && (
            <Chip
              selector={`“${route.q}”`}
              onRemove={() => {
                navigate({ ...route, q: '' });
              }}
            />
          )}
          <a class="link-button" href={formatRoute({ ...OVERVIEW, sort: route.sort, select: route.select })}>
            Clear filters
          </a>
        </div>
      )}
    </div>
  );
}

/** What is missing is told where the rest is looked at, in one line. */
function SilenceLine(): JSX.Element | null {
  const { data, reload } = useLoad('sources', getSources);
  useChanges(reload);
  const [first, ...more] = data?.silences ?? [];
  if (first === undefined) return null;
  return (
    <p class="silence-line">
      <span class="cut" title={first.sentence}>
        {first.sentence}
      </span>
      <a href={formatRoute(SOURCES)}>{more.length === 0 ? 'Sources' : `and ${formatNumber(more.length, 1)} more`}</a>
    </p>
  );
}

function NoMatch({ route }: { readonly route: Overview }): JSX.Element {
  return (
    <Nothing title="No series matches">
      <p>Every word must occur in some label, and every filter must hold.</p>
      <p class="actions">
        <a class="button primary" href={formatRoute({ ...OVERVIEW, sort: route.sort, select: route.select })}>
          Clear filters
        </a>
      </p>
    </Nothing>
  );
}

interface RowsProps {
  readonly route: Overview;
  readonly shown: Shown;
  readonly pending: boolean;
  readonly constant: Labels;
}

function Rows({ route, shown, pending, constant }: RowsProps): JSX.Element {
  const { list, version } = shown;
  const retry = (): void => {
    list.retry();
  };
  if (list.error !== null && !list.loaded) return <ErrorBox error={list.error} retry={retry} />;
  if (!list.loaded) return <Skeleton rows={10} label="Loading series" />;
  if (list.total === 0) return <FirstRun />;
  if (list.matched === 0) return <NoMatch route={route} />;
  return (
    <div class={`table-frame${pending ? ' pending' : ''}`}>
      {list.error !== null && <ErrorBox error={list.error} retry={retry} />}
      <SeriesTable
        key={shown.key}
        list={list}
        version={version}
        sort={route.sort}
        selected={new Set(route.select)}
        constant={new Set(Object.keys(constant))}
        onSort={(sort) => {
          navigate({ ...route, sort });
        }}
        onSelect={(id) => {
          navigate({ ...route, select: toggled(route.select, id) }, 'replace');
        }}
        onOpen={(series) => {
          navigate({ ...TREND, series: [series.id] });
        }}
      />
    </div>
  );
}

export function OverviewScreen({ route }: { readonly route: Overview }): JSX.Element {
  const [filters, setFilters] = useState(false);
  const params: Params = [...selectors(route), ['sort', route.sort]];
  const { pending, ...shown } = useSeriesList(params);
  const labelParams: Params = [...selectors(route), ['values', '20']];
  const labels = useLoad(JSON.stringify(labelParams), (signal) => getLabels(labelParams, signal));
  useChanges(() => {
    labels.reload();
  });
  const keys = labels.data?.items ?? [];
  const constant = shown.list.matched > 1 ? constantLabels(keys, shown.list.matched, route.match) : {};
  const empty = shown.list.loaded && shown.list.total === 0;
  return (
    <div class={`overview${filters ? ' filters-open' : ''}${empty ? ' first' : ''}`}>
      <h1 class="unseen">All series</h1>
      {!empty && (
        <nav id="filters" class="filters" aria-label="Filters by label">
          {labels.data === null && labels.error === null && <Skeleton rows={8} label="Loading filters" />}
          {labels.data === null && labels.error !== null && <p class="muted">Filters could not be loaded.</p>}
          <Facets
            keys={keys}
            match={route.match}
            q={route.q}
            onToggle={(selector) => {
              navigate({ ...route, match: toggled(route.match, selector) });
            }}
          />
        </nav>
      )}
      <div class="overview-main">
        {!empty && (
          <Bar
            route={route}
            list={shown.list}
            keys={keys}
            constant={constant}
            filters={filters}
            onFilters={() => {
              setFilters(!filters);
            }}
          />
        )}
        {!empty && <SilenceLine />}
        <Rows route={route} shown={shown} pending={pending} constant={constant} />
      </div>
    </div>
  );
}
