// SPDX-License-Identifier: LGPL-2.1-or-later

// a log is read by the parsers of today: first what would change, then the change itself

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { parseAgain, type Labels, type Rereading, type RereadExample, type RereadReport, type RunDetail } from './api';
import { Outcome, useEdits } from './edits';
import { useLoad } from './load';
import { describeReread, describeRereading, nameSeries } from './reread-text';
import { ErrorBox, Skeleton } from './states';
import { formatValue } from './unit';

function Value({ value, unit }: { readonly value: number | null; readonly unit: string | null }): JSX.Element {
  return <td class="figure">{value === null ? <span class="muted">–</span> : formatValue(value, unit ?? '')}</td>;
}

function Examples({ examples, shared }: { readonly examples: readonly RereadExample[]; readonly shared: Labels }): JSX.Element {
  return (
    <div class="wide-table">
      <table class="data">
        <caption class="unseen">Examples of values that are others</caption>
        <thead>
          <tr>
            <th scope="col">Series</th>
            <th scope="col" class="figure">
              Before
            </th>
            <th scope="col" class="figure">
              Now
            </th>
          </tr>
        </thead>
        <tbody>
          {examples.map((one, i) => (
            <tr key={i}>
              <th scope="row">
                {nameSeries(one.series ?? one.series_before ?? '', shared)}
                {one.what === 'moved' && <span class="muted"> before {nameSeries(one.series_before ?? '', shared)}</span>}
              </th>
              <Value value={one.value_before} unit={one.unit_before} />
              <Value value={one.value} unit={one.unit} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface PreviewProps {
  readonly report: RereadReport;
  readonly run: RunDetail;
  readonly busy: boolean;
  readonly parse: (reading: Rereading) => void;
  readonly cancel: () => void;
}

function Preview({ report, run, busy, parse, cancel }: PreviewProps): JSX.Element {
  const [reading] = report.parsers;
  return (
    <>
      <p role="status">{describeRereading(reading)}</p>
      {report.examples.length > 0 && <Examples examples={report.examples} shared={run.labels} />}
      <p class="actions">
        {reading.logs_same === 0 && (
          <button type="button" class="button small primary" disabled={busy} onClick={() => { parse(reading); }}>
            Parse again
          </button>
        )}
        <button type="button" class="button small" onClick={cancel}>
          {reading.logs_same === 0 ? 'Cancel' : 'Close'}
        </button>
      </p>
    </>
  );
}

interface PanelProps {
  readonly run: RunDetail;
  readonly log: number;
  readonly busy: boolean;
  readonly parse: (reading: Rereading) => void;
  readonly cancel: () => void;
}

function Panel({ run, log, busy, parse, cancel }: PanelProps): JSX.Element {
  const preview = useLoad(String(log), (signal) => parseAgain(log, true, signal));
  return (
    <section class="facts parse-again" aria-busy={preview.loading}>
      <h2>Log {run.log?.name} as the parsers of today read it</h2>
      {preview.error !== null && <ErrorBox error={preview.error} retry={preview.reload} />}
      {preview.error === null && preview.data === null && <Skeleton rows={3} label="Reading the log" />}
      {preview.error === null && preview.data !== null && <Preview report={preview.data.report} {...{ run, busy, parse, cancel }} />}
    </section>
  );
}

/** `changed` is called when the results are others. */
export function ParseAgain({ run, changed }: { readonly run: RunDetail; readonly changed: () => void }): JSX.Element | null {
  const [open, setOpen] = useState(false);
  const edits = useEdits(changed);
  if (run.log === null || run.log_removed_at !== null) return null;
  const { id } = run.log;
  const parse = (reading: Rereading): void => {
    // the panel goes with its button
    document.getElementById('main')?.focus({ preventScroll: true });
    void edits.make({ words: describeReread(reading), send: () => parseAgain(id, false), takeBack: null }).then((taken) => { setOpen(!taken); });
  };
  return (
    <>
      <div class="hidden-line">
        <button type="button" class="button small" aria-expanded={open} onClick={() => { setOpen(!open); }}>
          Parse again…
        </button>
        <Outcome edits={edits} />
      </div>
      {open && <Panel {...{ run, parse }} log={id} busy={edits.busy} cancel={() => { setOpen(false); }} />}
    </>
  );
}
