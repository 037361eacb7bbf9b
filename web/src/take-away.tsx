// SPDX-License-Identifier: LGPL-2.1-or-later

// what a reader carries off: the numbers as CSV, the picture as a link

import type { JSX } from 'preact';

import { pointsCsvPath, type Params } from './api';
import { CopyButton } from './copy';
import { combineCsv } from './csv';
import { Icon } from './icons';
import type { Trend } from './route';
import { toRfc3339 } from './time';
import type { Line, Span } from './trend-data';

interface TakeAwayProps {
  readonly lines: readonly Line[];
  readonly window: Span;
  readonly route: Trend;
}

function saveCsv(lines: readonly Line[], window: Span): void {
  const text = combineCsv(lines.map((line) => line.points), window.min, window.max);
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'perfdash-trend.csv';
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}

function CsvLink({ lines, window, route }: TakeAwayProps): JSX.Element {
  const [only] = lines;
  const bounds: Params = [
    ...(route.from === '' ? [] : [['from', toRfc3339(window.min)] as const]),
    ...(route.to === '' ? [] : [['to', toRfc3339(window.max)] as const]),
  ];
  if (lines.length === 1 && only !== undefined) {
    return (
      <a class="button" href={pointsCsvPath(only.id, bounds)} download={`perfdash-${only.id}.csv`}>
        <Icon name="download" />
        CSV
      </a>
    );
  }
  return (
    <button
      type="button"
      class="button"
      title="All shown series in one table"
      onClick={() => {
        saveCsv(lines, window);
      }}
    >
      <Icon name="download" />
      CSV
    </button>
  );
}

export function TakeAway(props: TakeAwayProps): JSX.Element {
  return (
    <>
      <CsvLink {...props} />
      <CopyButton label="Copy a link to exactly this picture" text={() => location.href}>
        Copy link
      </CopyButton>
    </>
  );
}
