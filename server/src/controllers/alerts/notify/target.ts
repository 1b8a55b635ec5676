/** Where a webhook may lead: the address is looked up once and judged, and that same address is then called. */
import { Resolver } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

export interface Target {
  readonly url: URL;
  readonly address: string;
  readonly family: 4 | 6;
}

/** Cloud machines tell secrets to whoever asks at link-local addresses and a few others; the rest are no addresses of anybody. */
function forbiddenAddresses(): BlockList {
  const list = new BlockList();
  list.addSubnet('0.0.0.0', 8, 'ipv4');
  list.addSubnet('169.254.0.0', 16, 'ipv4');
  // Where Alibaba and Azure answer.
  list.addAddress('100.100.100.200', 'ipv4');
  list.addAddress('168.63.129.16', 'ipv4');
  list.addSubnet('224.0.0.0', 4, 'ipv4');
  list.addSubnet('240.0.0.0', 4, 'ipv4');
  list.addAddress('::', 'ipv6');
  // The old form of an address of version 4, all but ::1.
  list.addRange('::2', '::ffff:ffff', 'ipv6');
  list.addAddress('fd00:ec2::254', 'ipv6');
  list.addSubnet('fe80::', 10, 'ipv6');
  list.addSubnet('ff00::', 8, 'ipv6');
  // Forms in which a link-local address of version 4 hides in one of version 6.
  list.addSubnet('64:ff9b::', 96, 'ipv6');
  list.addSubnet('64:ff9b:1::', 48, 'ipv6');
  list.addSubnet('2002::', 16, 'ipv6');
  return list;
}

const forbidden = forbiddenAddresses();

/** Whether messages may be sent to the address. */
export function isAllowed(address: string): boolean {
  const family = isIP(address);
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address)?.[1];
  if (mapped) return isAllowed(mapped);
  if (/^::ffff:/i.test(address)) return false;
  return family !== 0 && !forbidden.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** Names to addresses. */
export type Resolve = (name: string) => Promise<string[]>;

/** Not dns.lookup: it occupies one of the threads that commits need. */
export const resolveName: Resolve = async (name) => {
  if (name === 'localhost') return ['127.0.0.1'];
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  return [four, six].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
};

/** Throws an Error that says what is wrong. */
export async function targetOf(text: string, resolve: Resolve): Promise<Target> {
  if (!URL.canParse(text)) throw new Error('the address of the webhook is no URL');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error('a webhook is called by http or https');
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(name) ? [name] : await resolve(name);
  if (addresses.length === 0) throw new Error(`${name} has no address`);
  if (!addresses.every(isAllowed)) throw new Error(`${name} leads to an address that must not be called`);
  const address = addresses[0]!;
  return { url, address, family: isIP(address) === 6 ? 6 : 4 };
}
