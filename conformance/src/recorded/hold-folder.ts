/** Tests that hold every conversation of a folder of recordings again, step by step. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { recordedDirectory, target } from '../harness/target.ts';
import type { Conversation } from './conversation.ts';
import { replay, type Pace } from './replay.ts';

export function holdFolder(folder: string, pace?: Pace): void {
  const directory = join(recordedDirectory, folder);
  const files = existsSync(directory) ? readdirSync(directory).sort() : [];
  describe(`recorded ${folder}`, () => {
    // An empty folder must not read as agreement.
    test('there are recordings', () => expect(files.length).toBeGreaterThan(0));
    test.concurrent.each(files)('%s', async (file) => {
      const conversation = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Conversation;
      expect(await replay(conversation, target(), pace)).toEqual([]);
    });
  });
}
