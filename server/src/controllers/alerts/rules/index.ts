/** The rules there are, by what they look at. */
import type { NotificationChannel } from '../notify/channel.ts';
import type { AnyRule, Rule } from '../rule.ts';
import type { AccountView } from '../views/account.ts';
import type { AddressView } from '../views/address.ts';
import type { AppView } from '../views/app.ts';
import type { AutoscalerView } from '../views/autoscaler.ts';
import type { ClaimView } from '../views/claim.ts';
import type { MachineView } from '../views/machine.ts';
import type { QuotaView } from '../views/quota.ts';
import type { TaskView } from '../views/task.ts';
import { appDegraded, appDown, instanceNotReady, rolloutStuck, stuckDeleting } from './app-serving.ts';
import { loginAttack } from './accounts.ts';
import { addressHasNoTarget } from './addresses.ts';
import { autoscaleAtMax, autoscaleBlind } from './autoscaling.ts';
import { crashLooping, outOfMemoryKilled } from './crashes.ts';
import { flapping, machineFlapping } from './flapping.ts';
import {
  engineDown,
  machineCpuHigh,
  machineDiskFilling,
  machineMemoryHigh,
  machineOffline,
  metricsMissing,
} from './machines.ts';
import { notifyFailed } from './channels.ts';
import { projectNearLimit } from './quotas.ts';
import { cannotPlace, containerConfigError, imagePullFailed } from './starting.ts';
import { storagePending } from './storage.ts';
import { stuckStarting } from './stuck-starting.ts';
import { scheduleMissed, taskFailed, taskTooLong } from './tasks.ts';
import { watchdog } from './watchdog.ts';

export const appRules: readonly Rule<AppView>[] = [
  appDown,
  appDegraded,
  crashLooping,
  outOfMemoryKilled,
  imagePullFailed,
  containerConfigError,
  cannotPlace,
  instanceNotReady,
  stuckStarting,
  stuckDeleting,
  rolloutStuck,
  flapping,
];

export const taskRules: readonly Rule<TaskView>[] = [taskFailed, taskTooLong, scheduleMissed];
export const autoscalerRules: readonly Rule<AutoscalerView>[] = [autoscaleAtMax, autoscaleBlind];
export const machineRules: readonly Rule<MachineView>[] = [
  machineOffline,
  machineFlapping,
  engineDown,
  machineCpuHigh,
  ...machineMemoryHigh,
  ...machineDiskFilling,
  metricsMissing,
];

export const addressRules: readonly Rule<AddressView>[] = [addressHasNoTarget];
export const claimRules: readonly Rule<ClaimView>[] = [storagePending];
export const quotaRules: readonly Rule<QuotaView>[] = projectNearLimit;
export const accountRules: readonly Rule<AccountView>[] = [loginAttack];
export const channelRules: readonly Rule<NotificationChannel>[] = [notifyFailed];

/** All of them, by number. */
export const rules: readonly AnyRule[] = [
  ...appRules,
  ...taskRules,
  ...autoscalerRules,
  ...machineRules,
  ...addressRules,
  ...claimRules,
  ...quotaRules,
  ...accountRules,
  ...channelRules,
  watchdog,
].sort((a, b) => a.number - b.number);

/** The rule that an alert names; of several rows of one rule the one of its severity. */
export const ruleNamed = (name: string, severity?: string): AnyRule | undefined =>
  rules.find((rule) => rule.name === name && (!rule.variant || rule.severity === severity));
