// SPDX-License-Identifier: LGPL-2.1-or-later

// what a reader may say of a change, what it does, and how it is taken back

import { useState } from 'preact/hooks';

import { editChange, type ApiError, type Change, type ChangeEdit, type ChangeState } from './api';
import { asApiError } from './load';
import { formatDay } from './time';

const KEY = 'perfdash-who';

/** The reader's name, as this browser knows it. */
export function readWho(): string {
  return localStorage.getItem(KEY) ?? '';
}

export function storeWho(who: string): void {
  localStorage.setItem(KEY, who);
}

type Said = Omit<ChangeEdit, 'who'>;

const DONE: Readonly<Partial<Record<ChangeState, string>>> = {
  new: 'is new again',
  acknowledged: 'is acknowledged',
  ignored: 'is ignored',
};

/** What brings a change back to how it was; null where only the analysis could. */
export function undoOf(before: Change, said: Said): Said | null {
  if (said.state === undefined) {
    const { owner, note, link, reason } = before;
    return Object.fromEntries(Object.entries({ owner, note, link, reason }).filter(([key]) => key in said));
  }
  if (['historic', 'withdrawn', 'unsure'].includes(before.state)) return null;
  // the analysis sees by itself that it is fixed
  const state = before.state === 'fixed' ? 'new' : before.state;
  return state === 'ignored' ? { state, reason: before.reason } : { state };
}

export function describeAct(change: Change, said: Said): string {
  const what = said.state === undefined ? 'is saved' : (DONE[said.state] ?? 'is saved');
  return `The change of ${formatDay(Date.parse(change.time))} ${what}.`;
}

export interface Acts {
  readonly busy: boolean;
  readonly error: ApiError | null;
  /** The last act, and what takes it back. */
  readonly done: { readonly words: string; readonly undo: (() => void) | null } | null;
  readonly act: (change: Change, said: Said) => Promise<boolean>;
}

/** Says something of changes; `changed` is called when the store knows. */
export function useActs(changed: () => void): Acts {
  const [state, setState] = useState<Omit<Acts, 'act'>>({ busy: false, error: null, done: null });
  const send = async (change: Change, said: Said, words: string, undo: Said | null): Promise<boolean> => {
    setState((old) => ({ ...old, busy: true, error: null }));
    try {
      await editChange(change.id, { who: readWho(), ...said });
    } catch (error) {
      setState((old) => ({ ...old, busy: false, error: asApiError(error) }));
      return false;
    }
    const back = undo === null ? null : () => void send(change, undo, 'Taken back.', null);
    setState({ busy: false, error: null, done: { words, undo: back } });
    changed();
    return true;
  };
  return { ...state, act: (change, said) => send(change, said, describeAct(change, said), undoOf(change, said)) };
}
