/** Which Go packages of the API facts belong to which served group version. */

export interface ServedPackage {
  /** Start of the type keys, without the type's own name. */
  package: string;
  group: string;
  version: string;
}

const api = (name: string, version: string, group: string): ServedPackage => ({
  package: `k8s.io.api.${name}.${version}`,
  group,
  version,
});

export const metaPackage = 'k8s.io.apimachinery.pkg.apis.meta.v1';

/** In this order kinds are looked up; meta/v1 has no group version of its own on the wire, its kinds go with every group. */
export const servedPackages: readonly ServedPackage[] = [
  api('core', 'v1', ''),
  api('admission', 'v1', 'admission.k8s.io'),
  api('admissionregistration', 'v1', 'admissionregistration.k8s.io'),
  api('apidiscovery', 'v2', 'apidiscovery.k8s.io'),
  api('apps', 'v1', 'apps'),
  api('authentication', 'v1', 'authentication.k8s.io'),
  api('authorization', 'v1', 'authorization.k8s.io'),
  api('autoscaling', 'v1', 'autoscaling'),
  api('autoscaling', 'v2', 'autoscaling'),
  api('batch', 'v1', 'batch'),
  api('certificates', 'v1', 'certificates.k8s.io'),
  api('coordination', 'v1', 'coordination.k8s.io'),
  api('discovery', 'v1', 'discovery.k8s.io'),
  api('events', 'v1', 'events.k8s.io'),
  api('flowcontrol', 'v1', 'flowcontrol.apiserver.k8s.io'),
  api('networking', 'v1', 'networking.k8s.io'),
  api('node', 'v1', 'node.k8s.io'),
  api('policy', 'v1', 'policy'),
  api('rbac', 'v1', 'rbac.authorization.k8s.io'),
  api('resource', 'v1', 'resource.k8s.io'),
  api('scheduling', 'v1', 'scheduling.k8s.io'),
  api('storage', 'v1', 'storage.k8s.io'),
  {
    package: 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1',
    group: 'apiextensions.k8s.io',
    version: 'v1',
  },
  { package: 'k8s.io.kube_aggregator.pkg.apis.apiregistration.v1', group: 'apiregistration.k8s.io', version: 'v1' },
  { package: 'k8s.io.metrics.pkg.apis.metrics.v1beta1', group: 'metrics.k8s.io', version: 'v1beta1' },
  { package: 'naru.dev.v1', group: 'naru.dev', version: 'v1' },
  { package: metaPackage, group: 'meta.k8s.io', version: 'v1' },
];
