// SPDX-License-Identifier: LGPL-2.1-or-later

// the changes of the drawn series as rows, and what a reader says of them

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Analysis, Change, Labels } from './api';
import { useActs, type Acts } from './change-actions';
import { ChangeSign, lookOf } from './change-badge';
import { ChangeDetail, IgnoreForm } from './change-detail';
import { explainState, formatP, formatPrecision, formatRange, formatState, formatStep, remarksOf, sizeOf, verdictOf } from './change-text';
import { Outcome } from './edits';
import { distinction } from './labels';
import type { Loaded } from './load';
import { Marker } from './marker';
import { navigate, type Trend } from './route';
import { ErrorBox, Skeleton } from './states';
import { formatDay, formatTime } from './time';
import type { Line } from './trend-data';
import { formatNumber } from './unit';
import { WhoField } from './who';

const STEP = 20;
const COLUMNS = ['Change', 'Since', 'Series', 'Level', 'Confidence', 'State', ''];

interface Entry {
  readonly line: Line;
  readonly change: Change;
}

/** All changes of all lines, the newest first. */
export function changeEntries(lines: readonly Line[], analyses: ReadonlyMap<string, Analysis>): Entry[] {
  const entries = lines.flatMap((line) => (analyses.get(line.id)?.changes ?? []).map((change) => ({ line, change })));
  return entries.sort((a, b) => b.change.time.localeCompare(a.change.time) || a.line.slot - b.line.slot);
}

function SizeCell({ line, change }: Entry): JSX.Element {
  const { amount, interval } = sizeOf(change, line.unit);
  const { judgement, word } = verdictOf(change);
  return (
    <td>
      <span class={`change ${change.state === 'unsure' ? 'steady' : judgement}`}>
        <ChangeSign look={lookOf(change, change)} />
        <span class="change-amount">{amount}</span>
        <span class="change-word">{word}</span>
      </span>
      <span class="second indent">{interval}</span>
    </td>
  );
}

function SinceCell({ change }: { readonly change: Change }): JSX.Element {
  const { builds, revisions } = formatRange(change);
  const ms = Date.parse(change.time);
  return (
    <td title={formatTime(ms)}>
      {formatDay(ms)}
      {builds !== '' && <span class="muted"> build {builds}</span>}
      {revisions !== '' && (
        <span class="second">
          <code>{revisions}</code>
        </span>
      )}
    </td>
  );
}

function StateCell({ change }: { readonly change: Change }): JSX.Element {
  const { state, by } = formatState(change);
  const rest = [by, change.owner === '' ? '' : `owner ${change.owner}`, change.state === 'ignored' ? `“${change.reason}”` : ''];
  return (
    <td class="state-cell">
      <span class={`state ${state}`} title={explainState(change)}>{state}</span>
      {remarksOf(change).map(({ word, means }) => (
        <span key={word} class="change-remark" title={means}>{word}</span>
      ))}
      <span class="second">{rest.filter((part) => part !== '').join(', ')}</span>
    </td>
  );
}

interface ActionsProps {
  readonly change: Change;
  readonly acts: Acts;
  readonly open: boolean;
  readonly onIgnore: () => void;
  readonly onOpen: () => void;
}

function Actions({ change, acts, open, onIgnore, onOpen }: ActionsProps): JSX.Element {
  const { state } = change;
  return (
    <td class="row-actions">
      {(state === 'new' || state === 'unsure' || state === 'historic') && (
        <button type="button" class="button small" disabled={acts.busy} onClick={() => { void acts.act(change, { state: 'acknowledged' }); }}>
          Acknowledge
        </button>
      )}
      {(state === 'acknowledged' || state === 'ignored') && (
        <button type="button" class="button small" disabled={acts.busy} onClick={() => { void acts.act(change, { state: 'new' }); }}>
          Reopen
        </button>
      )}
      {state !== 'ignored' && (
        <button type="button" class="button small ignore-open" disabled={acts.busy} onClick={onIgnore}>
          Ignore…
        </button>
      )}
      <button type="button" class="button small" aria-expanded={open} onClick={onOpen}>
        Details
      </button>
    </td>
  );
}

interface RowProps extends Entry {
  readonly shared: Labels;
  readonly several: boolean;
  readonly acts: Acts;
  readonly chosen: boolean;
  readonly onChoose: (id: string) => void;
}

function Row({ line, change, shared, several, acts, chosen, onChoose }: RowProps): JSX.Element {
  const [ignoring, setIgnoring] = useState(false);
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <>
      <tr ref={row} id={`change-${String(change.id)}`} class={chosen ? 'chosen' : undefined}>
        <SizeCell line={line} change={change} />
        <SinceCell change={change} />
        {several && (
          <td class="series-name">
            <Marker slot={line.slot} />
            {distinction(line.labels, shared)}
          </td>
        )}
        <td class="nowrap">{formatStep(change, line.unit)}</td>
        <td>
          {change.confidence}
          <span class="second">{formatP(change.p)}</span>
        </td>
        <StateCell change={change} />
        <Actions
          change={change}
          acts={acts}
          open={chosen}
          onIgnore={() => { setIgnoring(!ignoring); }}
          onOpen={() => { onChoose(chosen ? '' : String(change.id)); }}
        />
      </tr>
      {(ignoring || chosen) && (
        <tr class="detail-row">
          <td colSpan={several ? 7 : 6}>
            {ignoring && <IgnoreForm change={change} acts={acts} onDone={() => { setIgnoring(false); }} />}
            {chosen && <ChangeDetail change={change} labels={line.labels} acts={acts} />}
          </td>
        </tr>
      )}
    </>
  );
}

interface ListProps {
  readonly route: Trend;
  readonly lines: readonly Line[];
  readonly shared: Labels;
  readonly analyses: Loaded<ReadonlyMap<string, Analysis>>;
}

function Rows({ route, lines, shared, acts, entries }: Omit<ListProps, 'analyses'> & { readonly acts: Acts; readonly entries: readonly Entry[] }): JSX.Element {
  const [shown, setShown] = useState(STEP);
  const several = lines.length > 1;
  const chosenAt = entries.findIndex(({ change }) => String(change.id) === route.change);
  const count = Math.max(shown, chosenAt + 1);
  return (
    <div class="wide-table">
      <table class="data changes">
        <caption class="unseen">Changes of the drawn series, the newest first</caption>
        <thead>
          <tr>
            {COLUMNS.filter((name) => several || name !== 'Series').map((name) => (
              <th key={name} scope="col">
                {name === '' ? <span class="unseen">Actions</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.slice(0, count).map(({ line, change }) => (
            <Row
              key={change.id}
              {...{ line, change, shared, several, acts }}
              chosen={String(change.id) === route.change}
              onChoose={(id) => {
                navigate({ ...route, change: id }, 'replace');
              }}
            />
          ))}
        </tbody>
      </table>
      {entries.length > count && (
        <button type="button" class="button" onClick={() => { setShown(count + STEP); }}>
          Show more ({formatNumber(entries.length - count, 1)} left)
        </button>
      )}
    </div>
  );
}

export function ChangeList(props: ListProps): JSX.Element {
  const { lines, analyses } = props;
  const acts = useActs(analyses.reload);
  const entries = analyses.data === null ? [] : changeEntries(lines, analyses.data);
  const precision = formatPrecision(lines.flatMap(({ id }) => analyses.data?.get(id)?.precision ?? []));
  return (
    <section class="change-list" aria-busy={analyses.loading}>
      <div class="section-head">
        <h2>
          Changes <span class="muted">{analyses.data === null ? '' : formatNumber(entries.length, 1)}</span>
        </h2>
        <Outcome edits={acts} />
        <span class="spring" />
        {entries.length > 0 && <WhoField />}
      </div>
      {analyses.error !== null && <ErrorBox error={analyses.error} retry={analyses.reload} />}
      {analyses.data === null && analyses.error === null && <Skeleton rows={3} label="Loading changes" />}
      {analyses.data !== null && entries.length === 0 && (
        <p class="muted no-change">
          No change of level was found{lines.length > 1 ? ' in any of these series' : ''}. One is told when at least four results stand on the new level.
        </p>
      )}
      {entries.length > 0 && <Rows {...props} acts={acts} entries={entries} />}
      {precision !== '' && <p class="muted precision">{precision}.</p>}
    </section>
  );
}
