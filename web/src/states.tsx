// SPDX-License-Identifier: LGPL-2.1-or-later

// what a screen shows when it has nothing to show yet, or nothing at all

import type { ComponentChildren, JSX } from 'preact';

import { getSources, type ApiError, type Source } from './api';
import { CopyButton } from './copy';
import { useLoad } from './load';

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

function Command({ title, text }: { readonly title: string; readonly text: string }): JSX.Element {
  return (
    <li>
      <h3>{title}</h3>
      <div class="command">
        <code>{text}</code>
        <CopyButton label={`Copy: ${title}`} text={() => text} />
      </div>
    </li>
  );
}

function directoryOf(sources: readonly Source[] | undefined): string | null {
  return sources?.find((source) => source.type === 'directory')?.location ?? null;
}

/** The first run: three ways in, each one command. */
export function FirstRun(): JSX.Element {
  const sources = useLoad('sources', getSources);
  const directory = directoryOf(sources.data?.items);
  const server = new URL('.', document.baseURI).href;
  return (
    <section class="notice-box first-run">
      <h2>No results yet</h2>
      <p>Hand perfdash a log. It finds the parser, and the trend shows up here by itself. Any of these will do:</p>
      <ol>
        {directory !== null && <Command title="Drop a log into the watched directory" text={`cp results.jtl '${directory}/'`} />}
        <Command
          title="Send it from a job"
          text={`curl --data-binary @results.jtl '${server}api/v1/logs?lab=lab1&suite=checkout&name=results.jtl'`}
        />
        <Command title="Read many from the command line" text={`perfdash ingest --server ${server} --lab lab1 results/`} />
      </ol>
    </section>
  );
}
