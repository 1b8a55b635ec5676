/** The first stage: what is asked? */
import { parseRequestInfo } from './request-info.ts';
import { assertTimeout } from './request-timeout.ts';
import type { Stage } from './server.ts';

export const parseRequest: Stage = (exchange, { drain }) => {
  exchange.info = parseRequestInfo(exchange.method, exchange.path, exchange.query);
  if (!exchange.info.isResource) return;
  drain.assertOpen();
  assertTimeout(exchange.query.get('timeout'));
};
