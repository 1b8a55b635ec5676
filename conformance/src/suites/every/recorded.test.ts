/** Every conversation in conformance/recorded/ that this runtime can hold is held again, step by step. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { recordedDirectory, target } from '../../harness/target.ts';
import type { Conversation } from '../../recorded/conversation.ts';
import { replay } from '../../recorded/replay.ts';

/** The API alone is the same on both runtimes, so it is held where it is cheaper. */
const folders = process.env['NARU_RUNTIME'] === 'docker' ? ['workloads', 'pods'] : ['api', 'kinds', 'control'];

for (const folder of folders) {
  const directory = join(recordedDirectory, folder);
  const files = existsSync(directory) ? readdirSync(directory).sort() : [];
  describe(`recorded ${folder}`, () => {
    // An empty folder must not read as agreement.
    test('there are recordings', () => expect(files.length).toBeGreaterThan(0));
    test.each(files)('%s', async (file) => {
      const conversation = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Conversation;
      expect(await replay(conversation, target())).toEqual([]);
    });
  });
}
