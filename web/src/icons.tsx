// SPDX-License-Identifier: LGPL-2.1-or-later

import type { JSX } from 'preact';

// drawn on a grid of 16
const PATHS = {
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9M10.3 10.3L14 14',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  download: 'M8 2v8M4.8 7L8 10.2L11.2 7M2.5 13.5h11',
  link: 'M6.7 9.3a2.6 2.6 0 0 0 3.7 0l2.3-2.3a2.6 2.6 0 0 0-3.7-3.7l-.8.8M9.3 6.7a2.6 2.6 0 0 0-3.7 0L3.3 9a2.6 2.6 0 0 0 3.7 3.7l.8-.8',
  left: 'M10 3L5 8l5 5',
  right: 'M6 3l5 5l-5 5',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  filter: 'M2.5 3.5h11M4.5 8h7M6.5 12.5h3',
  auto: 'M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12M8 2v12',
  light: 'M8 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8L13 13M3 13l1.2-1.2M11.8 4.2L13 3',
  dark: 'M13.2 9.6A5.8 5.8 0 0 1 6.4 2.8a5.8 5.8 0 1 0 6.8 6.8',
  trend: 'M1.5 12.5l4-4l2.5 2l6-6.5M10.5 4H14v3.5',
} as const;

export function Icon({ name }: { readonly name: keyof typeof PATHS }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Logo(): JSX.Element {
  return (
    <svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
      <rect class="logo-ground" x="1" y="1" width="22" height="22" rx="6" />
      <path class="logo-line" d="M5 15.5L9 9.5L12.5 13L19 6.5" />
      <circle class="logo-dot" cx="9" cy="9.5" r="1.9" />
    </svg>
  );
}
