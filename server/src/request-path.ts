/** The life of a request. Each stage may answer, throw a StatusError, or hand on. */
import { actAs, authenticate, authorize } from './http/identify.ts';
import { parseRequest } from './http/parse-request.ts';
import { performVerb } from './http/perform-verb.ts';
import type { Stage } from './http/server.ts';

export const requestPath: readonly Stage[] = [
  parseRequest, // http/   what is asked?
  authenticate, // authn/  who asks?
  actAs, // authn/  on whose behalf?
  authorize, // authz/  may they?
  performVerb, // verbs/  get, list, watch, create, …: admission, validation and store happen there
];
