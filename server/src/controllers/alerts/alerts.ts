/** The two loops of alerts: one finds them, one tells of them. */
import { controllerUser, type Controller, type ControllerContext } from '../runtime/define-controller.ts';
import { Engine, type EngineOptions } from './engine.ts';
import { Notifier, type Send } from './notify/notifier.ts';

/** What the server gives the rules beside the API. */
export interface AlertsConfig extends Partial<EngineOptions> {
  readonly send?: Send;
  /** Told how to ask when all that was known had been looked at. */
  onStart?(seenAt: () => number): void;
}

export function alertControllers({ figures, readLog, signIns, send, onStart }: AlertsConfig = {}): Controller[] {
  const controller = (name: string, setup: (context: ControllerContext) => () => void): Controller => ({
    name,
    user: controllerUser(name),
    component: name,
    setup,
  });
  return [
    controller('alert-controller', (context) => {
      const engine = new Engine(context, { figures, readLog, signIns });
      return () => {
        void engine.start();
        onStart?.(() => engine.seenAt());
      };
    }),
    controller('alert-notifier', (context) => {
      const notifier = new Notifier(context, { send });
      return () => notifier.start();
    }),
  ];
}
