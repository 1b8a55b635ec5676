/** The menu of narrow screens. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { Language } from '../i18n/language';
import { Icon } from '../ui/icon';
import { Preferences } from './preferences';
import { sections } from './sections';

@Component({
  selector: 'naru-bottom-bar',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, MatMenuModule, RouterLink, RouterLinkActive],
  template: `
    <nav [attr.aria-label]="language.say('nav.main')">
      @for (section of bottom; track section.path) {
        <a [routerLink]="section.path" routerLinkActive="active" ariaCurrentWhenActive="page">
          <naru-icon [name]="section.icon" [size]="20" /><span>{{ language.say(section.label) }}</span>
        </a>
      }
      <button type="button" [matMenuTriggerFor]="menu">
        <naru-icon name="more" [size]="20" /><span>{{ language.say('nav.more') }}</span>
      </button>
      <mat-menu #menu="matMenu">
        @for (section of rest; track section.path) {
          <a mat-menu-item [routerLink]="section.path"
            ><naru-icon [name]="section.icon" />{{ language.say(section.label) }}</a
          >
        }
        <button mat-menu-item (click)="turnTheme()">
          <naru-icon name="moon" />{{ language.say('shell.theme') }}:
          {{ language.say($any('theme.' + preferences.theme())) }}
        </button>
      </mat-menu>
    </nav>
  `,
  styles: `
    nav {
      display: none;
      border-top: 1px solid var(--line);
      background: var(--surface);
    }
    a,
    button {
      display: grid;
      flex: 1;
      justify-items: center;
      gap: 2px;
      padding: 7px 2px 8px;
      border: 0;
      background: none;
      color: var(--muted);
      font-size: 11.5px;
      font-weight: 550;
      text-decoration: none;
    }
    .active {
      color: var(--accent);
    }
    @media (max-width: 599px) {
      nav {
        display: flex;
      }
    }
  `,
})
export class BottomBar {
  protected readonly language = inject(Language);
  protected readonly preferences = inject(Preferences);
  protected readonly bottom = sections.filter(({ bottom }) => bottom);
  protected readonly rest = sections.filter(({ bottom }) => !bottom);

  protected turnTheme(): void {
    const order = ['system', 'light', 'dark'] as const;
    this.preferences.theme.update((theme) => order[(order.indexOf(theme) + 1) % order.length] ?? 'system');
  }
}
