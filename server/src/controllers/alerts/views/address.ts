/** A service as rules see it: whether it leads to anything, and to which apps. */
import type { KubeObject } from '@naru/api/object';
import type { AppSubject } from './app.ts';

export interface Service extends KubeObject {
  spec?: {
    type?: string;
    selector?: Record<string, string>;
    ports?: { name?: string; port: number; targetPort?: number | string }[];
  };
}

export interface EndpointSlice extends KubeObject {
  endpoints?: { conditions?: { ready?: boolean } }[];
  ports?: { port?: number }[] | null;
}

/** What somebody may have meant. */
export interface Alternative {
  readonly app: string;
  readonly selector: Readonly<Record<string, string>>;
}

export interface AddressView {
  readonly service: Service;
  /** Ready endpoints that a port of the service leads to. */
  readonly targets: number;
  /** Instances that the selector matches and that are ready. */
  readonly ready: number;
  /** Apps that the selector matches. */
  readonly apps: readonly AppSubject[];
  /** Instances that those apps are to have. */
  readonly wanted: number;
  /** Its app went after somebody last wrote the service. */
  readonly isDeserted: boolean;
  /** An app of the project that the service looks made for. */
  readonly alternative: Alternative | undefined;
}

/** Endpoints that are ready and reached. */
export function readyTargets(slices: readonly EndpointSlice[], { spec }: Service): number {
  const needsPorts = (spec?.ports ?? []).length > 0;
  return slices
    .filter(({ ports }) => !needsPorts || (ports ?? []).length > 0)
    .flatMap(({ endpoints = [] }) => endpoints)
    .filter(({ conditions }) => conditions?.ready !== false).length;
}

/** Whether labels have all that a selector asks for. */
export const matches = (
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> = {},
): boolean => Object.entries(selector).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
