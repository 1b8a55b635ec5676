/** Paths of subresources: status and scale for whoever has them, and the particular ones of the built-in kinds. */
import { operation, requiredBody, responses } from './operations.ts';
import * as parameters from './parameters.ts';
import type { Json } from './resource.ts';
import { patchOperation, readOperation, replaceOperation, subjectOf, type PathContext } from './path-context.ts';

const core = 'k8s.io.api.core.v1.';

interface OtherKind {
  key: string;
  kind: { group: string; version: string; kind: string };
}

const scale: OtherKind = {
  key: 'k8s.io.api.autoscaling.v1.Scale',
  kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
};

/** Subresources that are only posted to, and what is posted. */
const posted: Record<string, OtherKind> = {
  binding: { key: `${core}Binding`, kind: { group: '', version: 'v1', kind: 'Binding' } },
  eviction: { key: 'k8s.io.api.policy.v1.Eviction', kind: { group: 'policy', version: 'v1', kind: 'Eviction' } },
  token: {
    key: 'k8s.io.api.authentication.v1.TokenRequest',
    kind: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
  },
};

/** Subresources that hand the connection over: methods and the type of their parameters, after the resource's kind. */
const connected: Record<string, { methods: readonly string[]; options: string }> = {
  attach: { methods: ['get', 'post'], options: 'AttachOptions' },
  exec: { methods: ['get', 'post'], options: 'ExecOptions' },
  portforward: { methods: ['get', 'post'], options: 'PortForwardOptions' },
  proxy: { methods: ['delete', 'get', 'head', 'options', 'patch', 'post', 'put'], options: 'ProxyOptions' },
};

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

export function subresourcePaths(context: PathContext): Record<string, Json> {
  const paths: Record<string, Json> = {};
  for (const name of context.resource.subresources ?? []) Object.assign(paths, pathsOf(context, name));
  return paths;
}

function pathsOf(context: PathContext, name: string): Record<string, Json> {
  const path = `${context.collection}/{name}/${name}`;
  const place = [parameters.inPath('name'), ...context.placeParameters];
  if (name === 'log') return { [path]: logPath(context, place) };
  if (name === 'finalize') return { [path]: finalizePath(context, place) };
  const other = posted[name];
  if (other) return { [path]: postedPath(context, name, other, place) };
  if (connected[name]) return connectedPaths(context, name, path, place);
  return { [path]: editedPath(context, name, place) };
}

/** status, scale, approval, ephemeralcontainers, resize: read, replaced and patched like the object. */
function editedPath(context: PathContext, name: string, place: readonly Json[]): Json {
  const other = name === 'scale' ? scale : undefined;
  const inside = other
    ? { ...context, names: (id: string, action: string) => ({ ...context.names(id, action), kind: other.kind }) }
    : context;
  const schema = other ? context.schemas.type(other.key) : context.own;
  const subject = subjectOf(context, name);
  return {
    get: readOperation(inside, `read${context.prefix}${subject}`, schema),
    parameters: parameters.sortedParameters([...place, parameters.pretty]),
    patch: patchOperation(inside, `patch${context.prefix}${subject}`, schema),
    put: replaceOperation(inside, `replace${context.prefix}${subject}`, schema),
  };
}

function postedPath(context: PathContext, name: string, { key, kind }: OtherKind, place: readonly Json[]): Json {
  const schema = context.schemas.type(key);
  const names = context.names(`create${context.prefix}${subjectOf(context, name)}`, 'post');
  return {
    parameters: parameters.sortedParameters([...place, parameters.pretty, ...parameters.writeParameters]),
    post: operation(
      { ...names, kind },
      {
        requestBody: requiredBody(['*/*'], schema),
        responses: responses([200, 201, 202], context.types.read, schema),
      },
    ),
  };
}

function finalizePath(context: PathContext, place: readonly Json[]): Json {
  const operationId = `replace${context.prefix}${subjectOf(context, 'finalize')}`;
  return {
    parameters: parameters.sortedParameters([...place, parameters.pretty, ...parameters.writeParameters]),
    put: replaceOperation(context, operationId, context.own, []),
  };
}

function logPath(context: PathContext, place: readonly Json[]): Json {
  const options = parameters.parametersOf(`${core}PodLogOptions`);
  return {
    get: operation(context.names(`read${context.prefix}${subjectOf(context, 'log')}`, 'get'), {
      responses: responses([200], [...context.types.read, 'text/plain'], { type: 'string' }),
    }),
    parameters: parameters.sortedParameters([...place, parameters.pretty, ...options]),
  };
}

function connectedPaths(
  context: PathContext,
  name: string,
  path: string,
  place: readonly Json[],
): Record<string, Json> {
  const { methods, options } = connected[name]!;
  const kind = `${context.resource.kind}${options}`;
  const query = parameters.parametersOf(`${core}${kind}`);
  const item = (suffix: string, inPath: readonly Json[]): Json => ({
    ...Object.fromEntries(
      methods.map((method) => [
        method,
        operation(
          {
            ...context.names(
              `connect${context.prefix}${capital(method)}${subjectOf(context, name)}${suffix}`,
              'connect',
            ),
            kind: { group: '', version: 'v1', kind },
          },
          { responses: responses([200], ['*/*'], { type: 'string' }) },
        ),
      ]),
    ),
    parameters: parameters.sortedParameters([...inPath, ...query]),
  });
  const paths = { [path]: item('', place) };
  if (name === 'proxy') paths[`${path}/{path}`] = item('WithPath', [...place, parameters.inPath('path')]);
  return paths;
}
