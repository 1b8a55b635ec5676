/** A volume of a pod, ready to be mounted into its containers. */
import type { Mask } from './host-path.ts';

export interface PreparedVolume {
  /** On the host. */
  path: string;
  /** Whatever the container asks: what the API fills is not for containers to change. */
  readOnly: boolean;
  masks: Mask[];
}

/** A volume that cannot be set up; the pod waits, and is told why. */
export class VolumeError extends Error {
  override readonly name = 'VolumeError';
  readonly volume: string;

  constructor(volume: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.volume = volume;
  }
}
