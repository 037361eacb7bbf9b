// SPDX-License-Identifier: LGPL-2.1-or-later

import 'uplot/dist/uPlot.min.css';
import './style.css';

import { render, type JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { getStatus } from './api';
import { Header } from './header';
import { startLive, useChanges } from './live';
import { useLoad } from './load';
import { formatRoute, navigate, OVERVIEW, parseRoute, useRoute, type Route } from './route';
import { screen } from './screen';
import { Nothing } from './states';
import { applyTheme, readTheme } from './theme';

const OverviewScreen = screen(async () => (await import('./overview')).OverviewScreen);
const TrendScreen = screen(async () => (await import('./trend')).TrendScreen);
const InboxScreen = screen(async () => (await import('./inbox')).InboxScreen);
const RunScreen = screen(async () => (await import('./run')).RunScreen);
const SourcesScreen = screen(async () => (await import('./sources')).SourcesScreen);

function Screen({ route }: { readonly route: Route }): JSX.Element {
  switch (route.screen) {
    case 'overview':
      return <OverviewScreen route={route} />;
    case 'trend':
      return <TrendScreen key={JSON.stringify([route.series, route.match, route.q])} route={route} />;
    case 'changes':
      return <InboxScreen route={route} />;
    case 'run':
      return <RunScreen key={route.id} route={route} />;
    case 'sources':
      return <SourcesScreen route={route} />;
    case 'missing':
      return (
        <Nothing title="No such page">
          <p>{route.path} is not a page of perfdash.</p>
          <p class="actions">
            <a class="button primary" href={formatRoute(OVERVIEW)}>
              All series
            </a>
          </p>
        </Nothing>
      );
  }
}

const TITLES = { overview: 'All series', trend: 'Trend', changes: 'Changes', sources: 'Sources', missing: 'No such page' } as const;

// links to our own pages change the address without loading everything again
function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link?.origin !== location.origin || link.target !== '' || link.hasAttribute('download') || link.hash !== '') return;
  const route = parseRoute(link.href, new URL(document.baseURI).pathname);
  if (route.screen === 'missing') return;
  event.preventDefault();
  navigate(route);
  scrollTo(0, 0);
}

function App(): JSX.Element {
  const route = useRoute();
  const status = useLoad('status', getStatus);
  const arrived = useRef(false);
  useChanges(() => {
    status.reload();
  });
  useEffect(() => {
    const words = route.screen === 'run' ? `Run ${String(route.id)}` : TITLES[route.screen];
    document.title = `${words} · perfdash`;
    if (arrived.current) document.getElementById('main')?.focus({ preventScroll: true });
    arrived.current = true;
  }, [route.screen]);
  return (
    <>
      <Header status={status.data} screen={route.screen} />
      <main id="main" tabIndex={-1}>
        <Screen route={route} />
      </main>
    </>
  );
}

applyTheme(readTheme());
startLive();
document.addEventListener('click', followLink);
render(<App />, document.body);
