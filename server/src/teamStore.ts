import type { TeamAddress } from './repository/indexMessages.ts';
import type { Settings } from './settings.ts';
import { openOutbox } from './store/outbox.ts';
import { type StoreAddress, settingProblem, storeAddress } from './store/postgres/address.ts';
import type { SharedSummaries } from './store/postgres/sharedSummaries.ts';
import { createSharedStore, type SharedStore, type Team } from './store/sharedStore.ts';
import type { SummaryStore } from './store/store.ts';

export interface TeamPorts {
  readonly home: string;
  readonly settings: () => Settings;
  readonly clock: { now(): number };
  readonly onProblem: (message: string) => void;
  /**
   * The password of the shared store, or null; asked at each connection. With it a URL that holds a password is refused, because it comes from
   * a settings file; without it (on the command line) the URL comes from the environment or the user's own hand.
   */
  readonly storePassword?: () => Promise<string | null>;
}

/** The store of the summarizer: the local one, and behind it the team's while the setting `store.url` names one. */
export function teamStore(
  ports: TeamPorts,
  local: SummaryStore,
): {
  readonly store: SharedStore;
  settle(): Promise<void>;
  address(): Promise<TeamAddress | undefined>;
  close(): void;
} {
  let known: { readonly url: string; readonly team: Team | undefined } = { url: '', team: undefined };
  const team = (): Team | undefined => {
    const { url } = ports.settings().store;
    if (url === known.url) return known.team;
    leave(known.team);
    known = { url, team: url === '' ? undefined : joined(url, ports) };
    if (known.team !== undefined) setImmediate(() => store.wake());
    return known.team;
  };
  const store = createSharedStore({ local, team, clock: ports.clock.now, onProblem: ports.onProblem });
  return {
    store,
    async settle() {
      if (team() !== undefined) await store.finish();
    },
    async address() {
      const { url } = ports.settings().store;
      if (url === '' || team() === undefined) return undefined;
      return { url, password: (await ports.storePassword?.()) ?? null };
    },
    close() {
      store.close();
      leave(known.team);
      known = { url: known.url, team: undefined };
    },
  };
}

function leave(team: Team | undefined): void {
  if (team === undefined) return;
  void team.remote.close().catch(() => undefined);
  team.outbox.close();
}

/** Undefined, and said, when the URL or the folder cannot be used. */
function joined(url: string, { home, storePassword, onProblem }: TeamPorts): Team | undefined {
  const problem = storePassword === undefined ? undefined : settingProblem(url);
  const address = storeAddress(url, storePassword);
  if (problem !== undefined || !address.ok) {
    onProblem(problem ?? `The shared store's URL cannot be used: ${address.ok ? '' : address.problem}`);
    return undefined;
  }
  try {
    return { remote: whenNeeded(address.config), outbox: openOutbox(home) };
  } catch (error) {
    onProblem(`The shared store is not used, because ${home} cannot be written (${(error as Error).message}).`);
    return undefined;
  }
}

/** Loads the database client with the first question: most people have no team, and everybody starts. */
function whenNeeded(config: Extract<StoreAddress, { ok: true }>['config']): SharedSummaries {
  let opened: Promise<SharedSummaries> | undefined;
  const open = (): Promise<SharedSummaries> => {
    opened ??= import('./store/postgres/summaries.ts').then(({ connectSummaries }) => connectSummaries(config));
    return opened;
  };
  return {
    get: async (keys) => (await open()).get(keys),
    put: async (rows) => (await open()).put(rows),
    trim: async (days) => (await open()).trim(days),
    close: async () => (await opened)?.close(),
  };
}
