/** Name, project, search, connection, bell, language, theme and account. */
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { AlertStore } from '../alerts/alert-store';
import { Stream } from '../cluster/stream';
import { Language, languageCodes } from '../i18n/language';
import { Session } from '../session/session';
import { Icon } from '../ui/icon';
import { CommandBoxOpener } from './command-box-opener';
import { Preferences, type Theme } from './preferences';
import { ProjectSwitcher } from './project-switcher';
import { Shortcuts } from './shortcuts';

@Component({
  selector: 'naru-top-bar',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, MatMenuModule, ProjectSwitcher, RouterLink],
  templateUrl: './top-bar.html',
  styleUrl: './top-bar.scss',
  host: { role: 'banner' },
})
export class TopBar {
  readonly #dialog = inject(MatDialog);
  protected readonly language = inject(Language);
  protected readonly languageCodes = languageCodes;
  protected readonly session = inject(Session);
  protected readonly preferences = inject(Preferences);
  protected readonly stream = inject(Stream);
  protected readonly commandBox = inject(CommandBoxOpener);
  protected readonly shortcuts = inject(Shortcuts);
  protected readonly alerts = inject(AlertStore);
  protected readonly themes: readonly Theme[] = ['system', 'light', 'dark'];
  protected readonly themeIcon = computed(() => (this.preferences.theme() === 'light' ? 'sun' : 'moon'));
  protected readonly bellLabel = computed(() => {
    const count = this.alerts.unacknowledged().length;
    return count === 0 ? this.language.say('shell.bell.none') : this.language.sayCount('shell.bell', count);
  });

  protected showAccount(): void {
    void import('../session/account-dialog').then(({ AccountDialog }) =>
      this.#dialog.open(AccountDialog, { width: '460px' }),
    );
  }
}
