/** IP addresses and networks: whether a text is one, of which family, and whether it stands for something special. */
// Like apimachinery pkg/util/validation/ip.go and k8s.io/utils/net.
import { BlockList, isIPv4, isIPv6 } from 'node:net';

export type IPFamily = 'IPv4' | 'IPv6';

const none: string[] = [];

/** The family of an address; leading zeros in IPv4 are borne, as upstream does for stored objects. */
export function ipFamily(address: string): IPFamily | undefined {
  if (address.length > 64) return undefined;
  if (isIPv4(withoutLeadingZeros(address))) return 'IPv4';
  return isIPv6(address) && !address.includes('%') ? 'IPv6' : undefined;
}

const withoutLeadingZeros = (address: string) =>
  /^[0-9]{1,12}(?:\.[0-9]{1,12}){3}$/.test(address) ? address.replace(/\b0+(?=[0-9])/g, '') : address;

const hasLeadingZeros = (address: string) => /(^|[.])0[0-9]/.test(address) && !address.includes(':');

/** The strict check that new values get: the one canonical spelling of IPv4, and no IPv4 inside IPv6. */
export function checkIP(address: string): string[] {
  const family = ipFamily(address);
  if (!family) return ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
  if (family === 'IPv4' && hasLeadingZeros(address)) return ['must not have leading 0s'];
  return isMappedIPv4(address) ? ['must not be an IPv4-mapped IPv6 address'] : none;
}

/** The lenient check of fields that were never strict. */
export const checkIPSloppily = (address: string): string[] =>
  ipFamily(address) ? none : ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];

const isMappedIPv4 = (address: string) => /^(0{0,4}:){2,6}ffff:/i.test(address) && ipFamily(address) === 'IPv6';

export interface Network {
  family: IPFamily;
  address: string;
  bits: number;
}

/** A network in CIDR notation; undefined when `text` is none. */
export function parseCIDR(text: string): Network | undefined {
  if (text.length > 72) return undefined;
  const slash = text.indexOf('/');
  const address = slash < 0 ? '' : text.slice(0, slash);
  const length = slash < 0 ? '' : text.slice(slash + 1);
  const family = ipFamily(address);
  if (!family || !/^[0-9]{1,3}$/.test(length) || Number(length) > (family === 'IPv4' ? 32 : 128)) return undefined;
  return { family, address, bits: Number(length) };
}

const cidrMessage = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

export function checkCIDR(text: string): string[] {
  const network = parseCIDR(text);
  if (!network) return [cidrMessage];
  const messages: string[] = [];
  const { address, family } = network;
  if ((family === 'IPv4' && hasLeadingZeros(address)) || /\/0[0-9]/.test(text))
    messages.push('must not have leading 0s in IP or prefix length');
  if (isMappedIPv4(address)) messages.push('must not have an IPv4-mapped IPv6 address');
  if (addressNumber(address) !== addressNumber(networkAddress(network)))
    messages.push('must not have bits set beyond the prefix length');
  return messages;
}

export const checkCIDRSloppily = (text: string): string[] => (parseCIDR(text) ? none : [cidrMessage]);

const canonicalFormMessage = (canonical: string) => `must be in canonical form (${JSON.stringify(canonical)})`;

/** The strictest check, of names: an address has one spelling. */
export function checkCanonicalIP(address: string): string[] {
  const messages = checkIP(address);
  if (messages.length) return messages;
  const canonical = canonicalAddress(address);
  return canonical === address ? none : [canonicalFormMessage(canonical)];
}

/** The strictest check of networks: one spelling each. */
export function checkCanonicalCIDR(text: string): string[] {
  const messages = checkCIDR(text);
  if (messages.length) return messages;
  const canonical = canonicalCIDR(text);
  return canonical === text ? none : [canonicalFormMessage(canonical)];
}

/** A network's one canonical spelling; of a text that is none, the text. */
export function canonicalCIDR(text: string): string {
  const network = parseCIDR(text);
  return network ? `${canonicalAddress(network.address)}/${network.bits}` : text;
}

/** Whether `address` is one of the network's. */
export const networkContains = (network: Network, address: string): boolean =>
  ipFamily(address) === network.family && networkAddress({ ...network, address }) === networkAddress(network);

/** An address as one number. */
export function addressNumber(address: string): bigint {
  if (ipFamily(address) === 'IPv4')
    return address.split('.').reduce((sum, part) => (sum << 8n) + BigInt(Number.parseInt(part, 10)), 0n);
  return ipv6Groups(address).reduce((sum, group) => (sum << 16n) + BigInt(group), 0n);
}

function ipv6Groups(address: string): number[] {
  const embedded = /^(.*:)([0-9]+\.[0-9.]+)$/.exec(address);
  if (embedded) {
    const number = addressNumber(embedded[2] ?? '');
    return ipv6Groups(`${embedded[1]}${(number >> 16n).toString(16)}:${(number & 0xffffn).toString(16)}`);
  }
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text ? text.split(':').map((group) => Number.parseInt(group, 16)) : []);
  const left = groups(head);
  if (tail === undefined) return left;
  const right = groups(tail);
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}

/** The canonical spelling of an address given as a number. */
export function formatAddress(number: bigint, family: IPFamily): string {
  if (family === 'IPv4') return [24n, 16n, 8n, 0n].map((shift) => String((number >> shift) & 0xffn)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => Number((number >> BigInt(112 - 16 * index)) & 0xffffn));
  return compressed(groups);
}

// RFC 5952: the longest run of two zero groups or more becomes `::`, the first of equals.
function compressed(groups: readonly number[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (best.start < 0) return text(groups);
  return `${text(groups.slice(0, best.start))}::${text(groups.slice(best.start + best.length))}`;
}

/** The first address of a network, canonically spelled. */
export function networkAddress({ address, bits, family }: Network): string {
  const host = BigInt((family === 'IPv4' ? 32 : 128) - bits);
  return formatAddress((addressNumber(address) >> host) << host, family);
}

/** An address's one canonical spelling. */
export const canonicalAddress = (address: string): string => {
  const family = ipFamily(address);
  return family ? formatAddress(addressNumber(address), family) : address;
};

const range = (...networks: [string, number, IPFamily][]): BlockList => {
  const list = new BlockList();
  for (const [address, bits, family] of networks) list.addSubnet(address, bits, family === 'IPv4' ? 'ipv4' : 'ipv6');
  return list;
};

const special = [
  {
    message: (address: string) => `may not be unspecified (${address})`,
    range: range(['0.0.0.0', 32, 'IPv4'], ['::', 128, 'IPv6']),
  },
  {
    message: () => 'may not be in the loopback range (127.0.0.0/8, ::1/128)',
    range: range(['127.0.0.0', 8, 'IPv4'], ['::1', 128, 'IPv6']),
  },
  {
    message: () => 'may not be in the link-local range (169.254.0.0/16, fe80::/10)',
    range: range(['169.254.0.0', 16, 'IPv4'], ['fe80::', 10, 'IPv6']),
  },
  {
    message: () => 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
    range: range(['224.0.0.0', 24, 'IPv4'], ['ff02::', 16, 'IPv6']),
  },
];

/** Refuses addresses that cannot be an endpoint's: unspecified, loopback, link-local. */
export function checkNonSpecialIP(address: string): string[] {
  const family = ipFamily(address);
  if (!family) return ['must be a valid IP address'];
  const canonical = canonicalAddress(address);
  return special
    .filter(({ range: addresses }) => addresses.check(canonical, family === 'IPv4' ? 'ipv4' : 'ipv6'))
    .map(({ message }) => message(address));
}
