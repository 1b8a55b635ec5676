/** The panel at the foot of the page with open logs and shells. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Language } from '../i18n/language';
import { Icon } from '../ui/icon';
import { LogView } from '../logs/log-view';
import { ShellView } from '../terminal/shell-view';
import { DockTabs } from './dock-tabs';

@Component({
  selector: 'naru-dock',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, LogView, ShellView],
  template: `
    <section [attr.aria-label]="language.say('dock.label')" data-testid="dock">
      <div class="head" (pointerdown)="startResize($event)">
        <div class="list" role="tablist">
          @for (tab of dock.tabs(); track tab.id) {
            <span class="tab" [class.active]="dock.active()?.id === tab.id">
              <button
                type="button"
                role="tab"
                [attr.aria-selected]="dock.active()?.id === tab.id"
                (click)="dock.show(tab.id)"
              >
                <naru-icon [name]="tab.kind === 'logs' ? 'logs' : 'terminal'" [size]="15" /><span class="title">{{
                  tab.title
                }}</span>
              </button>
              <button
                type="button"
                class="icon-button small"
                [attr.aria-label]="language.say('dock.close', { name: tab.title })"
                (click)="dock.close(tab.id)"
              >
                <naru-icon name="close" [size]="14" />
              </button>
            </span>
          }
        </div>
        <button
          type="button"
          class="icon-button"
          [attr.aria-label]="language.say(dock.unfolded() ? 'dock.fold' : 'dock.unfold')"
          [attr.aria-expanded]="dock.unfolded()"
          (click)="dock.unfolded.set(!dock.unfolded())"
        >
          <naru-icon [name]="dock.unfolded() ? 'chevronDown' : 'arrowUp'" />
        </button>
      </div>
      <div class="body" [hidden]="!dock.unfolded()" [style.height.px]="dock.height()">
        @for (tab of dock.tabs(); track tab.id) {
          <div class="pane" [hidden]="dock.active()?.id !== tab.id">
            @if (tab.kind === 'logs') {
              <naru-log-view [target]="tab.target" />
            } @else {
              @defer {
                <naru-shell-view [target]="tab.target" [shown]="dock.unfolded() && dock.active()?.id === tab.id" />
              }
            }
          </div>
        }
      </div>
    </section>
  `,
  styles: `
    section {
      border-top: 1px solid var(--line-strong);
      background: var(--surface);
    }
    .head {
      display: flex;
      align-items: center;
      padding: 4px 8px;
      cursor: ns-resize;
    }
    .list {
      display: flex;
      flex: 1;
      gap: 4px;
      min-width: 0;
      overflow-x: auto;
    }
    .tab {
      display: flex;
      align-items: center;
      border-radius: 6px;
      color: var(--muted);
    }
    .tab.active {
      background: var(--inset);
      color: var(--text);
    }
    .tab [role='tab'] {
      display: flex;
      align-items: center;
      gap: 6px;
      padding: 5px 4px 5px 10px;
      border: 0;
      background: none;
      font-size: 13px;
      white-space: nowrap;
      cursor: pointer;
    }
    .title {
      overflow: hidden;
      max-width: 220px;
      text-overflow: ellipsis;
    }
    .body {
      max-height: 70dvh;
      border-top: 1px solid var(--line);
    }
    .pane {
      height: 100%;
    }
  `,
})
export class Dock {
  protected readonly dock = inject(DockTabs);
  protected readonly language = inject(Language);

  protected startResize(event: PointerEvent): void {
    if (event.target instanceof Element && event.target.closest('button')) return;
    const start = event.clientY;
    const height = this.dock.height();
    const move = (moved: PointerEvent) =>
      this.dock.height.set(Math.max(120, Math.min(innerHeight * 0.7, height + start - moved.clientY)));
    const stop = () => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', stop);
    };
    addEventListener('pointermove', move);
    addEventListener('pointerup', stop);
  }
}
