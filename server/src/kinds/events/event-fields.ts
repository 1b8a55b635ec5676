/** The two shapes of an event: core/v1, which is stored, and events.k8s.io/v1. */
import type { CoreV1Event, EventsV1Event } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import { fieldsOf } from '../fields.ts';
import type { ObjectFields } from '../fields.ts';

export type CoreEvent = ObjectFields<CoreV1Event>;
export const coreEventOf = (object: AnyObject): CoreEvent => fieldsOf<CoreV1Event>(object);
export const newEventOf = (object: AnyObject): ObjectFields<EventsV1Event> => fieldsOf<EventsV1Event>(object);

/** Names that changed, from core/v1 to events.k8s.io/v1. */
const renamed = new Map([
  ['reportingComponent', 'reportingController'],
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
]);
const renamedBack = new Map([...renamed].map(([core, renewed]) => [renewed, core]));

/** What a field holds when it was never set and is written out all the same. */
const written = {
  core: {
    involvedObject: {},
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    eventTime: null,
    reportingComponent: '',
    reportingInstance: '',
  },
  renewed: {
    eventTime: null,
    regarding: {},
    deprecatedSource: {},
    deprecatedFirstTimestamp: null,
    deprecatedLastTimestamp: null,
  },
};

const dropped = { core: new Set<string>(), renewed: new Set(['reportingController', 'reportingInstance']) };

function converted(
  object: AnyObject,
  names: ReadonlyMap<string, string>,
  apiVersion: string,
  shape: 'core' | 'renewed',
): AnyObject {
  const { apiVersion: _version, kind, metadata, ...fields } = object;
  const entries = Object.entries(fields)
    .map(([name, value]) => [names.get(name) ?? name, value] as const)
    .filter(([name, value]) => !(value === '' && dropped[shape].has(name)));
  return { ...(kind && { kind }), apiVersion, metadata, ...written[shape], ...Object.fromEntries(entries) };
}

export const toCoreEvent = (object: AnyObject): AnyObject => converted(object, renamedBack, 'v1', 'core');
export const fromCoreEvent = (object: AnyObject): AnyObject =>
  converted(object, renamed, 'events.k8s.io/v1', 'renewed');
