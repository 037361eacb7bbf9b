// SPDX-License-Identifier: LGPL-2.1-or-later

// the system's scheme unless the reader chose one; style.css does the rest through color-scheme

import { useEffect, useState } from 'preact/hooks';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'perfdash-theme';
const changed = new EventTarget();

export function readTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === stored) ?? 'auto';
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  changed.dispatchEvent(new Event('changed'));
}

export function storeTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  applyTheme(theme);
}

/** A number that changes whenever colours do; what paints on a canvas depends on it. */
export function usePaint(): number {
  const [paint, setPaint] = useState(0);
  useEffect(() => {
    const repaint = (): void => {
      setPaint((old) => old + 1);
    };
    const media = [matchMedia('(prefers-color-scheme: dark)'), matchMedia('(forced-colors: active)')];
    changed.addEventListener('changed', repaint);
    for (const query of media) query.addEventListener('change', repaint);
    return () => {
      changed.removeEventListener('changed', repaint);
      for (const query of media) query.removeEventListener('change', repaint);
    };
  }, []);
  return paint;
}

/** The colour a custom property has right now, light or dark. */
export function resolveColor(host: Element, property: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(${property})`;
  // forced colours would paint all lines alike
  probe.style.setProperty('forced-color-adjust', 'none');
  host.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}
