// SPDX-License-Identifier: LGPL-2.1-or-later

// what a reader says to the store: one thing after the other is sent, told and can be taken back

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { ApiError } from './api';
import { asApiError } from './load';

export interface Edit {
  /** What is true when the store knows. */
  readonly words: string;
  readonly send: () => Promise<unknown>;
  /** Sends the opposite; null where there is none. */
  readonly takeBack: (() => Promise<unknown>) | null;
}

export interface Edits {
  readonly busy: boolean;
  readonly error: ApiError | null;
  /** The last edit, and what takes it back. */
  readonly done: { readonly words: string; readonly undo: (() => void) | null } | null;
  /** Whether the store took it. */
  readonly make: (edit: Edit) => Promise<boolean>;
}

/** `changed` is called when the store knows. */
export function useEdits(changed: () => void): Edits {
  const [state, setState] = useState<Omit<Edits, 'make'>>({ busy: false, error: null, done: null });
  const make = async ({ words, send, takeBack }: Edit): Promise<boolean> => {
    setState((old) => ({ ...old, busy: true, error: null }));
    try {
      await send();
    } catch (error) {
      setState((old) => ({ ...old, busy: false, error: asApiError(error) }));
      return false;
    }
    const undo = takeBack === null ? null : () => void make({ words: 'Taken back.', send: takeBack, takeBack: null });
    setState({ busy: false, error: null, done: { words, undo } });
    changed();
    return true;
  };
  return { ...state, make };
}

export function Outcome({ edits }: { readonly edits: Edits }): JSX.Element {
  const { busy, error, done } = edits;
  const undo = done?.undo ?? null;
  return (
    <p class="outcome">
      {error !== null && <span role="alert">{`${error.title}: ${error.message}`}</span>}
      <span role="status">{error === null ? done?.words : ''}</span>
      {error === null && undo !== null && (
        <button type="button" class="link-button" disabled={busy} onClick={undo}>
          Undo
        </button>
      )}
    </p>
  );
}
