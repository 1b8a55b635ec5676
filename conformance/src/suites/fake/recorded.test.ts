/** Conversations about the API alone: no container runs. */
import { holdFolder } from '../../recorded/hold-folder.ts';

for (const folder of ['api', 'kinds', 'control']) holdFolder(folder);
