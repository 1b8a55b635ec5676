/** The address ranges of pods and services that `naru up` was asked for, checked, and the addresses that follow from them. */
import { addressNumber, checkCanonicalCIDR, formatAddress, parseCIDR } from '@naru/api/ip-addresses';
import { UsageError } from './usage-error.ts';

export interface Ranges {
  /** Nodes get a /24 each of it. */
  pods: string;
  services: string;
  /** Of the `kubernetes` Service: the first of the range, as upstream has it. */
  apiService: string;
  /** Of the cluster's names: the tenth, as upstream's installers have it. */
  clusterDns: string;
}

const usual = { pods: '10.244.0.0/16', services: '10.96.0.0/16' };
/** A /16 is 256 nodes; more of them, which are fakes without a network, get addresses of a range with 32,768. */
const ofManyNodes = { from: 257, pods: '10.128.0.0/9' };

/** Throws UsageError. */
export function rangesOf({ pods: asked, services = usual.services }: Partial<Ranges>, nodes: number): Ranges {
  const pods = asked ?? (nodes < ofManyNodes.from ? usual.pods : ofManyNodes.pods);
  checkRange('--pod-cidr', pods, { widest: 8, narrowest: 24 });
  checkRange('--service-cidr', services, { widest: 12, narrowest: 24 });
  if (overlap(pods, services)) throw new UsageError(`--pod-cidr ${pods} and --service-cidr ${services} overlap`);
  const at = (offset: bigint) => formatAddress(addressNumber(services.split('/')[0] ?? '') + offset, 'IPv4');
  return { pods, services, apiService: at(1n), clusterDns: at(10n) };
}

function checkRange(flag: string, text: string, { widest, narrowest }: { widest: number; narrowest: number }): void {
  const network = parseCIDR(text);
  const isFit = network?.family === 'IPv4' && network.bits >= widest && network.bits <= narrowest;
  if (!isFit || checkCanonicalCIDR(text).length > 0)
    throw new UsageError(
      `${flag} is an IPv4 network such as 10.100.0.0/16, from /${widest} to /${narrowest}, not ${text}`,
    );
}

function overlap(...texts: [string, string]): boolean {
  const [a, b] = texts.map((text) => {
    const [address = '', bits] = text.split('/');
    const first = addressNumber(address);
    return { first, last: first + 2n ** BigInt(32 - Number(bits)) - 1n };
  });
  return a!.first <= b!.last && b!.first <= a!.last;
}
