/** Events as a timeline. */
import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { type ClusterEvent, lastSeen } from '../kinds/cluster-event';
import { Language } from '../i18n/language';
import { eventWords } from '../kinds/event-words';
import { Age } from '../ui/age';

@Component({
  selector: 'naru-event-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Age],
  template: `
    <ul>
      @for (event of events(); track event.metadata.uid) {
        <li [class.warning]="event.type === 'Warning'">
          <i aria-hidden="true"></i>
          <div class="what">
            <span
              >{{ wordsOf(event) ?? event.message }}
              @if (timesOf(event) > 1) {
                <span class="small muted">· {{ language.say('events.times', { count: timesOf(event) }) }}</span>
              }
            </span>
            <span class="small muted term" [attr.title]="event.message">
              @if (named()) {
                {{ event.involvedObject?.name }} ·
              }
              {{ event.reason }}
              @if (wordsOf(event)) {
                · {{ event.message }}
              }
            </span>
          </div>
          <naru-age class="small muted" [time]="time(event)" />
        </li>
      }
    </ul>
  `,
  styles: `
    ul {
      padding: 6px 16px 10px;
    }
    li {
      display: flex;
      gap: 10px;
      padding: 7px 0;
      border-bottom: 1px solid var(--line);
    }
    li:last-child {
      border-bottom: 0;
    }
    i {
      flex: none;
      width: 8px;
      height: 8px;
      margin-top: 7px;
      border-radius: 50%;
      background: var(--line-strong);
    }
    .warning i {
      background: var(--warn);
    }
    .what {
      display: grid;
      flex: 1;
      min-width: 0;
      font-size: 13px;
    }
    .term {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .warning .term {
      white-space: normal;
    }
  `,
})
export class EventList {
  readonly events = input.required<readonly ClusterEvent[]>();
  /** Whether each line says what it is about. */
  readonly named = input(false);
  protected readonly language = inject(Language);
  protected readonly time = lastSeen;

  protected wordsOf(event: ClusterEvent): string | undefined {
    const words = eventWords(event);
    return words && this.language.sayMessage(words);
  }

  protected timesOf(event: ClusterEvent): number {
    return event.series?.count ?? event.count ?? 1;
  }
}
