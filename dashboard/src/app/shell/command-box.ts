/** Goes to a page, an app or a project, and runs what has a name; understands initial consonants and the wrong layout. */
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { MatDialogRef } from '@angular/material/dialog';
import { Router } from '@angular/router';
import { AppActions, canStop } from '../apps/app-actions';
import { Cluster } from '../cluster/cluster';
import { Discovery } from '../cluster/discovery';
import { DockTabs } from '../dock/dock-tabs';
import type { MessageKey } from '../i18n/message';
import { plainKindName } from '../kinds/plain-names';
import { Language } from '../i18n/language';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icon-paths';
import { matchesText } from '../ui/korean-match';
import { Preferences } from './preferences';
import { sections } from './sections';

interface Command {
  readonly label: string;
  readonly hint: string;
  readonly icon: IconName;
  readonly run: () => void;
}

@Component({
  selector: 'naru-command-box',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [FormsModule, Icon],
  template: `
    <input
      class="box"
      role="combobox"
      aria-expanded="true"
      aria-controls="commands"
      [attr.aria-activedescendant]="'command-' + active()"
      [attr.aria-label]="language.say('shell.command')"
      [placeholder]="language.say('shell.command')"
      [ngModel]="text()"
      (ngModelChange)="text.set($event); active.set(0)"
      (keydown)="press($event)"
      data-testid="command-input"
    />
    <ul id="commands" role="listbox" [attr.aria-label]="language.say('shell.command')">
      @for (command of found(); track $index) {
        <!-- The list follows the field: arrows and Enter work there. -->
        <li
          role="option"
          [id]="'command-' + $index"
          [attr.aria-selected]="$index === active()"
          (click)="run(command)"
          (pointermove)="active.set($index)"
        >
          <naru-icon [name]="command.icon" [size]="16" /><span class="spread">{{ command.label }}</span
          ><span class="muted small">{{ command.hint }}</span>
        </li>
      } @empty {
        <li class="muted">{{ language.say('ui.noMatch', { text: text() }) }}</li>
      }
    </ul>
  `,
  styles: `
    .box {
      width: 100%;
      padding: 16px 20px;
      border: 0;
      border-bottom: 1px solid var(--line);
      background: none;
      font-size: 16px;
      outline: none;
    }
    ul {
      max-height: 46vh;
      overflow: auto;
      padding: 6px;
    }
    li {
      display: flex;
      align-items: center;
      gap: 10px;
      padding: 8px 12px;
      border-radius: 6px;
      cursor: pointer;
    }
    [aria-selected='true'] {
      background: var(--accent-tint);
    }
  `,
})
export class CommandBox {
  readonly #dialog = inject(MatDialogRef<CommandBox>);
  readonly #router = inject(Router);
  readonly #cluster = inject(Cluster);
  readonly #preferences = inject(Preferences);
  readonly #actions = inject(AppActions);
  readonly #dock = inject(DockTabs);
  readonly #discovery = inject(Discovery);
  protected readonly language = inject(Language);
  protected readonly text = signal('');
  protected readonly active = signal(0);
  readonly #all = computed(() => [
    ...this.#pages(),
    ...this.#apps(),
    ...this.#projects(),
    ...(this.text().trim() === '' ? [] : [...this.#verbs(), ...this.#kinds()]),
  ]);
  protected readonly found = computed(() =>
    this.#all()
      .filter(({ label, hint }) => matchesText(`${label} ${hint}`, this.text()))
      .slice(0, 40),
  );

  #pages(): Command[] {
    const hint = this.language.say('command.page');
    const go = (path: string) => () => void this.#router.navigateByUrl(path);
    return [
      ...sections.map(({ label, icon, path }) => ({ label: this.language.say(label), hint, icon, run: go(path) })),
      { label: this.language.say('action.run'), hint: this.language.say('command.do'), icon: 'plus', run: go('/run') },
    ];
  }

  #apps(): Command[] {
    return this.#cluster.allApps().map((app) => ({
      label: app.name,
      hint: app.project,
      icon: 'apps',
      run: () => void this.#router.navigate(['/apps', app.project, app.kind.toLowerCase(), app.name]),
    }));
  }

  /** What can be done with an app, once something is typed. */
  #verbs(): Command[] {
    const hint = this.language.say('command.do');
    return this.#cluster.allApps().flatMap((app): Command[] => {
      const verb = (key: MessageKey, icon: IconName, run: () => void) => ({
        label: `${app.name}: ${this.language.say(key)}`,
        hint,
        icon,
        run,
      });
      const target = { project: app.project, app: `${app.kind}/${app.name}` };
      return [
        verb('action.logs', 'logs', () => this.#dock.open('logs', app.name, target)),
        ...(app.stopped
          ? [verb('action.start', 'play', () => void this.#actions.start(app))]
          : [
              verb('action.restart', 'restart', () => void this.#actions.restart(app)),
              ...(canStop(app) ? [verb('action.stop', 'stop', () => void this.#actions.stop(app))] : []),
            ]),
      ];
    });
  }

  #kinds(): Command[] {
    const hint = this.language.say('nav.resources');
    return this.#discovery
      .kinds()
      .filter(({ verbs }) => verbs.includes('list'))
      .map((kind) => {
        const plain = plainKindName(kind);
        return {
          label: plain ? `${this.language.say(plain)} (${kind.kind})` : kind.kind,
          hint,
          icon: 'resources',
          run: () => void this.#router.navigate(['/resources', kind.group || 'core', kind.version, kind.plural]),
        };
      });
  }

  #projects(): Command[] {
    return this.#cluster.projects().map((project) => ({
      label: project,
      hint: this.language.say('shell.project'),
      icon: 'resources',
      run: () => this.#preferences.project.set(project),
    }));
  }

  protected press(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const count = Math.max(this.found().length, 1);
      this.active.update((active) => (active + step + count) % count);
      document.getElementById(`command-${this.active()}`)?.scrollIntoView({ block: 'nearest' });
    }
    const command = this.found()[this.active()];
    if (event.key === 'Enter' && command) this.run(command);
  }

  protected run(command: Command): void {
    this.#dialog.close();
    command.run();
  }
}
