/** The one socket through which every view sees the cluster: connects, resumes after a break, and tells its health. */
import { Injectable, computed, effect, inject, signal } from '@angular/core';
import { Session } from '../session/session';
import { type CollectionRequest, type ServerMessage, reconnectDelay } from './stream-protocol';

export type Connection = 'connecting' | 'live' | 'reconnecting' | 'offline';

interface Subscription {
  readonly request: CollectionRequest;
  readonly receive: (message: ServerMessage) => void;
  resourceVersion: string | undefined;
}

/** After this long without any message the socket is taken for dead: three heartbeats. */
const silenceLimit = 16_000;
const offlineAfter = 10_000;

@Injectable({ providedIn: 'root' })
export class Stream {
  readonly #session = inject(Session);
  readonly #subscriptions = new Map<number, Subscription>();
  readonly #connection = signal<Connection>('connecting');
  readonly #lastMessage = signal(Date.now());
  readonly #rulesAt = signal<string | undefined>(undefined);
  #socket: WebSocket | undefined;
  #nextId = 1;
  #attempt = 0;
  #brokenSince = 0;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  readonly connection = this.#connection.asReadonly();
  /** When the server last spoke, in milliseconds: the time of the data on show. */
  readonly lastMessage = this.#lastMessage.asReadonly();
  /** When the alert rules were last evaluated, as the server says; undefined before it said so. */
  readonly rulesAt = this.#rulesAt.asReadonly();
  readonly live = computed(() => this.#connection() === 'live');

  constructor() {
    effect(() => {
      if (this.#session.state() === 'signed-in' && !this.#session.expired()) this.#connect();
    });
  }

  /** Follows a collection until the function it returns is called. */
  follow(request: CollectionRequest, receive: (message: ServerMessage) => void, resourceVersion?: string): () => void {
    const id = this.#nextId++;
    this.#subscriptions.set(id, { request, receive, resourceVersion });
    this.#open(id);
    return () => {
      this.#subscriptions.delete(id);
      this.#send({ id, op: 'close' });
    };
  }

  #open(id: number): void {
    const subscription = this.#subscriptions.get(id);
    if (!subscription) return;
    const { request, resourceVersion } = subscription;
    this.#send({ id, op: 'open', as: 'object', ...request, ...(resourceVersion ? { resourceVersion } : {}) });
  }

  #send(message: unknown): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #connect(): void {
    if (this.#socket) return;
    clearTimeout(this.#retry);
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/stream`);
    this.#socket = socket;
    socket.onopen = () => {
      this.#attempt = 0;
      this.#brokenSince = 0;
      this.#heard();
      this.#connection.set('live');
      for (const id of this.#subscriptions.keys()) this.#open(id);
    };
    socket.onmessage = ({ data }: MessageEvent<string>) => this.#receive(JSON.parse(data) as ServerMessage);
    socket.onclose = () => {
      if (this.#socket === socket) this.#broken();
    };
  }

  #receive(message: ServerMessage): void {
    this.#heard();
    if (message.type === 'pong') return;
    if (message.type === 'HEARTBEAT') return this.#rulesAt.set(message.rules);
    const subscription = this.#subscriptions.get(message.id);
    if (!subscription) return;
    if ('resourceVersion' in message) subscription.resourceVersion = message.resourceVersion;
    subscription.receive(message);
  }

  #heard(): void {
    this.#lastMessage.set(Date.now());
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#broken(), silenceLimit);
  }

  /** Tries again, and asks whether the session ended: a refused upgrade does not say why. */
  #broken(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket && socket.readyState < WebSocket.CLOSING) socket.close();
    clearTimeout(this.#watchdog);
    this.#brokenSince ||= Date.now();
    this.#connection.set(Date.now() - this.#brokenSince > offlineAfter ? 'offline' : 'reconnecting');
    void this.#session.check();
    this.#retry = setTimeout(() => this.#connect(), reconnectDelay(this.#attempt++));
  }
}
