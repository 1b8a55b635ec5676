/** Where others learn how to check service account tokens. */
// Like pkg/serviceaccount/openidmetadata.go.
import type { ServiceAccountTokens } from '../../authn/service-account-tokens.ts';
import { notAcceptable } from '@naru/api/status';
import { parseAccept } from '../negotiate.ts';
import { send } from '../write-response.ts';
import type { Page } from './page.ts';

/** `origin`: under which this server is reached, such as https://10.0.0.1:6443. */
export function openIdConfigurationPage(tokens: ServiceAccountTokens, origin: string): Page {
  const document = {
    issuer: tokens.issuer,
    jwks_uri: `${origin}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
  return (exchange) => send(exchange, 200, 'application/json', Buffer.from(JSON.stringify(document)), keptForAnHour);
}

export function keySetPage(tokens: ServiceAccountTokens): Page {
  return async (exchange) => {
    const accepted = parseAccept(exchange.request.headers.accept ?? '*/*');
    if (!accepted.some(({ type }) => acceptable.has(type))) throw notAcceptable([keySetType]);
    const keys = { keys: [await tokens.publicJwk()] };
    await send(exchange, 200, keySetType, Buffer.from(JSON.stringify(keys)), keptForAnHour);
  };
}

const keySetType = 'application/jwk-set+json';
const acceptable = new Set([keySetType, 'application/*', '*/*']);
const keptForAnHour = { 'Cache-Control': 'public, max-age=3600' };
