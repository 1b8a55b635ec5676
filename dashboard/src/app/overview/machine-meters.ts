/** Bars that tell how full each machine is. */
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Cluster } from '../cluster/cluster';
import { Language } from '../i18n/language';
import { formatBytes, formatCores } from '../kinds/quantity';
import { Meter } from '../ui/meter';
import { StatusMark } from '../ui/status-mark';
import { type MachineRoom, machineRoom } from './machine-room';

@Component({
  selector: 'naru-machine-meters',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Meter, RouterLink, StatusMark],
  template: `
    @for (machine of machines(); track machine.name) {
      <div class="machine">
        <div class="row">
          <a class="name" [routerLink]="['/resources', 'core', 'v1', 'nodes', '-', machine.name]">{{ machine.name }}</a>
          <span class="small muted mono">{{ machine.address }}</span>
          <span class="spread"></span>
          @switch (machine.state) {
            @case ('ready') {
              <naru-status-mark tone="ok" icon="okCircle" [word]="say('overview.machineReady')" />
            }
            @case ('closed') {
              <naru-status-mark tone="idle" icon="pause" [word]="say('overview.machineClosed')" />
            }
            @case ('offline') {
              <naru-status-mark tone="bad" icon="error" [word]="say('overview.machineOffline')" />
            }
          }
        </div>
        @for (meter of metersOf(machine); track meter.label) {
          <naru-meter [label]="meter.label" [share]="meter.share" [text]="meter.text" />
        }
      </div>
    } @empty {
      <p class="muted">{{ say('overview.noMachine') }}</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 18px;
      padding: 14px 16px 16px;
    }
    .machine {
      display: grid;
      gap: 8px;
    }
    .name {
      color: var(--text);
      font-weight: 600;
    }
  `,
})
export class MachineMeters {
  readonly #cluster = inject(Cluster);
  protected readonly say = inject(Language).say;
  protected readonly machines = computed(() =>
    this.#cluster
      .nodes()
      .map((node) => machineRoom(node, this.#cluster.allPods()))
      .sort((a, b) => a.name.localeCompare(b.name)),
  );

  protected metersOf({ cpu, memory, pods }: MachineRoom) {
    const text = (value: string, total: string) =>
      `${this.say('overview.of', { value, total })} ${this.say('overview.reserved')}`;
    return [
      {
        label: this.say('overview.cpu'),
        share: cpu.reserved / cpu.total,
        text: text(formatCores(cpu.reserved), formatCores(cpu.total)),
      },
      {
        label: this.say('overview.memory'),
        share: memory.reserved / memory.total,
        text: text(formatBytes(memory.reserved), formatBytes(memory.total)),
      },
      {
        label: this.say('overview.pods'),
        share: pods.reserved / pods.total,
        text: this.say('overview.of', { value: pods.reserved, total: Number.isNaN(pods.total) ? '–' : pods.total }),
      },
    ];
  }
}
