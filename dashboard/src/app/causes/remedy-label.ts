/** What the button of a remedy says. */
import { type Message, message } from '../i18n/message';
import { readableMemory } from '../kinds/quantity';
import type { Remedy } from './cause';

export function remedyLabel(remedy: Remedy): Message {
  switch (remedy.kind) {
    case 'logs':
      return message(remedy.previous ? 'remedy.previousLogs' : 'remedy.logs');
    case 'image':
      return message('remedy.image');
    case 'memory-limit':
      return message('remedy.memoryLimit', { suggested: readableMemory(remedy.suggested) });
    case 'reservation':
      return message('remedy.reservation');
    case 'create':
      return message('remedy.create', { name: remedy.name });
    case 'rollback':
      return message('remedy.rollback');
    case 'yaml':
      return message('remedy.yaml');
    case 'events':
      return message('remedy.events');
    case 'machines':
      return message('remedy.machines');
    case 'force-delete':
      return message('remedy.forceDelete');
  }
}
