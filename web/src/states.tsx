// SPDX-License-Identifier: LGPL-2.1-or-later

// what a screen shows when it has nothing to show yet, or nothing at all

import type { ComponentChildren, JSX } from 'preact';

import type { ApiError } from './api';

export function ErrorBox({ error, retry }: { readonly error: ApiError; readonly retry: () => void }): JSX.Element {
  return (
    <section class="notice-box" role="alert">
      <h2>{error.title}</h2>
      <p>{error.message}</p>
      <p class="actions">
        <button type="button" class="button primary" onClick={retry}>
          Try again
        </button>
        {error.requestId !== '' && <span class="muted">Request {error.requestId}</span>}
      </p>
    </section>
  );
}

export function Skeleton({ rows, label }: { readonly rows: number; readonly label: string }): JSX.Element {
  return (
    <div class="skeleton" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, i) => (
        <i key={i} class={`bone bone-${String(i % 4)}`} />
      ))}
    </div>
  );
}

export function Nothing({ title, children }: { readonly title: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <section class="notice-box">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
