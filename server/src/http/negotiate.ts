/** Which form of the answer the client wants: JSON, YAML or protobuf; the object itself, a Table, or its metadata. */
// Like apiserver pkg/endpoints/handlers/negotiation, and the check go-restful makes before it.
import { StatusError, notAcceptable } from '@naru/api/status';

export type MediaType = 'application/json' | 'application/yaml' | 'application/vnd.kubernetes.protobuf';

export const mediaTypes: readonly MediaType[] = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
];

/** What to make of the object before it is written. */
export interface View {
  readonly kind: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
  readonly version: 'v1' | 'v1beta1';
}

export interface Accepted {
  readonly mediaType: MediaType;
  readonly view?: View;
  readonly pretty?: boolean;
}

interface Clause {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

const json: Accepted = Object.freeze({ mediaType: 'application/json' });
const headersRemembered = 1_000;
const streamTypes = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];

/** Reads Accept headers; clients send few different ones, so what they mean is remembered. */
export class Negotiator {
  readonly #known = new Map<string, Accepted | 'type' | 'view'>();

  /** Throws 406. `streams`: the path also serves watches, which the text of the refusal mentions. */
  negotiate(header: string | undefined, { streams = false } = {}): Accepted {
    if (!header || header === 'application/json' || header === '*/*') return json;
    let found = this.#known.get(header);
    if (!found) {
      found = choose(header);
      if (this.#known.size >= headersRemembered) this.#known.clear();
      this.#known.set(header, found);
    }
    if (found === 'type') throw noRepresentation(streams);
    if (found === 'view') throw notAcceptable(mediaTypes);
    return found;
  }

  /** For errors: what the client wants if we have it, else JSON. */
  negotiateError(header: string | undefined): MediaType {
    try {
      return this.negotiate(header).mediaType;
    } catch {
      return 'application/json';
    }
  }
}

const noRepresentation = (streams: boolean) =>
  new StatusError({
    code: 406,
    reason: 'NotAcceptable',
    message: `406: Not Acceptable\n\nAvailable representations: ${[...mediaTypes, ...(streams ? streamTypes : [])].join(', ')}`,
    details: {},
  });

/** 'type': no media type of ours; 'view': a media type of ours, but as something we cannot make. */
function choose(header: string): Accepted | 'type' | 'view' {
  let anyType = false;
  for (const clause of parseAccept(header)) {
    const mediaType = clause.type === '*/*' ? 'application/json' : mediaTypes.find((type) => type === clause.type);
    if (!mediaType) continue;
    anyType = true;
    const view = viewOf(clause);
    if (view === 'unknown' || (view?.kind === 'Table' && mediaType === 'application/vnd.kubernetes.protobuf')) continue;
    const pretty = clause.parameters.get('pretty') === '1';
    return { mediaType, ...(view && { view }), ...(pretty && { pretty }) };
  }
  return anyType ? 'view' : 'type';
}

function viewOf({ parameters }: Clause): View | 'unknown' | undefined {
  const kind = parameters.get('as');
  if (kind === undefined) return undefined;
  const version = parameters.get('v');
  const isKnown = kind === 'Table' || kind === 'PartialObjectMetadata' || kind === 'PartialObjectMetadataList';
  if (!isKnown || parameters.get('g') !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1'))
    return 'unknown';
  return { kind, version };
}

/** The clauses in the order of the client's liking. */
export function parseAccept(header: string): Clause[] {
  const clauses = header.split(',').map((text) => {
    const [type = '', ...rest] = text.split(';').map((part) => part.trim());
    const parameters = new Map(rest.map((part) => split(part)));
    const quality = Number(parameters.get('q') ?? '1');
    return { type: type.toLowerCase(), parameters, quality: Number.isFinite(quality) ? quality : 1 };
  });
  return clauses.sort((a, b) => b.quality - a.quality);
}

function split(parameter: string): [string, string] {
  const equals = parameter.indexOf('=');
  return equals < 0 ? [parameter, ''] : [parameter.slice(0, equals), parameter.slice(equals + 1)];
}
