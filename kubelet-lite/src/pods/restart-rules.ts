/** Whether a container that has ended is started again: by the rules of its exit code, its own policy, the pod's. */
// Like kubecontainer.ShouldContainerBeRestarted.
import type { Container } from '../runtime/container-runtime.ts';
import type { ContainerDefinition, RestartRule } from './container-definition.ts';
import type { Pod } from './pod.ts';

export type ContainerRole = 'container' | 'init' | 'sidecar' | 'ephemeral';

/** What the first rule that the exit code meets says. */
export function ruledAction({ restartPolicyRules = [] }: ContainerDefinition, exitCode: number) {
  return restartPolicyRules.find((rule) => meets(rule, exitCode))?.action;
}

function meets({ exitCodes }: RestartRule, exitCode: number): boolean {
  if (!exitCodes) return false;
  const listed = (exitCodes.values ?? []).includes(exitCode);
  return exitCodes.operator === 'In' ? listed : !listed;
}

/** `ended` is not running any more. */
export function restarts(
  pod: Pod,
  definition: ContainerDefinition,
  role: ContainerRole,
  ended: Pick<Container, 'state' | 'exitCode'>,
): boolean {
  if (role === 'ephemeral') return false;
  if (role === 'sidecar') return true;
  if (ruledAction(definition, ended.exitCode)) return true;
  const succeeded = ended.state === 'exited' && ended.exitCode === 0;
  if (role === 'init' && succeeded) return false;
  const policy = definition.restartPolicy ?? pod.spec.restartPolicy ?? 'Always';
  // An init container of a pod that always restarts is run until it succeeds.
  return policy === 'Always' || (policy === 'OnFailure' && !succeeded);
}
