/** The list of keys. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatDialogModule } from '@angular/material/dialog';
import { Language } from '../i18n/language';
import type { MessageKey } from '../i18n/message';
import { sections } from './sections';

const everywhere: readonly (readonly [string, MessageKey])[] = [
  ['?', 'shell.shortcuts'],
  ['/', 'ui.filter'],
  ['Ctrl K', 'shell.command'],
  ['Ctrl `', 'keys.dock'],
  ['Ctrl Shift F6', 'keys.leaveTerminal'],
];
const inTables: readonly (readonly [string, MessageKey])[] = [
  ['j / k', 'keys.move'],
  ['Enter', 'action.open'],
  ['x', 'keys.select'],
  ['l', 'action.logs'],
  ['s', 'action.shell'],
  ['y', 'keys.yaml'],
  ['r', 'action.restart'],
  ['p', 'keys.startStop'],
  ['+ / -', 'action.scale'],
  ['Delete', 'action.delete'],
];

const inLogs: readonly (readonly [string, MessageKey])[] = [
  ['f', 'logs.follow'],
  ['w', 'logs.wrap'],
  ['t', 'logs.timestamps'],
  ['n / N', 'logs.next'],
];

@Component({
  selector: 'naru-shortcut-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [MatDialogModule],
  template: `
    <h2 mat-dialog-title>{{ language.say('shell.shortcuts') }}</h2>
    <mat-dialog-content tabindex="0">
      <div class="groups">
        <section>
          <h3>{{ language.say('keys.everywhere') }}</h3>
          @for (row of everywhere; track row[0]) {
            <p>
              <kbd>{{ row[0] }}</kbd>{{ language.say(row[1]) }}
            </p>
          }
          @for (section of sections; track section.path) {
            <p>
              <kbd>g {{ section.code.slice(3).toLowerCase() }}</kbd
              >{{ language.say(section.label) }}
            </p>
          }
        </section>
        <section>
          <h3>{{ language.say('keys.inTables') }}</h3>
          @for (row of inTables; track row[0]) {
            <p>
              <kbd>{{ row[0] }}</kbd>{{ language.say(row[1]) }}
            </p>
          }
          <h3>{{ language.say('keys.logs') }}</h3>
          @for (row of inLogs; track row[0]) {
            <p>
              <kbd>{{ row[0] }}</kbd>{{ language.say(row[1]) }}
            </p>
          }
        </section>
      </div>
    </mat-dialog-content>
    <mat-dialog-actions
      ><span class="spread"></span
      ><button class="button" mat-dialog-close>{{ language.say('action.close') }}</button></mat-dialog-actions
    >
  `,
  styles: `
    .groups {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(230px, 1fr));
      gap: 24px;
    }
    section {
      display: grid;
      gap: 6px;
      align-content: start;
    }
    p {
      display: grid;
      grid-template-columns: 112px minmax(0, 1fr);
      gap: 8px;
    }
    kbd {
      color: var(--muted);
      font: 12.5px var(--mono);
    }
  `,
})
export class ShortcutSheet {
  protected readonly language = inject(Language);
  protected readonly sections = sections;
  protected readonly everywhere = everywhere;
  protected readonly inTables = inTables;
  protected readonly inLogs = inLogs;
}
