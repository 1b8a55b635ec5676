/** What /openapi/v2 and /openapi/v3 answer, made when it is asked for and not kept. */
// Like kube-openapi pkg/handler and pkg/handler3.
import { createHash } from 'node:crypto';
import { readDescriptions, type Describe } from './descriptions.ts';
import { groupVersionDocument, rootDocument, rootPaths, type DocumentOptions } from './documents.ts';
import { gnosticOf } from './gnostic.ts';
import type { Json, OpenApiResource } from './resource.ts';
import { swaggerOf } from './swagger.ts';

export interface OpenApiOptions {
  /** All that is served now, built-in and custom; asked anew each time, because definitions come and go. */
  resources(): readonly OpenApiResource[];
  /** `1.36`. */
  version: string;
  /** Reads the descriptions; absent: from the file beside the table. */
  describe?(): Describe;
}

export interface OpenApiAnswer {
  body: Buffer;
  /** Upper-case SHA-512, without quotes: the ETag, and the hash of the index. */
  hash: string;
}

const sha512 = (text: string) => createHash('sha512').update(text).digest('hex').toUpperCase();

export class OpenApi {
  readonly #options: OpenApiOptions;

  constructor(options: OpenApiOptions) {
    this.#options = options;
  }

  /** The index at /openapi/v3. */
  index(): OpenApiAnswer {
    const paths: Json = {};
    for (const path of this.#paths()) {
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${this.hash(path)!}` };
    }
    const text = JSON.stringify({ paths });
    return { body: Buffer.from(text), hash: sha512(text) };
  }

  /** Hash of the document at /openapi/v3/`path`, without making it; undefined when there is none. */
  hash(path: string): string | undefined {
    const place = groupVersionOf(path);
    const resources = place ? this.#resourcesOf(place.group, place.version) : [];
    if (resources.length > 0) return this.#hashOf(path, resources);
    return this.#paths().includes(path) ? this.#hashOf(path, []) : undefined;
  }

  /** The document at /openapi/v3/`path`, such as `apis/apps/v1`; undefined when there is none. */
  document(path: string): OpenApiAnswer | undefined {
    const hash = this.hash(path);
    if (hash === undefined) return undefined;
    const options = this.#documentOptions();
    const place = groupVersionOf(path);
    const resources = place ? this.#resourcesOf(place.group, place.version) : [];
    const document =
      place && resources.length > 0 ? groupVersionDocument(place, resources, options) : rootDocument(path, options);
    return document && { body: Buffer.from(JSON.stringify(document)), hash };
  }

  /** Hash of /openapi/v2 in either form. */
  swaggerHash(): string {
    return this.#hashOf('v2', this.#options.resources());
  }

  /** /openapi/v2 in JSON. */
  swaggerJson(): OpenApiAnswer {
    return { body: Buffer.from(JSON.stringify(this.#swagger())), hash: this.swaggerHash() };
  }

  /** /openapi/v2 in gnostic's protobuf. */
  swaggerProtobuf(): OpenApiAnswer {
    return { body: gnosticOf(this.#swagger()), hash: this.swaggerHash() };
  }

  #documentOptions(): DocumentOptions {
    const { version, describe = readDescriptions } = this.#options;
    return { version, describe: describe() };
  }

  #swagger(): Json {
    const options = this.#documentOptions();
    const documents = this.#paths().map((path) => {
      const place = groupVersionOf(path);
      const resources = place ? this.#resourcesOf(place.group, place.version) : [];
      return place && resources.length > 0
        ? groupVersionDocument(place, resources, options)
        : rootDocument(path, options)!;
    });
    return swaggerOf(documents, options.version);
  }

  #resourcesOf(group: string, version: string): OpenApiResource[] {
    return this.#options.resources().filter((resource) => resource.group === group && resource.version === version);
  }

  /** Sorted. Custom groups have no document about the group itself. */
  #paths(): string[] {
    const resources = this.#options.resources();
    const builtIn = new Set(resources.filter((resource) => resource.schema).map((resource) => resource.group));
    const versions = new Set(resources.map(({ group, version }) => pathOf(group, version)));
    return [...rootPaths(builtIn), ...versions].sort();
  }

  /** What a document is made of, rather than the document: the code and table that make it change with the version. */
  #hashOf(path: string, resources: readonly OpenApiResource[]): string {
    return sha512(JSON.stringify([path, this.#options.version, resources.map(described)]));
  }
}

const described = ({
  group,
  version,
  kind,
  plural,
  scope,
  verbs,
  subresources,
  returnsDeletedObject,
  customSchema,
}: OpenApiResource) => [group, version, kind, plural, scope, verbs, subresources, returnsDeletedObject, customSchema];

const pathOf = (group: string, version: string) => (group === '' ? `api/${version}` : `apis/${group}/${version}`);

function groupVersionOf(path: string): { group: string; version: string } | undefined {
  const match = /^(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path);
  return match ? { group: match[1] ?? '', version: match[2]! } : undefined;
}
