// SPDX-License-Identifier: LGPL-2.1-or-later

// the overview's rows; only those in sight exist in the document

import type { JSX, Ref } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { Series } from './api';
import { BASELINE, BASELINE_MEANS, BaselineText } from './change';
import { contextOf, nameTag, splitSubject, subjectOf } from './labels';
import { formatRoute, keepScroll, keptScroll, TREND, type Sort } from './route';
import type { SeriesList } from './series-list';
import { Sparkline } from './sparkline';
import { formatAge, formatTime, isStale } from './time';
import { describeDirection, quantity } from './unit';

const ROW = 52;
const ROW_NARROW = 92;
const NARROW = '(max-width: 719px)';
const HEAD = 34;
const OVERSCAN = 8;
const AHEAD = 300;
const SETTLE_MS = 120;

interface TableProps {
  readonly list: SeriesList;
  readonly version: number;
  readonly sort: Sort;
  readonly selected: ReadonlySet<string>;
  /** Keys whose value is the same in every row and said above them. */
  readonly constant: ReadonlySet<string>;
  readonly onSort: (sort: Sort) => void;
  readonly onSelect: (id: string) => void;
  readonly onOpen: (series: Series) => void;
}

interface View {
  readonly top: number;
  readonly height: number;
}

function useRowHeight(): number {
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const media = matchMedia(NARROW);
    const update = (): void => {
      setNarrow(media.matches);
    };
    media.addEventListener('change', update);
    return () => {
      media.removeEventListener('change', update);
    };
  }, []);
  return narrow ? ROW_NARROW : ROW;
}

function useView(scroller: { current: HTMLDivElement | null }): View {
  const [view, setView] = useState<View>({ top: 0, height: 800 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const update = (): void => {
      setView({ top: element.scrollTop, height: element.clientHeight });
      clearTimeout(timer);
      timer = setTimeout(() => {
        keepScroll(element.scrollTop);
      }, SETTLE_MS);
    };
    element.scrollTop = keptScroll();
    const resize = new ResizeObserver(update);
    resize.observe(element);
    element.addEventListener('scroll', update, { passive: true });
    return () => {
      clearTimeout(timer);
      resize.disconnect();
      element.removeEventListener('scroll', update);
    };
  }, []);
  return view;
}

// when rows appear above, what the reader looks at stays where it is
function useAnchor(scroller: { current: HTMLDivElement | null }, items: readonly Series[], rowHeight: number): void {
  const before = useRef(items);
  useLayoutEffect(() => {
    const element = scroller.current;
    const old = before.current;
    before.current = items;
    if (element === null || old === items || element.scrollTop < rowHeight) return;
    const index = Math.floor(element.scrollTop / rowHeight);
    const anchor = old[index];
    const moved = anchor === undefined ? -1 : items.findIndex((series) => series.id === anchor.id);
    if (moved >= 0 && moved !== index) element.scrollTop += (moved - index) * rowHeight;
  }, [items]);
}

interface HeadProps {
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}

interface ColumnProps extends HeadProps {
  readonly by: 'name' | 'baseline' | 'last';
  readonly title?: string;
  readonly label: string;
  readonly class: string;
  readonly first: Sort;
}

function SortColumn({ by, label, first, sort, title, onSort, ...rest }: ColumnProps): JSX.Element {
  const active = sort === by || sort === `-${by}`;
  const down = sort.startsWith('-');
  const order = active ? (down ? 'descending' : 'ascending') : 'none';
  const next = (): Sort => {
    if (!active || by === 'name') return first;
    return down ? by : (`-${by}` as Sort);
  };
  return (
    <span role="columnheader" class={rest.class} aria-sort={order}>
      <button
        type="button"
        class="sort"
        title={title}
        onClick={() => {
          onSort(next());
        }}
      >
        {label}
        <span class="sort-sign" aria-hidden="true">
          {active ? (down ? '↓' : '↑') : ''}
        </span>
      </button>
    </span>
  );
}

function Head({ sort, onSort }: HeadProps): JSX.Element {
  return (
    <div class="row head" role="row">
      <span role="columnheader" class="cell-check">
        <span class="unseen">Selected</span>
      </span>
      <SortColumn by="name" label="Series" class="cell-name" first="name" sort={sort} onSort={onSort} />
      <span role="columnheader" class="cell-value">
        Last value
      </span>
      <SortColumn
        by="baseline"
        label={BASELINE}
        title={`${BASELINE_MEANS} Sorted by it, what got worst comes first.`}
        class="cell-change"
        first="-baseline"
        sort={sort}
        onSort={onSort}
      />
      <span role="columnheader" class="cell-spark">
        Last 32
      </span>
      <SortColumn by="last" label="Newest" class="cell-age" first="-last" sort={sort} onSort={onSort} />
    </div>
  );
}

interface RowProps {
  readonly series: Series;
  readonly index: number;
  readonly top: number;
  readonly selected: boolean;
  readonly active: boolean;
  readonly fresh: boolean;
  readonly now: number;
  readonly constant: ReadonlySet<string>;
  readonly onSelect: (id: string) => void;
}

function Value({ series }: { readonly series: Series }): JSX.Element {
  if (series.last === null) return <span class="muted">no result</span>;
  const { number, symbol } = quantity(series.last.value, series.unit);
  return (
    <span title={describeDirection(series.direction)}>
      <span class="number">{number}</span> <span class="symbol">{symbol}</span>
    </span>
  );
}

function Age({ series, now }: { readonly series: Series; readonly now: number }): JSX.Element {
  if (series.last === null) return <span class="muted">never</span>;
  const time = Date.parse(series.last.time);
  const stale = isStale(time, now);
  return (
    <span class={stale ? 'stale' : undefined} title={`${formatTime(time)}, ${String(series.n)} results`}>
      {stale && <span class="stale-word">stale</span>}
      {formatAge(time, now)}
    </span>
  );
}

function Row({ series, index, top, selected, active, fresh, now, constant, onSelect }: RowProps): JSX.Element {
  const name = subjectOf(series.labels);
  const { benchmark, rest } = splitSubject(series.labels);
  const context = contextOf(series.labels, constant);
  return (
    <div
      id={`row-${series.id}`}
      class={`row${selected ? ' selected' : ''}${active ? ' active' : ''}${fresh ? ' fresh' : ''}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      style={{ transform: `translateY(${String(top)}px)` }}
    >
      <span role="gridcell" class="cell-check">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select ${name}`}
          checked={selected}
          onChange={() => {
            onSelect(series.id);
          }}
        />
      </span>
      <span role="gridcell" class="cell-name">
        <a href={formatRoute({ ...TREND, series: [series.id] })} tabIndex={-1} title={name}>
          <span class="cut">{benchmark}</span>
          {rest !== '' && <span>{benchmark === '' ? rest : `\u00a0· ${rest}`}</span>}
        </a>
        <span class="context cut" title={context.map(({ key, value }) => `${key}: ${value}`).join('\n')}>
          {context.map((tag) => (
            <span key={tag.key}>{nameTag(tag)}</span>
          ))}
        </span>
      </span>
      <span role="gridcell" class="cell-value">
        <Value series={series} />
      </span>
      <span role="gridcell" class="cell-change">
        <BaselineText baseline={series.baseline} open={series.open_change} unit={series.unit} />
      </span>
      <span role="gridcell" class="cell-spark">
        <Sparkline values={series.spark} />
      </span>
      <span role="gridcell" class="cell-age">
        <Age series={series} now={now} />
      </span>
    </div>
  );
}

function useKeys(
  props: TableProps,
  reveal: (index: number) => void,
  page: number,
): { active: number; setActive: (index: number) => void; onKeyDown: (event: KeyboardEvent) => void } {
  const { list, onSelect, onOpen } = props;
  const [active, setActive] = useState(-1);
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: list.matched - 1,
    };
    if (event.target !== event.currentTarget && !event.key.startsWith('Arrow')) return;
    const series = list.items[active];
    const target = steps[event.key];
    if (target !== undefined) {
      const next = Math.max(0, Math.min(list.matched - 1, target));
      setActive(next);
      reveal(next);
    } else if (event.key === ' ' && series !== undefined) onSelect(series.id);
    else if (event.key === 'Enter' && series !== undefined) onOpen(series);
    else return;
    event.preventDefault();
  };
  return { active, setActive, onKeyDown };
}

interface BodyProps {
  readonly table: TableProps;
  readonly first: number;
  readonly last: number;
  readonly rowHeight: number;
  readonly active: number;
}

function Body({ table, first, last, rowHeight, active }: BodyProps): JSX.Element {
  const { list, selected, constant, onSelect } = table;
  const now = Date.now();
  const rows: JSX.Element[] = [];
  for (let index = first; index < last; index++) {
    const series = list.items[index];
    const top = index * rowHeight;
    rows.push(
      series === undefined ? (
        <div key={`empty-${String(index)}`} class="row waiting" role="row" style={{ transform: `translateY(${String(top)}px)` }}>
          <i class={`bone bone-${String(index % 4)}`} />
        </div>
      ) : (
        <Row
          key={series.id}
          {...{ series, index, top, now, constant, onSelect }}
          selected={selected.has(series.id)}
          active={index === active}
          fresh={list.fresh.has(series.id)}
        />
      ),
    );
  }
  return <>{rows}</>;
}

export function SeriesTable(props: TableProps): JSX.Element {
  const { list, sort, onSort } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight();
  const view = useView(scroller);
  const first = Math.max(0, Math.floor(view.top / rowHeight) - OVERSCAN);
  const last = Math.min(list.matched, Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN);
  useAnchor(scroller, list.items, rowHeight);
  useEffect(() => {
    list.want(last + AHEAD);
  }, [list, last]);
  const reveal = (index: number): void => {
    const element = scroller.current;
    if (element === null) return;
    const [top, bottom] = [index * rowHeight, (index + 1) * rowHeight + HEAD];
    if (top < element.scrollTop) element.scrollTop = top;
    if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
  };
  const keys = useKeys(props, reveal, Math.max(1, Math.floor(view.height / rowHeight) - 1));
  const current = list.items[keys.active];
  return (
    <div class="table" role="grid" aria-label="Series" aria-rowcount={list.matched + 1} aria-multiselectable>
      <div
        class="scroller"
        ref={scroller as Ref<HTMLDivElement>}
        role="rowgroup"
        tabIndex={0}
        aria-label="Series rows: arrows move, space selects, enter opens the trend"
        aria-activedescendant={current === undefined ? undefined : `row-${current.id}`}
        onKeyDown={keys.onKeyDown}
        onFocus={(event) => {
          if (event.target === scroller.current && keys.active < 0) keys.setActive(first + (view.top > 0 ? OVERSCAN : 0));
        }}
      >
        <Head sort={sort} onSort={onSort} />
        <div class="rows" role="presentation" style={{ height: `${String(list.matched * rowHeight)}px` }}>
          <Body table={props} first={first} last={last} rowHeight={rowHeight} active={keys.active} />
        </div>
      </div>
    </div>
  );
}
