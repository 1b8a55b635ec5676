/** Every name the network gives to things in the kernel, so that two clusters can share a host and `down` finds its own. */
import { createHash } from 'node:crypto';

const hash = (text: string, length: number) => createHash('sha256').update(text).digest('hex').slice(0, length);

/** What the host ends of this cluster's pods begin with: `nr` and four digits of the cluster id. */
export const podInterfacePrefix = (clusterId: string) => `nr${clusterId.slice(0, 4)}`;

/** `nr<4 cluster><9 pod>`: 15 characters, the longest the kernel takes. */
export const podInterface = (clusterId: string, uid: string) => `${podInterfacePrefix(clusterId)}${hash(uid, 9)}`;

/** Carries the cluster DNS address and the route of the service network. */
export const nodeInterface = (clusterId: string) => `naru${clusterId.slice(0, 8)}`;

export const nftTable = (clusterId: string) => `naru-${clusterId}`;

/** Comment of every iptables rule of this cluster. */
export const ruleComment = (clusterId: string) => `naru-${clusterId}`;

/** Marks routes as Naru's in `ip route` (`proto 110`); a number no routing daemon uses. */
export const routeProtocol = '110';

/** Ten digits that stand for `text` in the name of a chain or set. */
export const shortHash = (text: string) => hash(text, 10);
