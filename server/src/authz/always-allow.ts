/** Everybody who is known may do everything; strangers see health and version, as upstream's system:public-info-viewer. */
import type { Authorizer } from './authorize.ts';

const publicPaths = new Set(['/healthz', '/livez', '/readyz', '/version', '/version/']);

export const alwaysAllow: Authorizer = (attributes) => {
  if (attributes.user.groups.includes('system:authenticated')) return { opinion: 'allow' };
  if ('path' in attributes && attributes.verb === 'get' && publicPaths.has(attributes.path))
    return { opinion: 'allow' };
  return { opinion: 'none' };
};
