/** Puts the image of sandboxes into the engine: one static program, made here, so that no registry is needed. */
import type { Engine } from './engine.ts';
import { isMissing } from './engine.ts';
import { sandboxImage } from './names.ts';
import { sandboxElf, type Architecture } from './sandbox-elf.ts';
import { tarOf } from './tar.ts';

/** The program's path in the image. */
export const sandboxProgram = '/sandbox';

/** Imports the image unless it is there. */
export async function ensureSandboxImage(engine: Engine): Promise<void> {
  try {
    await engine.call({ what: 'inspect sandbox image', method: 'GET', path: `/images/${sandboxImage}/json` });
  } catch (error) {
    if (!isMissing(error)) throw error;
    await importSandboxImage(engine);
  }
}

async function importSandboxImage(engine: Engine): Promise<void> {
  const { Arch } = await engine.call<{ Arch: string }>({ what: 'engine version', method: 'GET', path: '/version' });
  const architecture: Architecture = Arch === 'arm64' ? 'arm64' : 'x64';
  const [repo = '', tag = ''] = sandboxImage.split(':');
  await engine.call({
    what: 'import sandbox image',
    method: 'POST',
    path: '/images/create',
    query: { fromSrc: '-', repo, tag, changes: `ENTRYPOINT ["${sandboxProgram}"]`, platform: `linux/${Arch}` },
    content: tarOf(sandboxProgram.slice(1), sandboxElf(architecture)),
    headers: { 'Content-Type': 'application/x-tar' },
  });
}
