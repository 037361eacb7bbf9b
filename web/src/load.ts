// SPDX-License-Identifier: LGPL-2.1-or-later

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

import { ApiError } from './api';

export interface Loaded<T> {
  /** The newest answer; stays while a newer one is on its way. */
  readonly data: T | null;
  readonly error: ApiError | null;
  readonly loading: boolean;
  readonly reload: () => void;
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(0, { title: 'Unexpected answer', detail: error instanceof Error ? error.message : String(error) });
}

/** Loads what `key` names, again when the key changes or reload() is called; a reload waits for the load before it. */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'>>({ data: null, error: null, loading: true });
  const latest = useRef(load);
  latest.current = load;
  const again = useRef<() => void>(() => undefined);
  useEffect(() => {
    const abort = new AbortController();
    let [asked, busy] = [0, false];
    const run = async (): Promise<void> => {
      const turn = asked;
      busy = true;
      setState((old) => ({ ...old, loading: true }));
      const next = await settle(latest.current(abort.signal));
      busy = false;
      if (abort.signal.aborted) return;
      setState((old) => ({ data: old.data, ...next, loading: false }));
      if (asked > turn) void run();
    };
    again.current = () => {
      asked++;
      if (!busy) void run();
    };
    void run();
    return () => {
      abort.abort();
    };
  }, [key]);
  const reload = useCallback(() => {
    again.current();
  }, []);
  return { ...state, reload };
}

async function settle<T>(answer: Promise<T>): Promise<{ data: T; error: null } | { error: ApiError }> {
  try {
    return { data: await answer, error: null };
  } catch (error) {
    return { error: asApiError(error) };
  }
}
