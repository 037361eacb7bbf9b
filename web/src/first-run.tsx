// SPDX-License-Identifier: LGPL-2.1-or-later

import type { JSX } from 'preact';

import { getSources, type Source } from './api';
import { CopyButton } from './copy';
import { useLoad } from './load';

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
