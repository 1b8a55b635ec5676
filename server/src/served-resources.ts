/** The kinds that are served now, as controllers that look at all kinds need to know them. */
import type { ResourceCatalog } from './controllers/runtime/controller-config.ts';
import type { Api } from './verbs/api.ts';

/** Reads the catalogue anew at every call, because custom resources replace it. */
export const servedResources = (api: Api): ResourceCatalog => ({
  list: () => api.catalog.kinds,
  listen: () => () => {},
});
