import { expect, test } from '@jest/globals';
import { parseRequestInfo } from './request-info.ts';

const parse = (method: string, url: string) => {
  const [path = '', search = ''] = url.split('?');
  const { verb, group, version, namespace, resource, name, subresource, rest } = parseRequestInfo(
    method,
    path,
    new URLSearchParams(search),
  );
  return [verb, group, version, namespace, resource, name, subresource, rest].join('|');
};

test.each([
  ['GET', '/api/v1/namespaces/n/pods/p', 'get||v1|n|pods|p||'],
  ['GET', '/api/v1/pods', 'list||v1||pods|||'],
  ['GET', '/apis/apps/v1/namespaces/n/deployments?watch=1', 'watch|apps|v1|n|deployments|||'],
  ['GET', '/apis/apps/v1/deployments?watch=false', 'list|apps|v1||deployments|||'],
  ['GET', '/api/v1/watch/namespaces/n/secrets/s', 'watch||v1|n|secrets|s||'],
  ['PUT', '/api/v1/namespaces/n/finalize', 'update||v1|n|namespaces|n|finalize|'],
  ['DELETE', '/api/v1/namespaces/n/', 'delete||v1|n|namespaces|n||'],
  ['DELETE', '/api/v1/namespaces/n/pods', 'deletecollection||v1|n|pods|||'],
  ['GET', '/api/v1/namespaces//configmaps', 'list||v1||configmaps|||'],
  ['POST', '/api/v1/namespaces/n/pods/p:80/proxy/a/b', 'create||v1|n|pods|p:80|proxy|a/b'],
  ['GET', '/api/v1/namespaces/n/configmaps/..%2Fother', 'get||v1|n|configmaps|../other||'],
])('%s %s', (method, url, expected) => {
  expect(parse(method, url)).toBe(expected);
});

test('a path below a subresource that is no proxy leads nowhere', () => {
  expect(() => parse('GET', '/api/v1/namespaces/n/pods/p/status/x')).toThrow('could not find the requested resource');
});

test('a broken escape is told, not guessed', () => {
  expect(() => parse('GET', '/api/v1/namespaces/%zz/pods')).toThrow('invalid URL escape');
});
