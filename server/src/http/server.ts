/** What the stages of the request path work with. */
import type { Logger } from 'pino';
import type { Authenticate } from '../authn/authenticate.ts';
import type { RememberedImpersonators } from '../authn/impersonate.ts';
import type { Api } from '../verbs/api.ts';
import type { Flusher } from './chunk-frames.ts';
import type { Drain } from './drain.ts';
import type { Exchange } from './exchange.ts';
import type { Negotiator } from './negotiate.ts';
import type { Kubelets } from './proxy/kubelets.ts';
import type { RequestMeter } from './request-meter.ts';
import type { Seats } from './seats.ts';
import type { ToProtobuf } from './write-response.ts';

export interface HttpServer {
  readonly api: Api;
  readonly authenticate: Authenticate;
  readonly impersonators: RememberedImpersonators;
  readonly negotiator: Negotiator;
  readonly toProtobuf: ToProtobuf;
  readonly kubelets: Kubelets;
  readonly log: Logger;
  readonly meter: RequestMeter;
  /** Answers what is no resource: health, version, discovery, OpenAPI. */
  servePage(exchange: Exchange): void | Promise<void>;
  readonly drain: Drain;
  /** Writes that are under way. */
  readonly seats: Seats;
  /** Gathers what watches have to send. */
  readonly flusher: Flusher;
}

/** One stage: it may answer, throw a StatusError, or hand on. */
export type Stage = (exchange: Exchange, server: HttpServer) => void | Promise<void>;
