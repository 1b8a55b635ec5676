/** The tests beside the sources of every workspace. */
import { join } from 'node:path';
import type { Part } from './part.ts';
import { runJest } from './run-jest.ts';

export const unitTests: Part = ({ repository }) =>
  runJest({ repository, config: join(repository, 'jest.config.js'), args: [], env: process.env });
