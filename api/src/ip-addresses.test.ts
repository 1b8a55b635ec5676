import { expect, test } from '@jest/globals';
import {
  addressNumber,
  canonicalAddress,
  checkCIDR,
  checkIP,
  checkIPSloppily,
  formatAddress,
  ipFamily,
  parseCIDR,
} from './ip-addresses.ts';

test.each([
  ['10.0.0.1', 'IPv4'],
  ['::1', 'IPv6'],
  ['2001:db8::192.0.2.1', 'IPv6'],
  ['10.0.0', undefined],
  ['10.0.0.256', undefined],
  ['1::2::3', undefined],
  ['a'.repeat(100_000), undefined],
])('family of %.20s', (address, family) => {
  expect(ipFamily(address)).toBe(family);
});

test('leading zeros are only for old objects', () => {
  expect(checkIP('010.0.0.1')).toHaveLength(1);
  expect(checkIPSloppily('010.0.0.1')).toEqual([]);
});

test.each([
  ['10.0.0.0/8', 0],
  ['fd00::/8', 0],
  ['10.0.0.0', 1],
  ['10.0.0.0/33', 1],
  ['10.0.0.1/8', 1],
])('%s as a network', (text, problems) => {
  expect(checkCIDR(text)).toHaveLength(problems);
});

test.each(['0.0.0.0', '255.255.255.255', '::', '2001:db8::1', 'fd00::a:0:0:1'])(
  '%s as a number and back',
  (address) => {
    expect(formatAddress(addressNumber(address), ipFamily(address)!)).toBe(address);
  },
);

test('addresses have one canonical form', () => {
  expect(canonicalAddress('2001:DB8:0:0:0:0:0:1')).toBe('2001:db8::1');
  expect(parseCIDR('10.1.2.3/16')).toMatchObject({ family: 'IPv4', bits: 16 });
});
