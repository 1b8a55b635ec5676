/** Answers the health checks of outside load balancers: does this node have endpoints of a service whose traffic stays local? */
// Like pkg/proxy/healthcheck service_health.go.
import { createServer } from 'node:http';
import type { Server } from 'node:http';

interface HealthCheck {
  port: number;
  localEndpoints: number;
  server: Server;
}

export class HealthCheckPorts {
  readonly #checks = new Map<string, HealthCheck>();
  readonly #onError: (port: number, error: Error) => void;

  constructor({ onError }: { onError(port: number, error: Error): void }) {
    this.#onError = onError;
  }

  /** `key` is the service's `namespace/name`; port 0: it has no health check. */
  put(key: string, port: number, localEndpoints: number): void {
    const check = this.#checks.get(key);
    if (check?.port === port) {
      check.localEndpoints = localEndpoints;
      return;
    }
    check?.server.close();
    this.#checks.delete(key);
    if (port) this.#checks.set(key, { port, localEndpoints, server: this.#listen(key, port) });
  }

  close(): void {
    for (const { server } of this.#checks.values()) server.close();
    this.#checks.clear();
  }

  #listen(key: string, port: number): Server {
    const [namespace = '', name = ''] = key.split('/');
    const server = createServer((_request, response) => {
      const localEndpoints = this.#checks.get(key)?.localEndpoints ?? 0;
      response.writeHead(localEndpoints > 0 ? 200 : 503, {
        'Content-Type': 'application/json',
        'X-Content-Type-Options': 'nosniff',
        'X-Load-Balancing-Endpoint-Weight': String(localEndpoints),
      });
      response.end(JSON.stringify({ service: { namespace, name }, localEndpoints, serviceProxyHealthy: true }));
    });
    server.on('error', (error) => {
      this.#onError(port, error);
      this.#checks.delete(key);
    });
    server.listen(port);
    server.unref();
    return server;
  }
}
