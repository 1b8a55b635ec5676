/** Where an app can be opened from outside, seen from the browser. */
import type { Service } from '../kinds/service';
import type { App } from './app';

export interface OpenAddress {
  readonly url: string;
  readonly label: string;
}

/** Node ports, under the host the browser itself came from. */
export function publicAddresses(services: readonly Service[], host: string): OpenAddress[] {
  return services.flatMap(({ spec }) =>
    spec.type === 'NodePort' || spec.type === 'LoadBalancer'
      ? (spec.ports ?? []).flatMap(({ nodePort, port }) => {
          if (nodePort === undefined) return [];
          const scheme = port === 443 || port === 8443 ? 'https' : 'http';
          return [{ url: `${scheme}://${host}:${nodePort}/`, label: `:${nodePort}` }];
        })
      : [],
  );
}

/** Names inside the cluster: `web.shop:80`. */
export function internalAddresses(app: Pick<App, 'services'>): string[] {
  return app.services.flatMap(({ metadata, spec }) =>
    (spec.ports ?? []).map(({ port }) => `${metadata.name}.${metadata.namespace ?? ''}:${port}`),
  );
}
