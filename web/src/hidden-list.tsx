// SPDX-License-Identifier: LGPL-2.1-or-later

// the form that asks why a run is no measurement, and the list of those that are none; loaded when somebody asks for either

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Entry } from './hidden-runs';
import { Marker } from './marker';
import { formatRoute } from './route';
import type { Hiding } from './run-hiding';
import { formatTime } from './time';
import { formatNumber, formatValue } from './unit';
import { WhoField } from './who';

const [STEP, MOST_VALUES] = [20, 3];
const COLUMNS = ['Run', 'Value', 'Why', 'Hidden by', ''];

interface FormProps {
  readonly run: number;
  /** What the reader said before. */
  readonly draft: string;
  readonly busy: boolean;
  readonly onHide: (reason: string) => void;
  readonly onCancel: () => void;
}

export function HideForm({ run, draft, busy, onHide, onCancel }: FormProps): JSX.Element {
  const [reason, setReason] = useState(draft);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
  }, []);
  return (
    <form
      class="hide-form"
      aria-label={`Hide run ${String(run)}`}
      onSubmit={(event) => {
        event.preventDefault();
        onHide(reason.trim());
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // the card around it stays
        event.stopPropagation();
        onCancel();
      }}
    >
      <label>
        Why is it no measurement?
        <input
          ref={input}
          class="input small"
          required
          maxLength={200}
          placeholder="such as: another machine"
          value={reason}
          onInput={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
      </label>
      <WhoField />
      <p class="muted">All its results leave every trend, comparison and budget, until it is shown again.</p>
      <p class="actions">
        <button type="submit" class="button small primary" disabled={reason.trim() === '' || busy}>
          Hide run {run}
        </button>
        <button type="button" class="button small" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}

function Row({ entry, several, hiding }: { readonly entry: Entry; readonly several: boolean; readonly hiding: Hiding }): JSX.Element {
  const { run, time, build, values, reason, who, hidden_at } = entry;
  const rest = values.length - MOST_VALUES;
  return (
    <tr>
      <td class="nowrap">
        <a href={formatRoute({ screen: 'run', id: run })}>Run {run}</a>
        {build !== '' && <span class="muted"> build {build}</span>}
        <span class="second">{formatTime(Date.parse(time))}</span>
      </td>
      <td>
        {values.slice(0, MOST_VALUES).map(({ line, value }) => (
          <span key={line.id} class="hidden-value">
            {several && <Marker slot={line.slot} hollow />}
            {formatValue(value, line.unit)}
          </span>
        ))}
        {rest > 0 && <span class="second">and {rest} more</span>}
      </td>
      <td class="reason">{reason}</td>
      <td>
        {who}
        <span class="second nowrap">{formatTime(Date.parse(hidden_at))}</span>
      </td>
      <td class="row-actions">
        <button
          type="button"
          class="button small"
          aria-label={`Show run ${String(run)} again`}
          disabled={hiding.busy}
          onClick={() => {
            hiding.show(run, reason);
          }}
        >
          Show again
        </button>
      </td>
    </tr>
  );
}

interface ListProps {
  readonly entries: readonly Entry[];
  readonly several: boolean;
  readonly hiding: Hiding;
}

export function HiddenList({ entries, several, hiding }: ListProps): JSX.Element {
  const [shown, setShown] = useState(STEP);
  return (
    <div class="wide-table">
      <table class="data changes">
        <caption class="unseen">Hidden runs of the drawn series, the newest first</caption>
        <thead>
          <tr>
            {COLUMNS.map((name) => (
              <th key={name} scope="col">
                {name === '' ? <span class="unseen">Actions</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.slice(0, shown).map((entry) => (
            <Row key={entry.run} {...{ entry, several, hiding }} />
          ))}
        </tbody>
      </table>
      {entries.length > shown && (
        <button
          type="button"
          class="button"
          onClick={() => {
            setShown(shown + STEP);
          }}
        >
          Show more ({formatNumber(entries.length - shown, 1)} left)
        </button>
      )}
    </div>
  );
}
