/** Images of the engine: looking, pulling, removing. */
import type { Image, RegistryCredentials } from '../container-runtime.ts';
import { RuntimeError } from '../container-runtime.ts';
import type { Engine } from './engine.ts';
import { isConflict, isMissing } from './engine.ts';

interface ImageInspection {
  Id: string;
  RepoTags: string[] | null;
  RepoDigests: string[] | null;
  Size: number;
  Config?: { User?: string } | null;
}

const pullDeadline = 15 * 60_000;
/** A pull that says nothing for so long hangs. */
const silence = 60_000;

const toImage = ({ Id, RepoTags, RepoDigests, Size, Config }: ImageInspection): Image => ({
  id: Id,
  tags: (RepoTags ?? []).filter((tag) => !tag.startsWith('<none>')),
  digests: (RepoDigests ?? []).filter((digest) => !digest.startsWith('<none>')),
  sizeBytes: Size,
  user: Config?.User ?? '',
});

export async function findImage(engine: Engine, reference: string): Promise<Image | undefined> {
  const path = `/images/${encodeURIComponent(reference)}/json`;
  try {
    return toImage(await engine.call<ImageInspection>({ what: `inspect image ${reference}`, method: 'GET', path }));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export async function listImages(engine: Engine): Promise<Image[]> {
  const images = await engine.call<ImageInspection[]>({ what: 'list images', method: 'GET', path: '/images/json' });
  return images.map(toImage);
}

/** Removing an image that is not there, or that a container still needs, changes nothing. */
export async function removeImage(engine: Engine, id: string): Promise<void> {
  try {
    await engine.call({ what: `remove image ${id}`, method: 'DELETE', path: `/images/${encodeURIComponent(id)}` });
  } catch (error) {
    if (!isMissing(error) && !isConflict(error)) throw error;
  }
}

/** Throws RuntimeError ErrImagePull with the registry's words. */
export async function pullImage(
  engine: Engine,
  reference: string,
  credentials?: RegistryCredentials,
  signal?: AbortSignal,
): Promise<Image> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  signal?.addEventListener('abort', stop, { once: true });
  let quiet = setTimeout(stop, silence);
  const whole = setTimeout(stop, pullDeadline);
  try {
    const progress = await engine.stream({
      what: `pull image ${reference}`,
      method: 'POST',
      path: '/images/create',
      query: { fromImage: reference },
      ...(credentials && { headers: { 'X-Registry-Auth': encodeCredentials(credentials) } }),
      deadline: silence,
      signal: controller.signal,
    });
    await readProgress(progress, () => {
      clearTimeout(quiet);
      quiet = setTimeout(stop, silence);
    });
  } catch (error) {
    const message = controller.signal.aborted ? 'context canceled' : (error as Error).message;
    throw new RuntimeError('ErrImagePull', message, { cause: error });
  } finally {
    clearTimeout(quiet);
    clearTimeout(whole);
    signal?.removeEventListener('abort', stop);
  }
  const image = await findImage(engine, reference);
  if (!image) throw new RuntimeError('ErrImagePull', `image ${reference} is not there after it was pulled`);
  return image;
}

/** The engine answers 200 at once; whether the pull went well stands in the last of many JSON lines. */
async function readProgress(progress: AsyncIterable<Buffer>, alive: () => void): Promise<void> {
  let rest = '';
  for await (const chunk of progress) {
    alive();
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) throwPullError(line);
  }
  throwPullError(rest);
}

function throwPullError(line: string): void {
  if (!line.includes('"error"')) return;
  const { error } = JSON.parse(line) as { error?: string };
  if (error) throw new RuntimeError('ErrImagePull', error);
}

function encodeCredentials({ username, password, registry, identityToken }: RegistryCredentials): string {
  const auth = identityToken
    ? { identitytoken: identityToken, serveraddress: registry }
    : { username, password, serveraddress: registry };
  return Buffer.from(JSON.stringify(auth)).toString('base64url');
}
