/** Chooses the project whose things are shown; all of them to begin with. */
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatMenuModule } from '@angular/material/menu';
import { ApiClient } from '../cluster/api-client';
import { Cluster, isSystemProject } from '../cluster/cluster';
import { asFailure } from '../cluster/failure';
import { Language } from '../i18n/language';
import { message } from '../i18n/message';
import { Ask } from '../ui/ask';
import { Icon } from '../ui/icon';
import { Notices } from '../ui/notices';
import { Preferences } from './preferences';

@Component({
  selector: 'naru-project-switcher',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, MatMenuModule],
  template: `
    <button class="button quiet" type="button" [matMenuTriggerFor]="menu" data-testid="project-switcher">
      <span class="visually-hidden">{{ language.say('shell.project') }}:</span>
      <span class="name">{{ preferences.project() || language.say('shell.allProjects') }}</span>
      <naru-icon name="chevronDown" [size]="15" />
    </button>
    <mat-menu #menu="matMenu">
      <button mat-menu-item data-testid="project-all" (click)="preferences.project.set('')">
        <naru-icon [name]="preferences.project() === '' ? 'check' : 'resources'" />{{
          language.say('shell.allProjects')
        }}
      </button>
      @for (project of own(); track project) {
        <button mat-menu-item [attr.data-testid]="'project-' + project" (click)="preferences.project.set(project)">
          <naru-icon [name]="preferences.project() === project ? 'check' : 'chevronRight'" />{{ project }}
        </button>
      }
      <button mat-menu-item [matMenuTriggerFor]="system">
        <naru-icon name="machine" />{{ language.say('shell.systemProjects') }}
      </button>
      <button mat-menu-item data-testid="new-project" (click)="create()">
        <naru-icon name="plus" />{{ language.say('shell.newProject') }}
      </button>
    </mat-menu>
    <mat-menu #system="matMenu">
      @for (project of systems(); track project) {
        <button mat-menu-item (click)="preferences.project.set(project)">{{ project }}</button>
      }
    </mat-menu>
  `,
  styles: `
    .name {
      max-width: 180px;
      overflow: hidden;
      text-overflow: ellipsis;
    }
    @media (max-width: 599px) {
      .button {
        padding: 0 6px;
      }
      .name {
        max-width: 104px;
      }
    }
    @media (max-width: 359px) {
      .name {
        max-width: 76px;
      }
    }
  `,
})
export class ProjectSwitcher {
  readonly #cluster = inject(Cluster);
  readonly #api = inject(ApiClient);
  readonly #ask = inject(Ask);
  readonly #notices = inject(Notices);
  protected readonly language = inject(Language);
  protected readonly preferences = inject(Preferences);
  protected readonly own = computed(() => this.#cluster.projects().filter((project) => !isSystemProject(project)));
  protected readonly systems = computed(() => this.#cluster.projects().filter(isSystemProject));

  /** Projects made here get the baseline of Pod Security, which keeps containers off the machine itself. */
  protected async create(): Promise<void> {
    const name = await this.#ask.value({
      title: message('shell.newProject'),
      label: message('ui.name'),
      hint: message('run.nameHint'),
      value: '',
      confirm: message('project.create'),
    });
    if (name === undefined) return;
    const labels = { 'pod-security.kubernetes.io/enforce': 'baseline' };
    try {
      await this.#api.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
      this.preferences.project.set(name);
    } catch (error) {
      this.#notices.show({ message: message('shell.newProject'), failure: asFailure(error) });
    }
  }
}
