/** What a kind is: data and pure functions. A hook that is not given means the usual behaviour. */
import type { AnyObject } from '@naru/api/object';
import type { FieldError } from '@naru/api/status';
import type { ResourceRef } from '@naru/api/client/client';
import type { FieldSet } from '@naru/api/apply/field-set';
import { withoutNulls } from './without-nulls.ts';
import columnDescriptions from './column-descriptions.json' with { type: 'json' };

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

export interface Column {
  name: string;
  type?: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  format?: string;
  description?: string;
  /** 0 is always shown, 1 only with `-o wide`. */
  priority?: number;
  /** Stands in rows, but among the columns' definitions it is left out. */
  isUntitled?: boolean;
  /** `now` in milliseconds since 1970, for ages. */
  value(object: AnyObject, now: number): unknown;
}

/** What hooks may know of a write beside the object. Hooks do no I/O. */
export interface WriteContext {
  /** Milliseconds since 1970. */
  now: number;
  /** Of the subresource being written; empty for the object itself. */
  subresource: string;
}

export interface Kind extends ResourceRef {
  /** Defined by a CustomResourceDefinition. Items of its lists name their type, those of built-in kinds do not. */
  isCustom?: boolean;
  /** Answered when it is created, and never stored: reviews and bindings. */
  virtual?: boolean;
  /** Worked out when it is read, and never stored: what is used now. Its verbs are get and list. */
  computed?: boolean;
  singular: string;
  listKind: string;
  shortNames?: readonly string[];
  categories?: readonly string[];
  /** Key of the type in the schema table: `k8s.io.api.core.v1.Pod`. */
  schema: string;
  /** Where upstream keeps the kind under /registry/, without slashes at the ends: `pods`, `services/specs`, `deployments`. */
  storagePrefix: string;
  /** Absent: all. */
  verbs?: readonly Verb[];
  /** 'status' and 'scale' are generic; the others are served by verbs/subresources. */
  subresources?: readonly string[];
  /** Whether PUT of a name that is not there creates it. */
  allowCreateOnUpdate?: boolean;
  /** Whether PUT without resourceVersion overwrites; absent: yes. */
  allowUnconditionalUpdate?: boolean;
  /** Whether metadata.generation is kept: 1 at creation, +1 whenever anything but metadata and status changed. Absent: yes, if there is a 'status' subresource. */
  generation?: boolean;
  /** Warning to every request for the kind. */
  deprecation?: string;
  /** Set where nothing in Naru makes the objects true: what comes of writing one. Whoever writes one is told. */
  notActedOn?: string;
  /** Whether DELETE answers with the object that went, rather than a Status. */
  returnsDeletedObject?: boolean;
  /** Seconds of grace a DELETE without gracePeriodSeconds gets; absent: kind is deleted at once. */
  defaultGracePeriod?(object: AnyObject): number;
  /** True while the object, though deleted and without finalizers, must stay: a namespace whose spec.finalizers are not empty. */
  holdsDeletion?(object: AnyObject): boolean;
  /** Runs when the object is marked as deleted; changes `object`. A namespace becomes Terminating. */
  prepareForDelete?(object: AnyObject): void;
  /** What happens to dependents when a DELETE does not say. Absent: Background. */
  defaultPropagation?: 'Orphan' | 'Background';
  /** Warning to a DELETE that leaves the propagation to that default. */
  propagationWarning?: string;

  /** Fills what the writer left out; changes `object`. Runs on every decoded body, on stored objects never. Like SetDefaults_* upstream. */
  setDefaults?(object: AnyObject): void;
  /** Whether a creator sets the status too: a kubelet registers its node with all that it knows. Absent: no. */
  createdWithStatus?: boolean;
  /** Clears what a creator may not set; changes `object`. Like PrepareForCreate. */
  prepareForCreate?(object: AnyObject, context: WriteContext): void;
  /** Carries over what an updater may not change; changes `object`. Like PrepareForUpdate; with subresource 'status' of the status strategy. */
  prepareForUpdate?(object: AnyObject, old: AnyObject, context: WriteContext): void;
  /** All that is wrong with the new object beyond schema and metadata. Like Validate*. */
  validate?(object: AnyObject, context: WriteContext): FieldError[];
  /** All that is wrong with the change; metadata rules are checked elsewhere. Like Validate*Update, Validate*StatusUpdate. */
  validateUpdate?(object: AnyObject, old: AnyObject, context: WriteContext): FieldError[];
  /** Texts of `Warning:` headers for a write. Like WarningsOnCreate and WarningsOnUpdate. */
  warnings?(object: AnyObject, old: AnyObject | undefined): string[];
  /** Whether metadata.finalizers may hold names without a domain that are not upstream's own. Absent: no. */
  anyFinalizer?: boolean;
  /** Whether a new object's metadata is looked at only once the rest of it is right. Absent: both are told of together. */
  metadataApart?: boolean;
  /** How often an update checks the metadata once more as if the object were new; every cause is then named again. Absent: never. */
  metadataRechecks?: number;
  /** Fields that a write of the object ('') or of a subresource cannot set, as a field set: `{ 'f:status': {} }`. Absent: status, and for the status subresource spec. */
  resetFields?(subresource: string): FieldSet | undefined;
  /** Present when another group version is what is stored, under the same storagePrefix. */
  conversion?: Conversion;
  /** How names are checked; absent: DNS-1123 subdomain. Returns upstream's messages. */
  validateName?(name: string, context: { generateName: boolean }): string[];
  /** Field selectors beyond metadata.name and metadata.namespace: selector → value. */
  selectableFields?: Record<string, (object: AnyObject) => string>;
  /** Columns of the Table between Name and Age; absent: Name and Age only. A kind whose last column is not Age sets `columnsComplete`. */
  columns?: readonly Column[];
  columnsComplete?: boolean;
  /** The order of a Table's rows, for people; absent: as listed. Pages are sorted each for itself. */
  compareRows?(a: AnyObject, b: AnyObject): number;
  /** Conditions of a Table row, e.g. Completed for a finished pod. */
  rowConditions?(object: AnyObject): { type: string; status: string; reason?: string; message?: string }[];
  /** Where `/scale` finds its numbers; needed by kinds with the 'scale' subresource. */
  scale?: { specReplicas: string; statusReplicas: string; selector(object: AnyObject): string };
  /** A minimal valid object: "Create" template and the generic suite use it. */
  example?: AnyObject;
}

/** How one group version of a kind and the stored one are made from each other. Both return a new object with the right apiVersion. */
export interface Conversion {
  stored: { group: string; version: string };
  toStored(object: AnyObject): AnyObject;
  fromStored(object: AnyObject): AnyObject;
}

type Given = Omit<Kind, 'plural' | 'singular' | 'listKind' | 'scope' | 'storagePrefix' | 'version' | 'group'> &
  Partial<Kind>;

/** Completes a kind with what follows from its name. */
export function defineKind(given: Given): Kind {
  const singular = given.singular ?? given.kind.toLowerCase();
  const plural = given.plural ?? `${singular}s`;
  const group = given.group ?? '';
  return Object.freeze({
    version: 'v1',
    scope: 'Namespaced' as const,
    listKind: `${given.kind}List`,
    storagePrefix: plural,
    ...given,
    ...validatorsOf(given),
    group,
    singular,
    plural,
    ...(given.columns && { columns: given.columns.map((column) => described(column, plural, group)) }),
  });
}

/** The hooks that only look see objects without nulls. */
function validatorsOf({
  validate,
  validateUpdate,
  warnings,
}: Given): Pick<Kind, 'validate' | 'validateUpdate' | 'warnings'> {
  return {
    ...(validate && { validate: (object, context) => validate(withoutNulls(object), context) }),
    ...(validateUpdate && {
      validateUpdate: (object, old, context) => validateUpdate(withoutNulls(object), withoutNulls(old), context),
    }),
    ...(warnings && { warnings: (object, old) => warnings(withoutNulls(object), old && withoutNulls(old)) }),
  };
}

const descriptions = new Map(
  Object.entries(columnDescriptions).map(([resource, columns]) => [resource, new Map(Object.entries(columns))]),
);

const described = (column: Column, plural: string, group: string): Column => {
  const description = column.description ?? descriptions.get(group ? `${plural}.${group}` : plural)?.get(column.name);
  return description === undefined ? column : { ...column, description };
};
