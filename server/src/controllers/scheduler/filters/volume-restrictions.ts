/** A claim for one pod only is used by one pod only. */
// Like scheduler plugins/volumerestrictions, for ReadWriteOncePod.
import { claimNamesOf } from '../../persistent-volume/volume.ts';
import type { Filter } from '../framework.ts';

const inUse = 'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode';

export const volumeRestrictions: Filter = {
  name: 'VolumeRestrictions',
  prepare({ pod, uid }, surroundings) {
    const namespace = pod.metadata.namespace ?? '';
    const alone = claimNamesOf(pod).filter((name) =>
      surroundings.claim(namespace, name)?.spec.accessModes?.includes('ReadWriteOncePod'),
    );
    if (alone.length === 0) return undefined;
    const users = new Set(alone.flatMap((name) => [...surroundings.podsUsing(`${namespace}/${name}`)]));
    users.delete(uid);
    if (users.size === 0) return undefined;
    return {
      // A node where none of them would run any more, because they make room, will do.
      filter: (node) =>
        [...users].some((user) => node.pods.has(user) || surroundings.placeOf(user) !== node.name)
          ? { reasons: [inUse], final: false }
          : undefined,
    };
  },
};
