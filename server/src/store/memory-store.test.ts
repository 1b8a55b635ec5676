/** The in-memory store passes the suite. */
import { MemoryStore } from './memory-store.ts';
import { storeContract } from './store.contract.ts';

storeContract('MemoryStore', async (options) => new MemoryStore(options));
