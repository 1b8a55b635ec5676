/** The menu at the left; folds to icons. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { AlertStore } from '../alerts/alert-store';
import { Language } from '../i18n/language';
import { Icon } from '../ui/icon';
import { Preferences } from './preferences';
import { sections } from './sections';

@Component({
  selector: 'naru-navigation',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, RouterLink, RouterLinkActive],
  host: { '[class.narrow]': 'preferences.narrowNavigation()' },
  template: `
    <nav [attr.aria-label]="language.say('nav.main')">
      @for (section of sections; track section.path) {
        <a
          [routerLink]="section.path"
          routerLinkActive="active"
          ariaCurrentWhenActive="page"
          [attr.title]="language.say(section.label)"
          [attr.data-testid]="'nav-' + section.path.slice(1)"
        >
          <naru-icon [name]="section.icon" />
          <span class="label">{{ language.say(section.label) }}</span>
          @if (section.path === '/alerts' && alerts.unacknowledged().length) {
            <span class="count">{{ alerts.unacknowledged().length }}</span>
          }
        </a>
      }
      <button
        type="button"
        class="fold"
        [attr.aria-label]="language.say(preferences.narrowNavigation() ? 'nav.expand' : 'nav.collapse')"
        (click)="preferences.narrowNavigation.set(!preferences.narrowNavigation())"
      >
        <naru-icon name="collapse" />
      </button>
    </nav>
  `,
  styles: `
    :host {
      flex: none;
      width: 196px;
      border-right: 1px solid var(--line);
      background: var(--surface);
    }
    nav {
      display: flex;
      flex-direction: column;
      gap: 2px;
      height: 100%;
      padding: 10px 8px;
    }
    a,
    .fold {
      display: flex;
      align-items: center;
      gap: 10px;
      height: 36px;
      padding: 0 10px;
      border: 0;
      border-radius: 6px;
      background: none;
      color: var(--muted);
      font-weight: 550;
      text-decoration: none;
      cursor: pointer;
    }
    a:hover,
    .fold:hover {
      background: var(--inset);
      color: var(--text);
    }
    .active {
      background: var(--accent-tint);
      color: var(--accent);
    }
    .label {
      flex: 1;
      white-space: nowrap;
    }
    .fold {
      margin-top: auto;
      align-self: flex-start;
    }
    :host(.narrow) {
      width: 54px;
    }
    :host(.narrow) .label,
    :host(.narrow) .count {
      display: none;
    }
    @media (max-width: 899px) {
      :host {
        width: 54px;
      }
      .label,
      .count,
      .fold {
        display: none;
      }
    }
    @media (max-width: 599px) {
      :host {
        display: none;
      }
    }
  `,
})
export class Navigation {
  protected readonly language = inject(Language);
  protected readonly preferences = inject(Preferences);
  protected readonly alerts = inject(AlertStore);
  protected readonly sections = sections;
}
