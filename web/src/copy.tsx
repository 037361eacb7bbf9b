// SPDX-License-Identifier: LGPL-2.1-or-later

import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';

import { Icon } from './icons';

// the clipboard interface is missing on plain http, where labs often are
async function copyText(text: string): Promise<void> {
  if (window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way there
  document.execCommand('copy');
  area.remove();
}

interface CopyProps {
  readonly text: () => string;
  readonly label: string;
  readonly children?: ComponentChildren;
}

export function CopyButton({ text, label, children }: CopyProps): JSX.Element {
  const [said, setSaid] = useState('');
  const copy = (): void => {
    copyText(text()).then(
      () => {
        setSaid('Copied');
      },
      () => {
        setSaid('Copying was refused by the browser');
      },
    );
    setTimeout(() => {
      setSaid('');
    }, 2000);
  };
  return (
    <button type="button" class="button" title={label} aria-label={children === undefined ? label : undefined} onClick={copy}>
      <Icon name={said === 'Copied' ? 'check' : 'copy'} />
      {children !== undefined && <span>{said === '' ? children : said}</span>}
      <span class="unseen" role="status">
        {said}
      </span>
    </button>
  );
}
