// SPDX-License-Identifier: LGPL-2.1-or-later

// one stream of changes a page; closed while nobody looks, so that many open tabs do not
// use up the few connections a browser grants a host

import { useEffect, useRef, useState } from 'preact/hooks';

export type Touched = ReadonlySet<string> | null;
export type LiveState = 'connecting' | 'live' | 'waiting';

const GATHER_MS = 200;
const RETRY_MS = 2000;

interface Change {
  readonly series: readonly string[] | null;
}

/** Adds a change to those gathered so far; null means that everything may have changed. */
export function gather(pending: Touched, series: readonly string[] | null): Touched {
  return pending === null || series === null ? null : new Set([...pending, ...series]);
}

class Live {
  readonly #listeners = new Set<(touched: Touched) => void>();
  readonly #watchers = new Set<(state: LiveState) => void>();
  #source: EventSource | null = null;
  #pending: Touched = new Set();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #opened = false;
  state: LiveState = 'connecting';

  start(): void {
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.#close();
      else this.#open();
    });
    if (!document.hidden) this.#open();
  }

  listen(listener: (touched: Touched) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  watch(watcher: (state: LiveState) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #open(): void {
    if (this.#source !== null) return;
    const source = new EventSource(new URL('events', document.baseURI));
    this.#source = source;
    source.addEventListener('open', () => {
      this.#enter('live');
      // what happened while nothing was connected is unknown
      if (this.#opened) this.#add(null);
      this.#opened = true;
    });
    source.addEventListener('change', (event: MessageEvent<string>) => {
      this.#add((JSON.parse(event.data) as Change).series);
    });
    source.addEventListener('error', () => {
      this.#enter('waiting');
      if (source.readyState === EventSource.CLOSED) this.#retry();
    });
  }

  #close(): void {
    this.#source?.close();
    this.#source = null;
  }

  // the browser reconnects after a cut, but not after an error answer
  #retry(): void {
    this.#close();
    setTimeout(() => {
      if (!document.hidden) this.#open();
    }, RETRY_MS);
  }

  #add(series: readonly string[] | null): void {
    this.#pending = gather(this.#pending, series);
    this.#timer ??= setTimeout(() => {
      this.#flush();
    }, GATHER_MS);
  }

  #flush(): void {
    const touched = this.#pending;
    this.#pending = new Set();
    this.#timer = null;
    for (const listener of this.#listeners) listener(touched);
  }

  #enter(state: LiveState): void {
    this.state = state;
    for (const watcher of this.#watchers) watcher(state);
  }
}

const live = new Live();

export function startLive(): void {
  live.start();
}

/** Calls back with the series that changed, at most a few times a second. */
export function useChanges(listener: (touched: Touched) => void): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(
    () =>
      live.listen((touched) => {
        latest.current(touched);
      }),
    [],
  );
}

export function useLiveState(): LiveState {
  const [state, setState] = useState(live.state);
  useEffect(() => {
    setState(live.state);
    return live.watch(setState);
  }, []);
  return state;
}
