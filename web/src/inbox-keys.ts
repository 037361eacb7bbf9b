// SPDX-License-Identifier: LGPL-2.1-or-later

// keys of the list of changes; letters typed into a field stay there

import { useLayoutEffect, useRef } from 'preact/hooks';

/** What each key does, in the order in which they are told. */
export const KEYS = [
  ['j', 'next'],
  ['k', 'previous'],
  ['x', 'select'],
  ['a', 'acknowledge'],
  ['i', 'ignore'],
  ['o', 'owner'],
  ['b', 'bug link'],
  ['u', 'undo'],
] as const;
export type Key = (typeof KEYS)[number][0];

function isTyped(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches('input:not([type="checkbox"]), textarea, select, [contenteditable]');
}

export function useKeys(act: (key: Key) => void): void {
  const latest = useRef(act);
  latest.current = act;
  // before anything is seen that a key may be meant for
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const known = KEYS.find(([key]) => key === event.key);
      if (known === undefined || event.ctrlKey || event.metaKey || event.altKey || isTyped(event.target)) return;
      event.preventDefault();
      latest.current(known[0]);
    };
    addEventListener('keydown', listen);
    return () => {
      removeEventListener('keydown', listen);
    };
  }, []);
}
