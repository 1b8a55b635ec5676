/** One alert: what, since when, what else it affects, what to do. */
import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { AppRemedies } from '../apps/app-remedies';
import type { Remedy } from '../causes/cause';
import { remedyLabel } from '../causes/remedy-label';
import { Cluster } from '../cluster/cluster';
import { TickingClock } from '../cluster/ticking-clock';
import { Language } from '../i18n/language';
import { Age } from '../ui/age';
import { Icon } from '../ui/icon';
import { type Alert, type AlertFix, isFiring, isSilenced } from './alert';
import { AlertActions } from './alert-actions';
import { AlertFixes, fixLabel } from './alert-fixes';
import { adviceOf, alertText, alertWhy, linkText } from './alert-text';

const serving: ReadonlySet<string> = new Set(['AppDown', 'AppDegraded', 'InstanceNotReady']);

@Component({
  selector: 'naru-alert-card',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Age, Icon, MatMenuModule, RouterLink],
  templateUrl: './alert-card.html',
  styleUrl: './alert-card.scss',
  host: {
    '[class]': 'alert().spec.severity',
    '[class.quiet]': 'quiet()',
    '[attr.data-testid]': '"alert-" + alert().spec.rule',
  },
})
export class AlertCard {
  readonly alert = input.required<Alert>();

  readonly #clock = inject(TickingClock);
  readonly #cluster = inject(Cluster);
  protected readonly language = inject(Language);
  protected readonly actions = inject(AlertActions);
  protected readonly remedies = inject(AppRemedies);
  protected readonly fixes = inject(AlertFixes);
  protected readonly remedyLabel = remedyLabel;
  protected readonly open = signal(false);
  protected readonly text = computed(() => alertText(this.alert(), this.language));
  /** Rules that see only that an app does not serve leave the reason to its cause. */
  protected readonly why = computed(() => {
    const why = alertWhy(this.alert(), this.language);
    const cause = this.firing() ? this.app()?.cause : undefined;
    return why ?? (cause && serving.has(this.alert().spec.rule) ? this.language.sayMessage(cause.why) : undefined);
  });
  protected readonly advice = computed(() => adviceOf(this.alert().spec.rule, this.language));
  protected readonly firing = computed(() => isFiring(this.alert()));
  protected readonly silenced = computed(() => isSilenced(this.alert(), this.#clock.now()));
  protected readonly quiet = computed(
    () => !this.firing() || this.silenced() || this.alert().status?.acknowledged !== undefined,
  );
  protected readonly icon = computed(() => {
    if (!this.firing()) return 'okCircle' as const;
    return this.alert().spec.severity === 'critical'
      ? ('error' as const)
      : this.alert().spec.severity === 'warning'
        ? ('warning' as const)
        : ('info' as const);
  });
  protected readonly affected = computed(() =>
    (this.alert().status?.consequences ?? []).map((link) => linkText(link, this.language)),
  );
  protected readonly logs = computed(() => this.alert().status?.evidence?.logs ?? []);
  /** What a program said before it ended usually tells why it did. */
  protected readonly lastWords = computed(() =>
    this.alert().spec.rule === 'CrashLooping' ? this.logs().findLast((line) => line.trim() !== '') : undefined,
  );
  protected readonly events = computed(() =>
    (this.alert().status?.evidence?.events ?? []).map((event) =>
      typeof event === 'string' ? event : [event.reason, event.message].filter((part) => part).join(': '),
    ),
  );
  /** The app it is about, while it exists: its cause offers the way out. */
  protected readonly app = computed(() => {
    const { namespace } = this.alert().metadata;
    const name = this.alert().spec.subject?.name;
    return this.#cluster.allApps().find((app) => app.project === namespace && app.name === name);
  });
  protected readonly remedy = computed(() => {
    const remedy = this.firing() ? this.app()?.cause?.remedy : undefined;
    return remedy && withSuggestion(remedy, this.alert().status?.fixes ?? []);
  });
  /** Another way out, beside the first. */
  protected readonly also = computed<Remedy | undefined>(() => {
    const cause = this.firing() ? this.app()?.cause : undefined;
    const goesBack = this.alert().status?.fixes?.some(({ code }) => code === 'roll-back');
    return cause?.also ?? (cause && cause.remedy?.kind !== 'rollback' && goesBack ? { kind: 'rollback' } : undefined);
  });
  /** What the alert proposes, when the app has nothing better: the first that this page can do. */
  protected readonly fix = computed(() => {
    if (!this.firing() || this.remedy()) return undefined;
    for (const fix of this.alert().status?.fixes ?? []) {
      const label = fixLabel(fix);
      if (label) return { fix, label };
    }
    return undefined;
  });
  protected readonly link = computed(() => {
    const app = this.app();
    return app ? ['/apps', app.project, app.kind.toLowerCase(), app.name] : undefined;
  });
  protected readonly command = computed(() => {
    const { namespace = '', name } = this.alert().metadata;
    return `kubectl -n ${namespace} describe alert ${name}`;
  });
}

/** The server has reckoned what would fit; the page knows only what does not. */
function withSuggestion(remedy: Remedy, fixes: readonly AlertFix[]): Remedy {
  if (remedy.kind !== 'reservation') return remedy;
  const params = fixes.find(({ code }) => code === 'lower-reservation')?.params;
  const suggested = params?.['container'] === remedy.container ? params[remedy.resource] : undefined;
  return suggested === undefined ? remedy : { ...remedy, suggested };
}
