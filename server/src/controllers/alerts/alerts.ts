/** The two loops of alerts: one finds them, one tells of them. */
import { controllerUser, type Controller, type ControllerContext } from '../runtime/define-controller.ts';
import { Engine, type EngineOptions } from './engine.ts';
import { Notifier, type Send } from './notify/notifier.ts';
import { Reports } from './reports.ts';

/** What the server gives the rules beside the API. */
export interface AlertsConfig extends Partial<Omit<EngineOptions, 'reports'>> {
  readonly send?: Send;
  /** Told how to ask when all that was known had been looked at. */
  onStart?(seenAt: () => number): void;
}

export function alertControllers({ figures, readLog, send, onStart }: AlertsConfig = {}): Controller[] {
  const reports = new Reports();
  const controller = (name: string, setup: (context: ControllerContext) => () => void): Controller => ({
    name,
    user: controllerUser(name),
    component: name,
    setup,
  });
  return [
    controller('alert-controller', (context) => {
      const engine = new Engine(context, { figures, readLog, reports });
      return () => {
        engine.start();
        onStart?.(() => engine.seenAt());
      };
    }),
    controller('alert-notifier', (context) => {
      const notifier = new Notifier(context, { reports, send });
      return () => notifier.start();
    }),
  ];
}
