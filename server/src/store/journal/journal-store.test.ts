/** The journal passes the suite that every store must pass. */
import { CrashFileLayer } from './crash-file-layer.ts';
import { openJournalStore } from './journal-store.ts';
import { storeContract } from '../store.contract.ts';

const options = {
  directory: '/store',
  onFailed: (error: Error) => {
    throw error;
  },
  reserveBytes: 1024,
};

storeContract('JournalStore', (given) => openJournalStore({ ...options, ...given, files: new CrashFileLayer() }));
storeContract('JournalStore that is always checkpointing', (given) =>
  openJournalStore({ ...options, ...given, files: new CrashFileLayer(), checkpointBytes: 1 }),
);
