import { expect, test } from '@jest/globals';
import { isAllowed, targetOf } from './target.ts';

test.each([
  '169.254.169.254',
  'fe80::1',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '0.0.0.0',
  '::',
  '224.0.0.1',
  'ff02::1',
  '255.255.255.255',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::a9fe:a9fe',
  '2002:a9fe:a9fe::1',
  '::169.254.169.254',
  'fd00:ec2::254',
  '100.100.100.200',
  '168.63.129.16',
  'x',
])('%s is not called', (address) => expect(isAllowed(address)).toBe(false));

test.each(['203.0.113.5', '10.0.0.7', '127.0.0.1', '2001:db8::1', '::1'])('%s is called', (address) =>
  expect(isAllowed(address)).toBe(true),
);

test('the name is looked up once, and one bad address spoils it', async () => {
  await expect(
    targetOf('http://meta.example/', () => Promise.resolve(['203.0.113.5', '169.254.169.254'])),
  ).rejects.toThrow('must not be called');
  const target = await targetOf('https://hooks.example/x', () => Promise.resolve(['203.0.113.5']));
  expect(target).toMatchObject({ address: '203.0.113.5', family: 4 });
});

test.each([
  'http://169.254.169.254/',
  'http://[::ffff:169.254.169.254]/',
  'http://0x7f.1.1/',
  'file:///etc/passwd',
  'x',
])('the address %s is judged as what it means', async (url) => {
  const answer = await targetOf(url, () => Promise.resolve([])).catch((error: Error) => error);
  if (url.includes('0x7f')) expect(answer).toMatchObject({ address: '127.1.0.1' });
  else expect(answer).toBeInstanceOf(Error);
});
