// SPDX-License-Identifier: LGPL-2.1-or-later

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { getRun, logPath, type ChangeEvent, type Hidden, type Labels, type Result, type RunDetail } from './api';
import { formatEvent } from './change-text';
import { Outcome } from './edits';
import { HideButton } from './hide-button';
import { HideForm } from './hidden-list';
import { Icon } from './icons';
import { contextOf, nameTag, sortKeys } from './labels';
import { useLoad } from './load';
import { ParseAgain } from './parse-again';
import { formatRoute, TREND, type RunPage } from './route';
import { useHiding, type Hiding } from './run-hiding';
import { ErrorBox, Skeleton } from './states';
import { formatTime } from './time';
import { describeDirection, formatNumber, formatValue } from './unit';

const STEP = 500;
const STATS = ['n', 'min', 'mean', 'sd', 'p50', 'p75', 'p90', 'p95', 'p99', 'p999', 'max'];

function Facts({ title, facts }: { readonly title: string; readonly facts: Labels }): JSX.Element | null {
  const keys = sortKeys(Object.keys(facts));
  if (keys.length === 0) return null;
  return (
    <section class="facts">
      <h2>{title}</h2>
      <dl>
        {keys.map((key) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{facts[key]}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

// a link that a log brought along is only followed to where a browser should go
function webUrl(url: string): string | null {
  return /^https?:\/\//.test(url) ? url : null;
}

function RunLinks({ run }: { readonly run: RunDetail }): JSX.Element {
  const job = webUrl(run.url);
  return (
    <p class="actions">
      {run.log !== null && run.log_removed_at !== null && (
        <span class="muted">
          Log {run.log.name} was removed on {formatTime(Date.parse(run.log_removed_at), true)}: {run.log_removed_reason}.
        </span>
      )}
      {run.log !== null && run.log_removed_at === null && (
        <a class="button" href={logPath(run.id)} target="_blank" rel="noopener">
          Log {run.log.name}
        </a>
      )}
      {job !== null && (
        <a class="button" href={job} target="_blank" rel="noopener noreferrer">
          <Icon name="link" />
          Job
        </a>
      )}
    </p>
  );
}

function statColumns(results: readonly Result[]): string[] {
  const present = new Set(results.flatMap((result) => Object.keys(result.stats)));
  const known = STATS.filter((name) => present.has(name));
  return [...known, ...[...present].filter((name) => !STATS.includes(name)).sort()];
}

function Stat({ name, result }: { readonly name: string; readonly result: Result }): JSX.Element {
  const value = result.stats[name];
  if (value === undefined) return <td class="figure muted">–</td>;
  return <td class="figure">{name === 'n' ? formatNumber(value, 1) : formatValue(value, result.unit)}</td>;
}

function ResultRow({ result, columns }: { readonly result: Result; readonly columns: readonly string[] }): JSX.Element {
  const extra = contextOf(result.labels).map(nameTag).join(' · ');
  return (
    <tr>
      <th scope="row">
        {result.benchmark}
        {extra !== '' && <span class="muted"> {extra}</span>}
      </th>
      <td>{result.metric}</td>
      <td class="figure strong" title={describeDirection(result.direction)}>
        {formatValue(result.value, result.unit)}
      </td>
      {columns.map((name) => (
        <Stat key={name} name={name} result={result} />
      ))}
      <td class="links">
        <a href={formatRoute({ ...TREND, series: [result.series] })} aria-label={`Trend of ${result.benchmark} ${result.metric}`}>
          Trend
        </a>
      </td>
    </tr>
  );
}

function matches(result: Result, words: readonly string[]): boolean {
  const text = [result.benchmark, result.metric, ...Object.values(result.labels)].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

interface TableProps {
  readonly results: readonly Result[];
  readonly columns: readonly string[];
}

function ResultTable({ results, columns }: TableProps): JSX.Element {
  return (
    <div class="wide-table">
      <table class="data">
        <thead>
          <tr>
            <th scope="col">Benchmark</th>
            <th scope="col">Metric</th>
            <th scope="col" class="figure">
              Value
            </th>
            {columns.map((name) => (
              <th key={name} scope="col" class="figure">
                {name}
              </th>
            ))}
            <th scope="col">
              <span class="unseen">Trend</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {results.map((result) => (
            <ResultRow key={result.series} result={result} columns={columns} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Results({ results }: { readonly results: readonly Result[] }): JSX.Element {
  const [wanted, setWanted] = useState('');
  const [shown, setShown] = useState(STEP);
  const words = wanted.toLowerCase().split(/\s+/);
  const found = results.filter((result) => matches(result, words));
  const columns = statColumns(results);
  return (
    <section>
      <div class="section-head">
        <h2>{results.length === 1 ? '1 result' : `${formatNumber(results.length, 1)} results`}</h2>
        {results.length > 12 && (
          <input
            class="input small"
            type="search"
            placeholder="Find a result"
            aria-label="Find a result"
            value={wanted}
            onInput={(event) => {
              setWanted(event.currentTarget.value);
            }}
          />
        )}
      </div>
      <ResultTable results={found.slice(0, shown)} columns={columns} />
      {found.length > shown && (
        <button
          type="button"
          class="button"
          onClick={() => {
            setShown(shown + STEP);
          }}
        >
          Show more ({formatNumber(found.length - shown, 1)} left)
        </button>
      )}
    </section>
  );
}

interface StandingProps {
  readonly run: number;
  readonly hidden: Hidden | null;
  readonly hiding: Hiding;
}

/** Whether the run counts, and the way to say that it does not. */
function Standing({ run, hidden, hiding }: StandingProps): JSX.Element {
  const [asked, setAsked] = useState<'not yet' | 'now' | 'before'>('not yet');
  return (
    <>
      {hidden !== null && (
        <div class="remark hidden-remark">
          <p>
            Hidden by {hidden.who}, {formatTime(Date.parse(hidden.time))}: “{hidden.reason}”. Its results are in no trend, comparison or budget.
          </p>
          <button type="button" class="button small" disabled={hiding.busy} onClick={() => { hiding.show(run, hidden.reason); }}>
            Show again
          </button>
        </div>
      )}
      {hidden === null && asked === 'now' && (
        <section class="facts">
          <HideForm
            run={run}
            draft={hiding.refused?.reason ?? ''}
            busy={hiding.busy}
            onHide={(reason) => {
              document.getElementById('main')?.focus({ preventScroll: true });
              void hiding.hide(run, reason).then((taken) => { setAsked(taken ? 'not yet' : 'now'); });
            }}
            onCancel={() => { setAsked('before'); }}
          />
        </section>
      )}
      <div class="hidden-line">
        {hidden === null && asked !== 'now' && <HideButton class="button small" back={asked === 'before'} onHide={() => { setAsked('now'); }} />}
        <Outcome edits={hiding} />
      </div>
    </>
  );
}

function History({ events }: { readonly events: readonly ChangeEvent[] }): JSX.Element | null {
  if (events.length === 0) return null;
  return (
    <section class="facts">
      <h2>History</h2>
      <ol class="history">
        {events.map((event, i) => (
          <li key={i}>
            <span class="time muted">{formatTime(Date.parse(event.time))}</span> {formatEvent(event)}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Why what is stored of a run does not count any more, or null. */
function replacedBecause({ history }: RunDetail): string | null {
  const last = history[history.length - 1];
  return last?.what === 'replaced' ? last.value : null;
}

const OUTCOMES = { ok: '✓ ok', partial: '◐ partial: cut off or stopped early', failed: '✕ failed' } as const;

interface LoadedProps {
  readonly run: RunDetail;
  readonly hiding: Hiding;
  readonly changed: () => void;
}

function LoadedRun({ run, hiding, changed }: LoadedProps): JSX.Element {
  const standing = hiding.standings.get(run.id);
  const replaced = replacedBecause(run);
  const about: Labels = {
    started: formatTime(Date.parse(run.started_at), true),
    build: run.build === '' ? 'unknown' : run.build,
    revision: run.revision === '' ? 'unknown' : run.revision,
    outcome: OUTCOMES[run.outcome],
    parser: run.parser,
  };
  return (
    <>
      <div class="heading">
        <div>
          <h1>Run {run.id}</h1>
          <p class="context">
            {contextOf(run.labels).map((tag) => (
              <span key={tag.key} title={tag.key}>
                {nameTag(tag)}
              </span>
            ))}
          </p>
        </div>
        <span class="spring" />
        <RunLinks run={run} />
      </div>
      <div class="run-actions">
        {replaced === null && <Standing run={run.id} hidden={standing === undefined ? run.hidden : standing.hidden} hiding={hiding} />}
        {replaced !== null && (
          <p class="remark">
            Replaced: {replaced}. Its results are in no trend, comparison or budget any more.
            {run.replaced_by !== null && (
              <>
                {' '}
                In its place is <a href={formatRoute({ screen: 'run', id: run.replaced_by })}>run {run.replaced_by}</a>.
              </>
            )}
          </p>
        )}
        <ParseAgain run={run} changed={changed} />
      </div>
      {run.warnings.length > 0 && (
        <ul class="remark">
          {run.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <div class="facts-grid">
        <Facts title="Run" facts={about} />
        <Facts title="Labels" facts={run.labels} />
        <Facts title="Parameters" facts={run.parameters} />
        <Facts title="Environment" facts={run.environment} />
      </div>
      <History events={run.history} />
      <Results results={run.results} />
    </>
  );
}

export function RunScreen({ route }: { readonly route: RunPage }): JSX.Element {
  const run = useLoad(String(route.id), (signal) => getRun(route.id, signal));
  const hiding = useHiding(run.reload);
  return (
    <div class="page" aria-busy={run.loading}>
      {run.error !== null && <ErrorBox error={run.error} retry={run.reload} />}
      {run.data === null && run.error === null && <Skeleton rows={8} label="Loading the run" />}
      {run.data !== null && run.error === null && <LoadedRun run={run.data} hiding={hiding} changed={run.reload} />}
    </div>
  );
}
