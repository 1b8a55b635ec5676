/** Creates a container so that doing it twice, or after a crash, leaves one. */
import { RuntimeError } from '../container-runtime.ts';
import { assertAllowed } from './assert-allowed.ts';
import type { CreateOptions } from './create-options.ts';
import type { Engine } from './engine.ts';
import { isConflict, isMissing } from './engine.ts';
import type { Inspection } from './inspect.ts';
import { isOwn, label, podOf, type Owner } from './labels.ts';
import { nameAside } from './names.ts';

export interface Creation {
  engine: Engine;
  owner: Owner;
  protectedPaths: readonly string[];
}

/** Answers the id. A container of the same name is taken over when it was created for just this and never started. */
export async function createOnce(creation: Creation, name: string, options: CreateOptions): Promise<string> {
  assertAllowed(options, creation.protectedPaths);
  try {
    return await create(creation.engine, name, options);
  } catch (error) {
    if (!isConflict(error)) throw error;
    return resolveConflict(creation, name, options, error);
  }
}

async function create(engine: Engine, name: string, options: CreateOptions): Promise<string> {
  const { Id } = await engine.call<{ Id: string }>({
    what: `create container ${name}`,
    method: 'POST',
    path: '/containers/create',
    query: { name },
    body: options,
  });
  return Id;
}

async function resolveConflict(
  { engine, owner }: Creation,
  name: string,
  options: CreateOptions,
  conflict: unknown,
): Promise<string> {
  const holder = await inspectByName(engine, name);
  // The engine holds the name for something that it cannot show: a name beside it does.
  if (!holder) return create(engine, nameAside(name), options);
  const labels = holder.Config.Labels ?? {};
  const ours = isOwn(labels, owner) && podOf(labels).uid === options.Labels[label.podUid];
  if (!ours)
    throw new RuntimeError('CreateContainerError', `the name ${name} belongs to a container that is not this pod's`, {
      cause: conflict,
    });
  const { Status, Error: failure } = holder.State;
  if (Status === 'running' || (Status === 'created' && !failure && sameRequest(labels, options))) return holder.Id;
  if (Status === 'dead' || Status === 'removing') return create(engine, nameAside(name), options);
  await removeForced(engine, holder.Id);
  return create(engine, name, options);
}

const sameRequest = (labels: Record<string, string>, { Labels }: CreateOptions) =>
  labels[label.specHash] === Labels[label.specHash] && labels[label.sandbox] === Labels[label.sandbox];

async function inspectByName(engine: Engine, name: string): Promise<Inspection | undefined> {
  try {
    return await engine.call<Inspection>({
      what: `inspect container ${name}`,
      method: 'GET',
      path: `/containers/${name}/json`,
    });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Removes a container and the volumes its image declared. One that is not there, or is being removed, is no error. */
export async function removeForced(engine: Engine, id: string): Promise<void> {
  try {
    await engine.call({
      what: `remove container ${id}`,
      method: 'DELETE',
      path: `/containers/${id}`,
      query: { force: '1', v: '1' },
    });
  } catch (error) {
    if (!isMissing(error) && !isConflict(error)) throw error;
  }
}
