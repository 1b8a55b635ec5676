/** The command line: finds the command and runs it; a mistake of the caller's is one line, not a stack. */
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { announce } from './up/announce.ts';
import { buildDashboard } from './commands/build-dashboard.ts';
import { down } from './commands/down.ts';
import { backup, repair, restore } from './commands/store.ts';
import { showKubeconfig } from './commands/kubeconfig.ts';
import { showStatus } from './commands/status.ts';
import { defaultDataDirectory, parseUpOptions, UsageError } from './up/options.ts';
import { prepareUp } from './up/prepare.ts';
import { showProgress } from './up/progress.ts';

const repository = join(dirname(import.meta.filename), '../..');
const userId = process.getuid?.() ?? 0;
const now = () => Date.now();
const progress = showProgress(process.stderr, now);

const usage = `usage: naru up [--data-dir DIR] [--port 6443] [--runtime docker|fake] [--nodes N] [--node-name NAME]
               [--docker-socket PATH] [--kubelet-port 10250] [--pod-cidr 10.244.0.0/16] [--service-cidr 10.96.0.0/16]
               [--dashboard-port 8443 | --no-dashboard] [--no-install] [--demo]
       naru down | status | kubeconfig [--data-dir DIR]
       naru backup FILE | restore FILE | repair --accept-data-loss [--data-dir DIR]
       naru test`;

/** The internal form `up --plan FILE …` comes from scripts/up, as do `announce` and `build-dashboard`. */
const commands: Record<string, (argv: string[]) => Promise<void>> = {
  async up(argv) {
    const [flag, planPath, ...rest] = argv;
    if (flag !== '--plan' || !planPath) throw new UsageError('start it as ./naru up');
    await prepareUp({ options: parseUpOptions(rest, userId), repository, planPath, userId, now, progress });
  },
  async announce(argv) {
    const { values } = parseArgs({
      args: argv,
      options: {
        'data-dir': { type: 'string' },
        port: { type: 'string' },
        'docker-socket': { type: 'string' },
        demo: { type: 'boolean' },
      },
    });
    const dockerSocket = values['docker-socket'] ?? '';
    const dataDirectory = values['data-dir'] ?? '';
    await announce({
      dataDirectory,
      port: Number(values.port),
      demo: values.demo ?? false,
      dockerSocket,
      repository,
      now,
      progress,
    });
  },
  'build-dashboard': () => buildDashboard({ repository, progress }),
  async backup(argv) {
    const { store, file } = storeCommand(argv);
    await backup(store, file);
  },
  async restore(argv) {
    const { store, file } = storeCommand(argv);
    await restore(store, file);
  },
  async repair(argv) {
    const { store, acceptDataLoss } = storeCommand(argv);
    await repair(store, { acceptDataLoss });
  },
  down: (argv) => down({ dataDirectory: dataDirectoryOf(argv), progress, now }),
  status: (argv) => showStatus({ dataDirectory: dataDirectoryOf(argv), progress }),
  kubeconfig: async (argv) => showKubeconfig(dataDirectoryOf(argv), process.stdout),
};

function storeCommand(argv: string[]) {
  const { values, positionals } = usable(() =>
    parseArgs({
      args: argv,
      allowPositionals: true,
      options: { 'data-dir': { type: 'string' }, 'accept-data-loss': { type: 'boolean' } },
    }),
  );
  const dataDirectory = values['data-dir'] ?? defaultDataDirectory(userId);
  return {
    store: { dataDirectory, progress },
    file: positionals[0],
    acceptDataLoss: values['accept-data-loss'] ?? false,
  };
}

/** What a person typed wrong is told as that. */
function usable<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function dataDirectoryOf(argv: string[]): string {
  const { values } = usable(() => parseArgs({ args: argv, options: { 'data-dir': { type: 'string' } } }));
  return values['data-dir'] ?? defaultDataDirectory(userId);
}

async function main([name, ...argv]: string[]): Promise<number> {
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const asked = name === 'help' || name === '--help' || name === '-h';
    (asked ? process.stdout : process.stderr).write(`${usage}\n`);
    return asked ? 0 : 2;
  }
  try {
    await command(argv);
    return 0;
  } catch (error) {
    process.stderr.write(`naru: ${error instanceof UsageError ? error.message : (error as Error).stack}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
