/** Bars that tell how full each machine is. */
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Cluster } from '../cluster/cluster';
import { Language } from '../i18n/language';
import { formatBytes, formatCores } from '../kinds/quantity';
import { polled } from '../metrics/polled';
import { type Values, latestOf } from '../metrics/usage';
import { UsageHistory } from '../metrics/usage-history';
import { Meter } from '../ui/meter';
import { StatusMark } from '../ui/status-mark';
import { type MachineRoom, type Room, machineRoom } from './machine-room';

interface MachineMeter {
  readonly label: string;
  readonly share: number;
  readonly reservedShare: number | undefined;
  readonly text: string;
  readonly past: Values;
  readonly top: number | undefined;
}

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
          <naru-meter
            [label]="meter.label"
            [share]="meter.share"
            [reserved]="meter.reservedShare"
            [text]="meter.text"
            [past]="meter.past"
            [top]="meter.top"
          />
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
  readonly #history = inject(UsageHistory);
  readonly #usage = polled(() => (this.#history.kept() ? this.#history.nodes({ minutes: 60 }) : undefined), 60_000);
  protected readonly say = inject(Language).say;
  protected readonly machines = computed(() =>
    this.#cluster
      .nodes()
      .map((node) => machineRoom(node, this.#cluster.allPods()))
      .sort((a, b) => a.name.localeCompare(b.name)),
  );

  protected metersOf({ name, cpu, memory, pods }: MachineRoom): MachineMeter[] {
    const usage = this.#usage.value()?.find(({ metadata }) => metadata.name === name);
    const meter = (field: 'cpu' | 'memory', { reserved, total }: Room, format: (amount: number) => string) => {
      const used = usage && latestOf(usage[field]);
      const known = { total: format(total), reserved: format(reserved) };
      return {
        label: this.say(field === 'cpu' ? 'overview.cpu' : 'overview.memory'),
        share: (used ?? reserved) / total,
        // Without measurements the bar is what is reserved.
        reservedShare: used === undefined ? undefined : reserved / total,
        text:
          used === undefined
            ? this.say('overview.onlyReserved', known)
            : this.say('overview.usedAndReserved', { ...known, used: format(used) }),
        past: usage?.[field] ?? [],
        top: total,
      };
    };
    return [
      meter('cpu', cpu, formatCores),
      meter('memory', memory, formatBytes),
      {
        label: this.say('overview.pods'),
        share: pods.reserved / pods.total,
        reservedShare: undefined,
        text: this.say('overview.of', { value: pods.reserved, total: Number.isNaN(pods.total) ? '–' : pods.total }),
        past: [],
        top: undefined,
      },
    ];
  }
}
