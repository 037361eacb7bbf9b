// SPDX-License-Identifier: LGPL-2.1-or-later

// the rows of the overview: the first page at once, the rest as far as somebody scrolls

import type { ApiError, Params, Series, SeriesPage } from './api';
import { asApiError } from './load';
import { gather, type Touched } from './live';

const FIRST_PAGE = 100;
const PAGE = 1000;
const ONE_BY_ONE = 16;

export interface SeriesSource {
  readonly page: (params: Params, signal: AbortSignal) => Promise<SeriesPage>;
  readonly one: (id: string, signal: AbortSignal) => Promise<Series>;
}

export class SeriesList {
  items: readonly Series[] = [];
  total = 0;
  matched = 0;
  loaded = false;
  error: ApiError | null = null;
  /** Rows whose value arrived after the page did. */
  fresh: ReadonlySet<string> = new Set();

  readonly #source: SeriesSource;
  readonly #params: Params;
  readonly #changed: () => void;
  readonly #abort = new AbortController();
  #next: string | null = null;
  #wanted = FIRST_PAGE;
  #work: Promise<void> = Promise.resolve();
  #touched: Touched | undefined;

  constructor(source: SeriesSource, params: Params, changed: () => void) {
    this.#source = source;
    this.#params = params;
    this.#changed = changed;
    this.#queue(() => this.#load(FIRST_PAGE));
  }

  close(): void {
    this.#abort.abort();
  }

  retry(): void {
    this.error = null;
    this.#queue(() => this.#load(this.items.length));
  }

  /** Makes sure that the rows before `end` are loaded or on their way. */
  want(end: number): void {
    if (end <= this.#wanted) return;
    this.#wanted = end;
    this.#queue(() => this.#fill());
  }

  /** Brings touched rows up to date without moving the others; what comes while one runs is done together. */
  refresh(touched: Touched): void {
    if (this.#touched !== undefined) {
      this.#touched = gather(this.#touched, touched === null ? null : [...touched]);
      return;
    }
    this.#touched = touched;
    this.#queue(() => this.#renew());
  }

  idle(): Promise<void> {
    return this.#work;
  }

  // requests run one after the other: a cursor is only known when the page before it is there
  #queue(task: () => Promise<void>): void {
    this.#work = this.#work.then(task).then(
      () => {
        this.#tell();
      },
      (error: unknown) => {
        this.error = asApiError(error);
        this.#tell();
      },
    );
  }

  #tell(): void {
    if (!this.#abort.signal.aborted) this.#changed();
  }

  #page(cursor: string | null, limit: number): Promise<SeriesPage> {
    const position: Params = cursor === null ? [] : [['cursor', cursor]];
    return this.#source.page([...this.#params, ['limit', String(limit)], ...position], this.#abort.signal);
  }

  #accept(items: readonly Series[], page: SeriesPage): void {
    this.items = items;
    this.total = page.total;
    this.matched = page.matched;
    this.#next = page.next;
    this.loaded = true;
    this.error = null;
  }

  async #load(count: number): Promise<void> {
    const before = new Map(this.items.map((series) => [series.id, series]));
    let page = await this.#page(null, Math.min(Math.max(count, FIRST_PAGE), PAGE));
    let items = page.items;
    while (page.next !== null && items.length < count) {
      page = await this.#page(page.next, PAGE);
      items = [...items, ...page.items];
    }
    this.fresh = this.loaded ? changedRows(before, items) : new Set();
    this.#accept(items, page);
  }

  async #fill(): Promise<void> {
    while (this.#next !== null && this.items.length < this.#wanted) {
      const page = await this.#page(this.#next, PAGE);
      this.#accept([...this.items, ...page.items], page);
      this.#tell();
    }
  }

  #renew(): Promise<void> {
    const touched = this.#touched ?? null;
    this.#touched = undefined;
    const known = new Set(this.items.map((series) => series.id));
    const few = touched !== null && touched.size <= ONE_BY_ONE && [...touched].every((id) => known.has(id));
    return few ? this.#update([...touched]) : this.#load(this.items.length);
  }

  async #update(ids: readonly string[]): Promise<void> {
    const rows = await Promise.all(ids.map((id) => this.#source.one(id, this.#abort.signal)));
    const newer = new Map(rows.map((series) => [series.id, series]));
    this.items = this.items.map((series) => newer.get(series.id) ?? series);
    this.fresh = new Set(ids);
  }
}

function changedRows(before: ReadonlyMap<string, Series>, items: readonly Series[]): Set<string> {
  const changed = items.filter((series) => {
    const old = before.get(series.id);
    return old?.n !== series.n || old.last?.run !== series.last?.run;
  });
  return new Set(changed.map((series) => series.id));
}
