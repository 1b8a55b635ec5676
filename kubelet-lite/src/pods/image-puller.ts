/** Sees to it that an image is there before its container is made, by the container's pull policy. */
// Like pkg/kubelet/images/image_manager.go.
import type { Clock } from '@naru/api/clock';
import type { ContainerRuntime, Image, RegistryCredentials } from '../runtime/container-runtime.ts';
import type { ContainerDefinition } from './container-definition.ts';
import { registryOf, withDefaultTag } from './image-reference.ts';
import type { PodEvents } from './pod-events.ts';
import { uidOf, type Pod } from './pod.ts';
import { matching } from './pull-secrets.ts';
import { RestartBackoff } from './restart-backoff.ts';
import { StartFailure } from './start-failure.ts';

/** Pulls under way at once. */
const pullsAtOnce = 3;

export interface ImagePullerOptions {
  runtime: Pick<ContainerRuntime, 'image' | 'pullImage'>;
  events: PodEvents;
  clock: Clock;
}

interface PullRequest {
  pod: Pod;
  container: ContainerDefinition;
  reference: string;
  credentials: readonly RegistryCredentials[];
  signal: AbortSignal;
}

export class ImagePuller {
  readonly #options: ImagePullerOptions;
  readonly #backoff: RestartBackoff;
  /** Pod and image → why the last pull failed. */
  readonly #failures = new Map<string, { at: number; message: string }>();
  readonly #pulling = new Map<string, Promise<Image>>();
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(options: ImagePullerOptions) {
    this.#options = options;
    this.#backoff = new RestartBackoff(options.clock);
  }

  /** Throws StartFailure. `reference` of the answer is what to create the container from. */
  async ensure(
    pod: Pod,
    container: ContainerDefinition,
    credentials: readonly RegistryCredentials[],
    signal: AbortSignal,
  ): Promise<{ image: Image; reference: string }> {
    const { events, runtime } = this.#options;
    const reference = this.#referenceOf(pod, container);
    const policy = container.imagePullPolicy ?? 'IfNotPresent';
    const present = await runtime.image(reference).catch((error: Error) => {
      const message = `Failed to inspect image ${JSON.stringify(container.image)}: ${error.message}`;
      events.container(pod, container, 'Warning', 'InspectFailed', message);
      throw new StartFailure('ImageInspectError', message, { cause: error });
    });
    if (present && policy !== 'Always') {
      const message = `Container image "${container.image}" already present on machine and can be accessed by the pod`;
      events.container(pod, container, 'Normal', 'Pulled', message);
      return { image: present, reference };
    }
    if (policy === 'Never') {
      const message = `Container image "${container.image}" is not present with pull policy of Never`;
      events.container(pod, container, 'Warning', 'ErrImageNeverPull', message);
      throw new StartFailure('ErrImageNeverPull', message);
    }
    return { image: await this.#pullUnlessBackingOff({ pod, container, reference, credentials, signal }), reference };
  }

  /** When a pull for the pod may be tried again; milliseconds since 1970, undefined: none waits. */
  retryAt(pod: Pod): number | undefined {
    const prefix = keyPrefix(uidOf(pod));
    const waits = [...this.#failures].filter(([key]) => key.startsWith(prefix));
    return waits.length ? Math.min(...waits.map(([key, { at }]) => this.#backoff.until(key, at))) : undefined;
  }

  forget(uid: string): void {
    const prefix = keyPrefix(uid);
    this.#backoff.forget(prefix);
    for (const key of this.#failures.keys()) if (key.startsWith(prefix)) this.#failures.delete(key);
  }

  #referenceOf(pod: Pod, container: ContainerDefinition): string {
    try {
      return withDefaultTag(container.image);
    } catch (error) {
      const message = `Failed to apply default image tag "${container.image}": ${(error as Error).message}`;
      this.#options.events.container(pod, container, 'Warning', 'InspectFailed', message);
      throw new StartFailure('InvalidImageName', message, { cause: error });
    }
  }

  async #pullUnlessBackingOff(request: PullRequest): Promise<Image> {
    const { pod, container } = request;
    const { events, clock } = this.#options;
    const key = keyPrefix(uidOf(pod)) + container.image;
    const failure = this.#failures.get(key);
    if (failure && this.#backoff.until(key, failure.at) > clock.now()) {
      const message = `Back-off pulling image "${container.image}"`;
      events.container(pod, container, 'Normal', 'BackOff', message);
      throw new StartFailure('ImagePullBackOff', `${message}: ErrImagePull: ${failure.message}`);
    }
    events.container(pod, container, 'Normal', 'Pulling', `Pulling image "${container.image}"`);
    const begin = clock.now();
    try {
      const image = await this.#shared(request);
      this.#failures.delete(key);
      const seconds = formatSeconds(clock.now() - begin);
      const message = `Successfully pulled image "${container.image}" in ${seconds} (${seconds} including waiting). Image size: ${image.sizeBytes} bytes.`;
      events.container(pod, container, 'Normal', 'Pulled', message);
      return image;
    } catch (error) {
      const { message } = error as Error;
      events.container(pod, container, 'Warning', 'Failed', `Failed to pull image "${container.image}": ${message}`);
      const now = clock.now();
      this.#failures.set(key, { at: now, message });
      this.#backoff.next(key, now);
      throw new StartFailure('ErrImagePull', message, { cause: error });
    }
  }

  /** Pods that wait for one image wait for one pull, unless they bring credentials of their own. */
  #shared(request: PullRequest): Promise<Image> {
    if (request.credentials.length > 0) return this.#inTurn(request);
    const running = this.#pulling.get(request.reference);
    if (running) return running;
    // The pull is not this pod's alone: it goes on when the pod is deleted.
    const pull = this.#inTurn({ ...request, signal: new AbortController().signal }).finally(() =>
      this.#pulling.delete(request.reference),
    );
    this.#pulling.set(request.reference, pull);
    return pull;
  }

  async #inTurn({ reference, credentials, signal }: PullRequest): Promise<Image> {
    if (this.#underWay >= pullsAtOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#underWay++;
    try {
      return await this.#pull(reference, credentials, signal);
    } finally {
      this.#underWay--;
      this.#waiting.shift()?.();
    }
  }

  async #pull(reference: string, credentials: readonly RegistryCredentials[], signal: AbortSignal): Promise<Image> {
    const { runtime } = this.#options;
    const registry = registryOf(reference);
    const located = reference.startsWith(`${registry}/`) ? reference : `${registry}/${reference}`;
    const fitting = matching(credentials, located);
    if (fitting.length === 0) return runtime.pullImage(reference, undefined, signal);
    let failure: unknown;
    for (const credential of fitting) {
      try {
        return await runtime.pullImage(reference, credential, signal);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }
}

const keyPrefix = (uid: string) => `${uid}/`;

/** As Go prints a duration of seconds: `1.2s`, `350ms`. */
const formatSeconds = (milliseconds: number) =>
  milliseconds < 1000 ? `${Math.round(milliseconds)}ms` : `${Number((milliseconds / 1000).toFixed(3))}s`;
