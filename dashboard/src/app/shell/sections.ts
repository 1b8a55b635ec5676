/** The parts of the page, in the order of the navigation. */
import type { MessageKey } from '../i18n/message';
import type { IconName } from '../ui/icon-paths';

export interface Section {
  readonly path: string;
  readonly label: MessageKey;
  readonly icon: IconName;
  /** Pressed after `g`: the physical key, so that it works under any keyboard layout. */
  readonly code: string;
  /** Whether it is in the bottom bar of narrow screens. */
  readonly bottom: boolean;
}

export const sections: readonly Section[] = [
  { path: '/overview', label: 'nav.overview', icon: 'overview', code: 'KeyO', bottom: true },
  { path: '/apps', label: 'nav.apps', icon: 'apps', code: 'KeyA', bottom: true },
  { path: '/containers', label: 'nav.containers', icon: 'container', code: 'KeyC', bottom: false },
  { path: '/network', label: 'nav.network', icon: 'network', code: 'KeyN', bottom: true },
  { path: '/alerts', label: 'nav.alerts', icon: 'bell', code: 'KeyL', bottom: true },
  { path: '/resources', label: 'nav.resources', icon: 'resources', code: 'KeyR', bottom: false },
];
