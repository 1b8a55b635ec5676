/** Every kind the server has, by group. */
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Discovery, type ResourceKind } from '../cluster/discovery';
import { FailureNote } from '../errors/failure-note';
import { Language } from '../i18n/language';
import { Icon } from '../ui/icon';
import { matchesText } from '../ui/korean-match';
import { Skeleton } from '../ui/skeleton';
import { plainKindName } from '../kinds/plain-names';

@Component({
  selector: 'naru-kind-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [FailureNote, Icon, RouterLink, Skeleton],
  template: `
    <div class="page">
      <div class="page-head">
        <h1>{{ language.say('nav.resources') }}</h1>
        <span class="muted">{{ language.say('resources.why') }}</span>
      </div>
      @if (discovery.failure(); as failure) {
        <naru-failure-note [failure]="failure"
          ><button class="button compact" type="button" (click)="discovery.load()">
            {{ language.say('action.retry') }}
          </button></naru-failure-note
        >
      } @else if (!discovery.loaded()) {
        <div class="card"><naru-skeleton /></div>
      }
      <div class="search-box">
        <naru-icon name="search" [size]="16" />
        <input
          class="input search"
          type="search"
          data-filter
          [placeholder]="language.say('ui.filter')"
          [attr.aria-label]="language.say('ui.filter')"
          [value]="text()"
          (input)="text.set($any($event.target).value)"
        />
      </div>
      @for (group of groups(); track group.name) {
        <section>
          <h2 class="small muted">{{ group.name || language.say('resources.core') }}</h2>
          <ul class="card">
            @for (kind of group.kinds; track kind.plural) {
              <li>
                <a
                  [routerLink]="['/resources', kind.group || 'core', kind.version, kind.plural]"
                  [attr.data-testid]="'kind-' + kind.plural"
                >
                  <strong>{{ plainName(kind) ?? kind.kind }}</strong>
                  <span class="small muted mono">{{ plainName(kind) ? kind.kind : kind.plural }}</span>
                </a>
              </li>
            }
          </ul>
        </section>
      } @empty {
        @if (discovery.loaded()) {
          <p class="muted">{{ language.say('ui.noMatch', { text: text() }) }}</p>
        }
      }
    </div>
  `,
  styles: `
    section {
      display: grid;
      gap: 6px;
    }
    ul {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(210px, 1fr));
      padding: 6px;
    }
    a {
      display: grid;
      padding: 8px 10px;
      border-radius: 6px;
      color: var(--text);
      text-decoration: none;
    }
    a:hover {
      background: var(--inset);
    }
    strong {
      font-weight: 600;
    }
  `,
})
export class KindList {
  protected readonly discovery = inject(Discovery);
  protected readonly language = inject(Language);
  protected readonly text = signal('');
  protected readonly groups = computed(() => {
    const kinds = this.discovery
      .kinds()
      .filter(({ verbs }) => verbs.includes('list'))
      .filter((kind) =>
        matchesText(`${kind.kind} ${kind.plural} ${kind.group} ${this.plainName(kind) ?? ''}`, this.text()),
      );
    return [...Map.groupBy(kinds, ({ group }) => group)].map(([name, members]) => ({
      name,
      kinds: members.sort((a, b) => a.kind.localeCompare(b.kind)),
    }));
  });

  protected plainName(kind: ResourceKind): string | undefined {
    const key = plainKindName(kind);
    return key && this.language.say(key);
  }
}
