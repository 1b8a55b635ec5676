/** What a page must never do: complain, break, or speak to another host. */
import type { BrowserContext, Page } from 'playwright-core';

/** What Chromium itself reports of an answer that the page expects and handles. */
const expected = [
  /Failed to load resource: the server responded with a status of (401|403|404|409|422|429)/,
  /Failed to load resource: net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)/,
  /WebSocket connection to '.*\/stream' failed/,
  /WebSocket connection to '.*\/(exec|log)\?.*' failed/,
];

/** Fills as long as the context lives; each entry is one sentence. */
export function watchTroubles(context: BrowserContext, origin: string): string[] {
  const troubles: string[] = [];
  const watch = (page: Page) => {
    page.on('pageerror', (error) => troubles.push(`error on ${page.url()}: ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      if (message.type() !== 'error' || expected.some((pattern) => pattern.test(message.text()))) return;
      troubles.push(`console.error on ${page.url()}: ${message.text()}`);
    });
  };
  context.on('page', watch);
  for (const page of context.pages()) watch(page);
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol === 'data:' || url.protocol === 'blob:' || url.origin === origin) return;
    troubles.push(`a request that leaves the host: ${request.url()}`);
  });
  return troubles;
}
