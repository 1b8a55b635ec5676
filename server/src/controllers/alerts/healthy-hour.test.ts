/** An hour in which everything that is done is done on purpose, but for a machine that is switched off and on again. */
import { expect, test } from '@jest/globals';
import { AppsAndMachines } from './testing/apps-and-machines.ts';
import { alertsIn, runAlerts } from './testing/running-alerts.ts';
import { SmallCluster } from './testing/small-cluster.ts';

test('a healthy hour raises nothing but the alert of the machine that was away', async () => {
  const cluster = new SmallCluster();
  const world = new AppsAndMachines(cluster);
  const alerting = await runAlerts(cluster);
  for (const name of ['m1', 'm2']) world.addMachine(name);
  const minutes = (count: number) => cluster.pass(count * 60, () => world.tick());

  world.apply('web', { replicas: 1 });
  world.apply('db', { replicas: 1 });
  await minutes(6);
  world.apply('web', { image: 'app:2' });
  await minutes(4);
  world.apply('web', { replicas: 5 });
  await minutes(5);
  world.apply('web', { replicas: 1 });
  await minutes(5);
  world.apply('db', { replicas: 0 });
  await minutes(4);
  world.apply('db', { replicas: 1 });
  world.apply('web', { replicas: 4 });
  await minutes(4);
  world.deletePod('web');
  await minutes(2);
  world.setMachine('m2', { cordoned: true });
  await minutes(3);
  world.setMachine('m2', { cordoned: false });
  expect(alertsIn(cluster)).toEqual([]);

  world.setMachine('m2', { answers: false });
  await minutes(3);
  world.setMachine('m2', { answers: true });
  await minutes(10);
  world.delete('db');
  await minutes(14);

  expect(
    alertsIn(cluster).map(({ spec, status }) => [spec.rule, spec.subject.name, status?.state, status?.timesFired]),
  ).toEqual([['MachineOffline', 'm2', 'resolved', 1]]);
  expect(cluster.problems).toEqual([]);
  alerting.stop();
});
