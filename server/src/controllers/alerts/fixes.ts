/** What may help against an alert: codes that pages make buttons of. */

/** By code: what is done, and which params say with what. */
export const fixCodes = {
  'show-logs': 'Read the log of `pod`, `container`; `previous` is true when the run before is meant.',
  'roll-back': 'Go back to `revision` of the app, the last one before the present.',
  restart: 'Restart the app: its instances are replaced one after the other.',
  'show-instance': 'Look at the instance `pod`.',
  'raise-memory-limit': 'Give `container` the memory `limit`.',
  'edit-image': 'Give `container` another image than `image`.',
  'add-registry-login': 'Make a Secret with a login for `registry`, and name it in imagePullSecrets.',
  'create-missing': 'Create the `kind` `name`, or add the entry `key` to it.',
  'edit-settings': 'Edit the settings of `container`.',
  'lower-reservation': 'Let `container` reserve less: `memory`, `cpu`, so that it fits.',
  uncordon: 'Let `machine` take new instances again.',
  'add-machine': 'Add a machine.',
  'edit-health-check': 'Edit the health check of `container`.',
  'force-delete': 'Remove the instance `pod` without waiting for its end.',
  'run-again': 'Start the task again.',
  'raise-maximum': 'Allow the autoscaler `maximum` instances.',
  'set-cpu-request': 'Let the containers of the app reserve CPU, which utilization is measured by.',
  'edit-autoscaler': 'Edit the autoscaler.',
  'fix-selector': 'Give the service the selector `selector`, as JSON: that of the app `app`.',
  'edit-service': 'Edit the service.',
  'restart-engine': 'Restart the Docker Engine of `machine`: run `command` there.',
  'show-machine': 'Look at `machine`: what runs there, and what it uses.',
  'edit-storage': 'Edit the claim, or the storage class that it names.',
  'edit-quota': 'Edit the quota, or let the project use less.',
  'send-test': 'Send a test message to `channel`.',
} as const satisfies Record<string, string>;

export type FixCode = keyof typeof fixCodes;
