/** What a pod is called inside, and its /etc/hosts. */
// Like pkg/kubelet GeneratePodHostNameAndDomain and managedHostsFileContent.
import type { Pod } from './pod.ts';

const longestHostname = 63;
const longestFqdn = 64;

export interface PodNames {
  hostname: string;
  /** Empty without a subdomain. */
  domain: string;
  /** What the kernel is told. */
  kernelHostname: string;
}

/** Throws when the full name that the pod asks to be called by does not fit the kernel. */
export function podNames(pod: Pod, clusterDomain: string): PodNames {
  const { hostname, hostnameOverride, subdomain, setHostnameAsFQDN } = pod.spec;
  const { name = '', namespace = '' } = pod.metadata;
  if (hostnameOverride) return { hostname: hostnameOverride, domain: '', kernelHostname: hostnameOverride };
  const short = hostname || truncated(name);
  const domain = subdomain ? `${subdomain}.${namespace}.svc.${clusterDomain}` : '';
  if (!setHostnameAsFQDN || !domain) return { hostname: short, domain, kernelHostname: short };
  const full = `${short}.${domain}`;
  if (full.length > longestFqdn)
    throw new Error(
      `Failed to construct FQDN from Pod hostname and cluster domain, FQDN ${full} is too long (${longestFqdn} characters is the max, ${full.length} characters requested)`,
    );
  return { hostname: short, domain, kernelHostname: full };
}

/** Pod names are longer than hostnames may be; what is cut off must leave a valid one. */
function truncated(name: string): string {
  let end = Math.min(name.length, longestHostname);
  while (end > 0 && (name[end - 1] === '-' || name[end - 1] === '.') && end < name.length) end--;
  return name.slice(0, end);
}

/** `hostFile`: the node's own /etc/hosts, which pods of the host's network get. */
export function hostsFile(pod: Pod, ip: string, { hostname, domain }: PodNames, hostFile: string): string {
  const { hostNetwork, hostAliases = [] } = pod.spec;
  const aliases = hostAliases.map(({ ip: address, hostnames = [] }) => `${address}\t${hostnames.join('\t')}\n`);
  const added = aliases.length ? `\n# Entries added by HostAliases.\n${aliases.join('')}` : '';
  if (hostNetwork) return `# Kubernetes-managed hosts file (host network).\n${hostFile}${added}`;
  const names = domain ? `${hostname}.${domain}\t${hostname}` : hostname;
  return `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
${ip}\t${names}
${added}`;
}
