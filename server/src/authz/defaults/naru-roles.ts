/** Roles that only Naru has. */

export const naruRoles: Readonly<Record<string, readonly string[]>> = {
  // An agent follows services, nodes and policies as kube-proxy, CoreDNS and a network plugin do elsewhere.
  'system:naru:agent': [
    'get,list,watch core namespaces,nodes,pods,services',
    'get,list,watch discovery.k8s.io endpointslices',
    'get,list,watch networking.k8s.io networkpolicies',
  ],
  // One process plays all nodes of --runtime fake.
  'system:naru:fleet': [
    'create,delete,get,list,patch,update,watch core nodes,pods',
    'get,patch,update core nodes/status,pods/status',
    'create,get,patch,update coordination.k8s.io leases',
    'create,patch,update core,events.k8s.io events',
  ],
  // For whoever looks after a cluster: what runs hot, and what is wrong. Nobody has it unless it is bound.
  'naru:viewer': ['get,list,watch naru.dev alerts,nodeusages,podusages', 'get,list metrics.k8s.io nodes,pods'],
};
