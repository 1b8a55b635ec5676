import { ServerResponse, type IncomingMessage } from 'node:http';
import { expect, test } from '@jest/globals';
import { exposition } from '@naru/api/metrics/exposition';
import { Exchange } from './exchange.ts';
import { parseRequestInfo } from './request-info.ts';
import { RequestMeter } from './request-meter.ts';

function exchangeOf(method: string, url: string): Exchange {
  const request = { method, url, headers: {} } as IncomingMessage;
  const exchange = new Exchange(request, new ServerResponse(request));
  exchange.info = parseRequestInfo(method, exchange.path, exchange.query);
  return exchange;
}

test('requests are counted by what they asked for, when they are over', () => {
  let time = 0;
  const meter = new RequestMeter({ isKnown: ({ resource }) => resource === 'pods', elapsed: () => time });
  const get = exchangeOf('GET', '/api/v1/namespaces/default/pods/a');
  const post = exchangeOf('POST', '/api/v1/namespaces/default/pods?dryRun=All');
  const madeUp = exchangeOf('GET', '/apis/made.up/v1/things');
  for (const exchange of [get, post, madeUp]) meter.follow(exchange);
  const text = () => exposition(meter.metrics()).split('\n');
  expect(text()).toContain('apiserver_current_inflight_requests{request_kind="readOnly"} 2');
  expect(text().filter((line) => line.startsWith('apiserver_request_total'))).toEqual([]);

  time = 30;
  get.response.emit('close');
  post.response.statusCode = 201;
  post.response.emit('close');
  madeUp.response.emit('close');
  const labels =
    'component="apiserver",dry_run="",group="",resource="pods",scope="resource",subresource="",verb="GET",version="v1"';
  expect(text()).toContain(`apiserver_request_total{code="200",${labels}} 1`);
  expect(text()).toContain(`apiserver_request_duration_seconds_bucket{${labels},le="0.025"} 0`);
  expect(text()).toContain(`apiserver_request_duration_seconds_bucket{${labels},le="0.05"} 1`);
  expect(text()).toContain(`apiserver_request_duration_seconds_bucket{${labels},le="+Inf"} 1`);
  expect(text()).toContain(`apiserver_request_duration_seconds_sum{${labels}} 0.03`);
  expect(text().join()).toContain(
    'code="201",component="apiserver",dry_run="All",group="",resource="pods",scope="namespace"',
  );
  expect(text()).toContain('apiserver_current_inflight_requests{request_kind="mutating"} 0');
  expect(text().join()).not.toContain('made.up');
});

test('labels are escaped', () => {
  const values = [{ labels: { a: 'say "x"\\\n' }, value: 1 }];
  expect(exposition([{ name: 'm', type: 'gauge', help: 'h', values }])).toBe(
    '# HELP m h\n# TYPE m gauge\nm{a="say \\"x\\"\\\\\\n"} 1\n',
  );
});
