// SPDX-License-Identifier: LGPL-2.1-or-later

import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface ButtonProps {
  readonly class: string;
  /** Whether the form was closed without hiding. */
  readonly back: boolean;
  readonly onHide: () => void;
}

export function HideButton({ class: look, back, onHide }: ButtonProps): JSX.Element {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (back) button.current?.focus();
  }, []);
  return (
    <button ref={button} type="button" class={look} onClick={onHide}>
      Hide this run…
    </button>
  );
}
