/** What the agent asks of a node's network. The kernel's network (network.ts) and the fake hold the same promises. */
import type { PodIdentity } from '../runtime/container-runtime.ts';

/** A port of the node that leads to a port of the pod. */
export interface HostPort {
  /** Address of the node; empty or 0.0.0.0: every one. */
  hostIP: string;
  hostPort: number;
  containerPort: number;
  protocol: 'TCP' | 'UDP' | 'SCTP';
}

/** A pod whose sandbox runs. Pods with hostNetwork never come here. */
export interface AttachablePod extends PodIdentity {
  /** Process whose network namespace the pod shares. */
  pid: number;
  labels: Record<string, string>;
  hostPorts: HostPort[];
}

/** The part of a pod that decides its resolv.conf. */
export interface PodDns {
  namespace: string;
  hostNetwork: boolean;
  dnsPolicy: string;
  dnsConfig?: {
    nameservers?: string[];
    searches?: string[];
    options?: { name?: string; value?: string }[];
  };
}

export interface ResolvConf {
  content: string;
  /** Messages of DNSConfigForming events: what did not fit into resolv.conf. */
  warnings: string[];
}

export interface PodNetwork {
  /**
   * Called once, before anything else, with every sandbox that already runs: finds the addresses they have, takes up
   * what stands for them in the kernel and clears away what stands for pods that are gone. Answers pod UID → address;
   * a pod missing there has lost its network and needs a new sandbox.
   */
  adopt(pods: AttachablePod[]): Promise<Map<string, string>>;
  /**
   * Gives the pod its address, before its first container starts; policies that select it are in force when this
   * resolves. Attaching again changes nothing; with another pid (a new sandbox) the pod keeps its address.
   */
  attach(pod: AttachablePod): Promise<{ ip: string }>;
  /**
   * To be called before the containers of a pod are ended for good: afterwards new connections to services pass it by,
   * where there is another endpoint. Open ones stay.
   */
  leave(uid: string): Promise<void>;
  /** Takes the pod off the network and frees its address. Detaching what is not attached succeeds. */
  detach(uid: string): Promise<void>;
  /** undefined: not attached. */
  addressOf(uid: string): string | undefined;
  /** Contents of the pod's /etc/resolv.conf; for hostNetwork pods too. */
  resolvConf(pod: PodDns): ResolvConf;
  /** Stops listening and watching. What the kernel does for pods and services goes on. */
  close(): Promise<void>;
}
