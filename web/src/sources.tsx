// SPDX-License-Identifier: LGPL-2.1-or-later

// where results come from: who is silent and why, then every source with what it does and what went wrong

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { getSources, pollSource, rawLogPath, type FailedLog, type RedJob, type Silence, type Source, type SourceDay } from './api';
import { CopyButton } from './copy';
import { useChanges } from './live';
import { asApiError, useLoad } from './load';
import { formatRoute, navigate, OVERVIEW, SOURCES, type SourcesPage } from './route';
import { describeDays, formatSpan, formatWait, standingOf, sumResults } from './source-text';
import { ErrorBox, Nothing, Skeleton } from './states';
import { formatAge, formatTime } from './time';
import { formatNumber } from './unit';

const REFRESH_MS = 10_000;
const BAR = 6;
const HEIGHT = 22;
const COLUMNS = 8;
const EXAMPLE = `[source lab1]
type=directory
path=/srv/lab1/results`;

function When({ time, children }: { readonly time: string | null; readonly children: (ms: number) => string }): JSX.Element {
  if (time === null) return <span class="muted">–</span>;
  const ms = Date.parse(time);
  return (
    <time dateTime={time} title={formatTime(ms, true)}>
      {children(ms)}
    </time>
  );
}

function Age({ time }: { readonly time: string | null }): JSX.Element {
  return <When time={time}>{(ms) => formatAge(ms, Date.now())}</When>;
}

function Outside({ href, children }: { readonly href: string; readonly children: ComponentChildren }): JSX.Element {
  if (!/^https?:/.test(href)) return <>{children}</>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

function RedJobs({ jobs }: { readonly jobs: readonly RedJob[] }): JSX.Element {
  return (
    <>
      {jobs.map((job) => (
        <li key={job.job}>
          <Outside href={job.url}>
            {job.job} #{job.build}
          </Outside>{' '}
          {job.result}, started <Age time={job.time} />
          {job.builds > 1 && `, ${formatNumber(job.builds, 1)} failed in a row`}
        </li>
      ))}
    </>
  );
}

function Silences({ silences }: { readonly silences: readonly Silence[] }): JSX.Element | null {
  if (silences.length === 0) return null;
  return (
    <section aria-label="Missing results">
      <ul class="silences">
        {silences.map((silence) => (
          <li key={silence.sentence} class="remark">
            <b class="cause">{silence.cause}</b> {silence.sentence}
            {silence.red_jobs.length > 0 && (
              <ul>
                <RedJobs jobs={silence.red_jobs} />
              </ul>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Days({ days }: { readonly days: readonly SourceDay[] }): JSX.Element {
  const most = Math.max(1, ...days.map(({ results }) => results));
  const words = describeDays(days);
  return (
    <span class="days" title={words}>
      <svg viewBox={`0 0 ${String(days.length * BAR)} ${String(HEIGHT)}`} role="img" aria-label={words}>
        {days.map(({ date, results, failed }, i) => {
          const height = results === 0 ? 1 : Math.max(2, (results / most) * HEIGHT);
          const kind = failed > 0 ? 'day failed' : results === 0 ? 'day none' : 'day';
          return <rect key={date} class={kind} x={i * BAR} y={HEIGHT - height} width={BAR - 1.5} height={height} />;
        })}
      </svg>
      <span aria-hidden="true">{formatNumber(sumResults(days), 1)}</span>
    </span>
  );
}

function Failures({ logs }: { readonly logs: readonly FailedLog[] }): JSX.Element {
  return (
    <div class="wide-table">
      <table class="data">
        <caption class="unseen">The newest logs that could not be read</caption>
        <thead>
          <tr>
            <th scope="col">Log</th>
            <th scope="col">Came</th>
            <th scope="col">Why it could not be read</th>
          </tr>
        </thead>
        <tbody>
          {logs.map(({ digest, name, received_at, error }) => (
            <tr key={digest}>
              <th scope="row">
                <a href={rawLogPath(digest)} target="_blank" rel="noopener">
                  {name}
                </a>
              </th>
              <td class="time">
                <Age time={received_at} />
              </td>
              <td>
                <b>{error?.class}</b> {error?.message}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function habitOf({ usual_seconds, due, delay_seconds }: Source): string {
  const parts = [usual_seconds === null ? 'not learned yet' : `a result every ${formatSpan(usual_seconds)}`];
  if (due !== null) parts.push(`next due ${formatTime(Date.parse(due))}`);
  if (delay_seconds !== null) parts.push(`shown ${formatSpan(delay_seconds)} after it is there`);
  return parts.join(', ');
}

function logsOf({ logs, last_read, failed_week }: Source): string {
  const parts = [`${formatNumber(logs, 1)} logs`];
  if (last_read !== null) parts.push(`the last ${formatAge(Date.parse(last_read), Date.now())}`);
  parts.push(`${formatNumber(failed_week, 1)} of the last 7 days could not be read`);
  return parts.join(', ');
}

function Detail({ source }: { readonly source: Source }): JSX.Element {
  return (
    <div class="source-detail">
      <dl>
        <dt>Place</dt>
        <dd>{source.location}</dd>
        <dt>Logs</dt>
        <dd>{logsOf(source)}</dd>
        <dt>Habit</dt>
        <dd>{habitOf(source)}</dd>
        {source.labs.length > 0 && (
          <>
            <dt>{source.labs.length === 1 ? 'Lab' : 'Labs'}</dt>
            <dd class="labs">
              {source.labs.map((lab) => (
                <a key={lab} href={formatRoute({ ...OVERVIEW, match: [`lab:${lab}`] })}>
                  {lab}
                </a>
              ))}
            </dd>
          </>
        )}
        {source.error !== null && (
          <>
            <dt>Wrong</dt>
            <dd>
              {source.error}
              {source.poll_failures > 1 && ` (${formatNumber(source.poll_failures, 1)} times in a row)`}
            </dd>
          </>
        )}
        {source.red_jobs.length > 0 && (
          <>
            <dt>Red jobs</dt>
            <dd>
              <ul>
                <RedJobs jobs={source.red_jobs} />
              </ul>
            </dd>
          </>
        )}
        {source.problems.length > 0 && (
          <>
            <dt>Not to be had</dt>
            <dd>
              <ul>
                {source.problems.map(({ item, message }) => (
                  <li key={item}>
                    {item}: {message}
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
      </dl>
      {source.failures.length > 0 && <Failures logs={source.failures} />}
    </div>
  );
}

interface RowProps {
  readonly source: Source;
  readonly open: boolean;
  readonly onPoll: () => void;
  readonly busy: boolean;
}

function Row({ source, open, onPoll, busy }: RowProps): JSX.Element {
  const { sign, word, bad } = standingOf(source);
  const next = (): void => {
    navigate({ ...SOURCES, source: open ? '' : source.name }, 'replace');
  };
  return (
    <>
      <tr class={open ? 'chosen' : undefined}>
        <th scope="row">
          <button type="button" class="link-button" aria-expanded={open} onClick={next}>
            {source.name}
          </button>
          <span class="second">{source.type}</span>
        </th>
        <td>
          <span class={bad ? 'standing bad' : 'standing'}>
            <span aria-hidden="true">{sign}</span> {word}
          </span>
        </td>
        <td class="time wide">
          <Age time={source.last_read} />
        </td>
        <td class="time wide">
          <Age time={source.last_poll} />
          {source.next_poll !== null && (
            <span class="second">
              next <When time={source.next_poll}>{(ms) => formatWait(ms, Date.now())}</When>
            </span>
          )}
        </td>
        <td class="figure wide">
          {source.usual_seconds === null ? <span class="muted">–</span> : formatSpan(source.usual_seconds)}
        </td>
        <td>
          <Days days={source.days} />
        </td>
        <td class="figure wide">{source.failed_week === 0 ? '0' : <b>{formatNumber(source.failed_week, 1)}</b>}</td>
        <td class="links">
          {source.last_poll !== null || source.next_poll !== null ? (
            <button type="button" class="button small" disabled={busy} onClick={onPoll} aria-label={`Poll now: ${source.name}`}>
              Poll now
            </button>
          ) : null}
        </td>
      </tr>
      {open && (
        <tr class="detail-row">
          <td colSpan={COLUMNS}>
            <Detail source={source} />
          </td>
        </tr>
      )}
    </>
  );
}

function usePoll(reload: () => void): { readonly said: string; readonly refused: string; readonly busy: boolean; readonly poll: (name: string) => void } {
  const [state, setState] = useState({ said: '', refused: '', busy: false });
  const poll = (name: string): void => {
    setState({ said: '', refused: '', busy: true });
    pollSource(name).then(
      () => {
        setState({ said: `${name} is polled now.`, refused: '', busy: false });
        setTimeout(reload, 1000);
      },
      (error: unknown) => {
        const { title, message } = asApiError(error);
        setState({ said: '', refused: `${title}: ${message}`, busy: false });
      },
    );
  };
  return { ...state, poll };
}

function Table({ sources, route, reload }: { readonly sources: readonly Source[]; readonly route: SourcesPage; readonly reload: () => void }): JSX.Element {
  const { said, refused, busy, poll } = usePoll(reload);
  return (
    <>
      <p class="outcome">
        {refused !== '' && <span role="alert">{refused}</span>}
        <span role="status">{said}</span>
      </p>
      <div class="wide-table">
        <table class="data sources">
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col">State</th>
              <th scope="col" class="wide">
                Last log
              </th>
              <th scope="col" class="wide">
                Polled
              </th>
              <th scope="col" class="figure wide">
                Usually every
              </th>
              <th scope="col">Results, 14 days</th>
              <th scope="col" class="figure wide">
                Failed, 7 days
              </th>
              <th scope="col">
                <span class="unseen">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sources.map((source) => (
              <Row
                key={source.name}
                source={source}
                open={source.name === route.source}
                busy={busy}
                onPoll={() => {
                  poll(source.name);
                }}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function NoSources(): JSX.Element {
  return (
    <Nothing title="No sources yet">
      <p>perfdash fetches logs by itself from directories, data stores and Jenkins. Put this into a file of perfdashd.conf.d and reload the daemon:</p>
      <div class="command">
        <pre>
          <code>{EXAMPLE}</code>
        </pre>
        <CopyButton label="Copy the configuration" text={() => `${EXAMPLE}\n`} />
      </div>
    </Nothing>
  );
}

export function SourcesScreen({ route }: { readonly route: SourcesPage }): JSX.Element {
  const { data, error, loading, reload } = useLoad('sources', getSources);
  useChanges(reload);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, REFRESH_MS);
    return () => {
      clearInterval(timer);
    };
  }, [reload]);
  return (
    <div class="page" aria-busy={loading && data === null}>
      <h1>Sources</h1>
      {error !== null && <ErrorBox error={error} retry={reload} />}
      {data === null && error === null && <Skeleton rows={6} label="Loading the sources" />}
      {data !== null && <Silences silences={data.silences} />}
      {data?.items.length === 0 && <NoSources />}
      {data !== null && data.items.length > 0 && <Table sources={data.items} route={route} reload={reload} />}
    </div>
  );
}
