/** Registers the node, for as long as it takes, and learns the range of its pods' addresses. */
import { backoff } from '@naru/api/client/backoff';
import type { Client } from '@naru/api/client/client';
import type { Clock } from '@naru/api/clock';
import { registerNode } from '../apiserver/register-node.ts';
import type { Machine } from './machine.ts';
import { nodeResource, type Node } from './node-object.ts';

export interface Registration {
  client: Client;
  clock: Clock;
  nodeName: string;
  machine: Machine;
  signal: AbortSignal;
  onError(error: unknown): void;
}

const addressesEvery = 200;

/** Resolves with a node that has its pod CIDR. Rejects only when `signal` aborts. */
export async function registerUntilDone(registration: Registration): Promise<Node & { podCidr: string }> {
  const { client, clock, nodeName, machine, signal, onError } = registration;
  const pause = (milliseconds: number) => new Promise<void>((resolve) => clock.after(milliseconds, resolve));
  const wait = backoff();
  for (;;) {
    signal.throwIfAborted();
    try {
      let node = await registerNode(client, nodeName, machine);
      // A controller of the server's gives the range, a moment after it has seen the node.
      while (!node.spec?.podCIDR) {
        await pause(addressesEvery);
        signal.throwIfAborted();
        node = await client.for<Node>(nodeResource).get(nodeName);
      }
      return { ...node, podCidr: node.spec.podCIDR };
    } catch (error) {
      signal.throwIfAborted();
      onError(error);
      await pause(wait.next());
    }
  }
}
