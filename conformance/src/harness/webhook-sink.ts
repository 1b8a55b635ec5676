/** A receiver of webhooks that remembers what it was told. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface ToldAlert {
  name: string;
  namespace: string;
  rule: string;
  subject: { kind: string; name: string };
}

export interface Told {
  status: 'firing' | 'resolved' | 'test';
  alerts: ToldAlert[];
}

export interface WebhookSink {
  url: string;
  told: Told[];
  close(): Promise<void>;
}

export async function webhookSink(): Promise<WebhookSink> {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      told.push(body as Told);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    told,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
