import { expect, test } from '@jest/globals';
import { contains, formatIPv4, parseCidr, parseIPv4, PodAddresses } from './pod-addresses.ts';

test('addresses go round before one is used again', () => {
  const addresses = new PodAddresses('10.244.0.0/29');
  expect(['a', 'b', 'c'].map((uid) => addresses.pick(uid))).toEqual(['10.244.0.2', '10.244.0.3', '10.244.0.4']);
  addresses.release('a');
  expect(addresses.pick('d')).toBe('10.244.0.5');
  expect(addresses.pick('e')).toBe('10.244.0.6');
  expect(addresses.pick('f')).toBe('10.244.0.2');
  expect(() => addresses.pick('g')).toThrow('no free address in pod CIDR 10.244.0.0/29');
  addresses.release('c');
  expect(addresses.pick('g')).toBe('10.244.0.4');
});

test('a pod keeps its address', () => {
  const addresses = new PodAddresses('10.244.3.0/24');
  expect(addresses.pick('a')).toBe(addresses.pick('a'));
  expect(addresses.of('a')).toBe('10.244.3.2');
});

test('claimed addresses are not given to others, and the round goes on after them', () => {
  const addresses = new PodAddresses('10.244.0.0/24');
  expect(addresses.claim('a', '10.244.0.9')).toBe(true);
  expect(addresses.claim('b', '10.244.0.9')).toBe(false);
  expect(addresses.claim('b', '10.245.0.9')).toBe(false);
  expect(addresses.claim('b', '10.244.0.4')).toBe(true);
  expect(addresses.pick('c')).toBe('10.244.0.10');
});

test.each(['', '1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.256', '1.2.3.x', '::1', '1.2.3.4 '])(
  '%p is no IPv4 address',
  (text) => expect(parseIPv4(text)).toBeUndefined(),
);

test('CIDRs', () => {
  const cidr = parseCidr('10.244.7.9/16')!;
  expect([formatIPv4(cidr.first), cidr.size, cidr.prefix]).toEqual(['10.244.0.0', 65536, 16]);
  expect(contains(cidr, parseIPv4('10.244.255.255')!)).toBe(true);
  expect(contains(cidr, parseIPv4('10.245.0.0')!)).toBe(false);
  expect(parseCidr('10.0.0.0/33')).toBeUndefined();
  expect(parseCidr('fd00::/64')).toBeUndefined();
});
