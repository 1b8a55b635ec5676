/** Runs an app: four fields, the YAML and the kubectl commands beside them, a check before, and the progress after. */
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
} from '@angular/core';
import { FormsModule } from '@angular/forms';
import { RouterLink } from '@angular/router';
import { stringify } from 'yaml';
import { publicAddresses } from '../apps/app-address';
import { AppRemedies } from '../apps/app-remedies';
import { CauseNote } from '../causes/cause-note';
import { ApiClient } from '../cluster/api-client';
import { Cluster, isSystemProject } from '../cluster/cluster';
import { type Failure, asFailure } from '../cluster/failure';
import { FailureNote } from '../errors/failure-note';
import { Language } from '../i18n/language';
import type { MessageKey } from '../i18n/message';
import { Preferences } from '../shell/preferences';
import { CopyButton } from '../ui/copy-button';
import { Icon } from '../ui/icon';
import { kubectlCommands } from './kubectl-commands';
import { type Manifest, manifestsOf } from './manifest';
import { stepsOf } from './run-progress';
import { type FieldName, type RunRequest, type Variable, fieldOf, nameFromImage, portFromImage } from './run-request';

const hints: Partial<Record<FieldName, MessageKey>> = {
  name: 'run.nameHint',
  memoryLimit: 'run.memoryHint',
  cpuRequest: 'run.cpuHint',
};

@Component({
  selector: 'naru-run-wizard',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CauseNote, CopyButton, FailureNote, FormsModule, Icon, RouterLink],
  templateUrl: './run-wizard.html',
  styleUrl: './run-wizard.scss',
})
export class RunWizard {
  /** An image to begin with, from the address. */
  readonly startImage = input<string | undefined>(undefined, { alias: 'image' });

  readonly #api = inject(ApiClient);
  readonly #preferences = inject(Preferences);
  protected readonly cluster = inject(Cluster);
  protected readonly language = inject(Language);
  protected readonly remedies = inject(AppRemedies);

  protected readonly image = linkedSignal(() => this.startImage() ?? '');
  /** Follow the image until they are typed over. */
  protected readonly name = linkedSignal(() => nameFromImage(this.image()));
  protected readonly port = linkedSignal<number | null>(() => portFromImage(this.image()) ?? null);
  protected readonly replicas = signal(1);
  protected readonly project = signal(this.#preferences.project() || 'default');
  protected readonly variables = signal<readonly Variable[]>([]);
  protected readonly memoryLimit = signal('');
  protected readonly cpuRequest = signal('');
  protected readonly publicAddress = signal(false);

  protected readonly projects = computed(() => this.cluster.projects().filter((name) => !isSystemProject(name)));
  protected readonly request = computed<RunRequest>(() => ({
    image: this.image().trim(),
    name: this.name().trim(),
    project: this.project(),
    port: this.port() ?? undefined,
    replicas: this.replicas(),
    variables: this.variables().filter(({ name }) => name !== ''),
    memoryLimit: this.memoryLimit().trim(),
    cpuRequest: this.cpuRequest().trim(),
    publicAddress: this.publicAddress(),
  }));
  protected readonly manifests = computed(() => manifestsOf(this.request()));
  /** What is shown beside the form: names stand in for what is not typed yet. */
  readonly #preview = computed<RunRequest>(() => {
    const request = this.request();
    return { ...request, image: request.image || 'IMAGE', name: request.name || 'NAME' };
  });
  protected readonly yaml = computed(() =>
    manifestsOf(this.#preview())
      .map((manifest) => stringify(manifest, { aliasDuplicateObjects: false, lineWidth: 0 }))
      .join('---\n'),
  );
  protected readonly commands = computed(() => kubectlCommands(this.#preview()).join('\n'));
  protected readonly ready = computed(() => this.request().image !== '' && this.request().name !== '' && !this.busy());

  protected readonly busy = signal(false);
  protected readonly failure = signal<Failure | undefined>(undefined);
  protected readonly problems = signal<ReadonlyMap<FieldName, string>>(new Map());
  protected readonly started = signal<{ readonly project: string; readonly name: string } | undefined>(undefined);
  protected readonly app = computed(() => {
    const started = this.started();
    return this.cluster
      .allApps()
      .find(
        ({ kind, project, name }) => kind === 'Deployment' && project === started?.project && name === started.name,
      );
  });
  protected readonly progress = computed(() => stepsOf(this.app()));
  protected readonly address = computed(() => publicAddresses(this.app()?.services ?? [], location.hostname)[0]);

  constructor() {
    effect(() => {
      this.request();
      // What was refused may be right now: the next try tells.
      this.problems.set(new Map());
    });
  }

  protected async run(): Promise<void> {
    const manifests = this.manifests();
    this.busy.set(true);
    this.failure.set(undefined);
    try {
      for (const manifest of manifests) await this.#create(manifest, true);
      for (const manifest of manifests) await this.#create(manifest, false);
      this.started.set({ project: this.request().project, name: this.request().name });
    } catch (error) {
      this.#explain(asFailure(error));
    } finally {
      this.busy.set(false);
    }
  }

  protected addVariable(): void {
    this.variables.update((variables) => [...variables, { name: '', value: '' }]);
  }

  protected setVariable(index: number, change: Partial<Variable>): void {
    this.variables.update((variables) => variables.map((one, at) => (at === index ? { ...one, ...change } : one)));
  }

  protected removeVariable(index: number): void {
    this.variables.update((variables) => variables.filter((_, at) => at !== index));
  }

  protected again(): void {
    this.started.set(undefined);
    this.image.set('');
  }

  #create(manifest: Manifest, dryRun: boolean): Promise<unknown> {
    const { namespace } = manifest.metadata;
    const path =
      manifest.kind === 'Service'
        ? `/api/v1/namespaces/${namespace}/services`
        : `/apis/apps/v1/namespaces/${namespace}/deployments`;
    return this.#api.create(path, manifest, dryRun ? { query: { dryRun: 'All' } } : {});
  }

  /** What fits the field in plain words comes before the server's own. */
  #withHint(name: FieldName, message: string): string {
    const hint = hints[name];
    return hint ? `${this.language.say(hint)} · ${message}` : message;
  }

  /** Errors that name a field stand beside it; the rest above the form. */
  #explain(failure: Failure): void {
    const { causes = [] } = failure.status.details ?? {};
    const problems = new Map<FieldName, string>();
    let left = causes.length === 0;
    for (const { field = '', message = '' } of causes) {
      const name = fieldOf(field);
      if (name) problems.set(name, this.#withHint(name, message));
      else left = true;
    }
    if (failure.status.reason === 'AlreadyExists') {
      problems.set('name', this.language.say('failure.what.exists', { name: this.name() }));
      left = false;
    }
    this.problems.set(problems);
    this.failure.set(left ? failure : undefined);
  }
}
