/** Where the kubelet API finds the containers that requests name. */

/** An answer other than 200, as text: the API server passes it on to the user. */
export class KubeletHttpError extends Error {
  override readonly name = 'KubeletHttpError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export interface FoundContainer {
  id: string;
  /** Whether it was made with a terminal. */
  tty: boolean;
  /** Whether its input ends with that of the first who attaches. */
  stdinOnce: boolean;
}

/** Every method throws KubeletHttpError when the pod or the container is not there, or not in a state that allows what is asked. */
export interface PodDirectory {
  /** For exec and attach: must run. */
  runningContainer(namespace: string, pod: string, container: string): Promise<FoundContainer>;
  /** For logs: the newest run, or the one before it. */
  loggedContainer(namespace: string, pod: string, container: string, previous: boolean): Promise<FoundContainer>;
  /** For port-forward: the sandbox, which must run. */
  runningSandbox(namespace: string, pod: string): Promise<string>;
}
