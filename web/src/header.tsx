// SPDX-License-Identifier: LGPL-2.1-or-later

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Status } from './api';
import { Icon, Logo } from './icons';
import { useLiveState, type LiveState } from './live';
import { CHANGES, formatRoute, OVERVIEW, SOURCES, type Route } from './route';
import { readTheme, storeTheme, THEMES } from './theme';
import { formatAge, formatTime } from './time';
import { formatNumber } from './unit';

const LIVE_WORDS: Readonly<Record<LiveState, string>> = {
  connecting: 'Connecting…',
  live: 'Live',
  waiting: 'Reconnecting…',
};

function LiveBadge(): JSX.Element {
  const state = useLiveState();
  return (
    <span class={`live live-${state}`} role="status" title="New results appear by themselves while this says Live">
      <i aria-hidden="true" />
      {LIVE_WORDS[state]}
    </span>
  );
}

function ThemeButton(): JSX.Element {
  const [theme, setTheme] = useState(readTheme);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto';
  return (
    <button
      type="button"
      class="button quiet"
      aria-label={`Colours: ${theme}. Switch to ${next}.`}
      title={`Colours: ${theme}`}
      onClick={() => {
        storeTheme(next);
        setTheme(next);
      }}
    >
      <Icon name={theme} />
    </button>
  );
}

function Totals({ status }: { readonly status: Status }): JSX.Element {
  const last = status.last_result === null ? null : Date.parse(status.last_result);
  return (
    <span class="totals">
      <b>{formatNumber(status.series, 1)}</b> series <b>{formatNumber(status.runs, 1)}</b> {status.runs === 1 ? 'run' : 'runs'}{' '}
      <b>{formatNumber(status.results, 1)}</b> {status.results === 1 ? 'result' : 'results'}
      {last !== null && (
        <span title={formatTime(last, true)}>
          {' · '}newest {formatAge(last, Date.now())}
        </span>
      )}
    </span>
  );
}

interface HeaderProps {
  readonly status: Status | null;
  readonly screen: Route['screen'];
}

export function Header({ status, screen }: HeaderProps): JSX.Element {
  return (
    <header class="header">
      <a class="skip" href={`${location.pathname}${location.search}#main`}>
        Skip to content
      </a>
      <a class="brand" href={formatRoute(OVERVIEW)} aria-label={`${status?.title ?? 'perfdash'}: all series`}>
        <Logo />
        <span>{status?.title ?? 'perfdash'}</span>
      </a>
      {status !== null && status.notice !== '' && (
        <span class="notice" title={status.notice}>
          {status.notice}
        </span>
      )}
      <span class="spring" />
      <nav aria-label="Pages">
        <a href={formatRoute(CHANGES)} aria-current={screen === 'changes' ? 'page' : undefined}>
          Changes
        </a>
        <a href={formatRoute(SOURCES)} aria-current={screen === 'sources' ? 'page' : undefined}>
          Sources
        </a>
      </nav>
      {status !== null && <Totals status={status} />}
      <LiveBadge />
      <ThemeButton />
    </header>
  );
}
