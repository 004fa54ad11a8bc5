import { openSources, type Sources } from '../bulk/sources.ts';
import { keyedCalls, pathOf, type TargetKey } from '../bulk/targets.ts';
import { readableIndex, repositorySource } from '../context/repositorySource.ts';
import type { Core, CorePorts } from '../core.ts';
import { callPairs } from '../repository/callPairs.ts';
import { openIndexDatabase } from '../repository/indexDatabase.ts';
import type { Settings } from '../settings.ts';
import type { CommandContext } from './arguments.ts';
import { updateIndex } from './indexing.ts';
import { placesIn } from './repositories.ts';
import { openCore, repositoryOf } from './session.ts';

/** A repository with all that a run over it needs. */
export interface BulkSession {
  /** Real path of the folder: the identity of the repository, as for an editor that has it open. */
  readonly root: string;
  readonly core: Core;
  readonly sources: Sources;
  readonly calls: readonly (readonly [caller: TargetKey, callee: TargetKey])[];
  /** The calls out of a file. */
  callsFrom(file: string): BulkSession['calls'];
  /** Hands over what the team's store still has to get, and closes everything. */
  close(): Promise<void>;
}

/** Brings the index up to date and opens the core over it. */
export async function openBulk(
  context: CommandContext,
  folder: string,
  settings: Settings,
  more: Pick<CorePorts, 'runLimit' | 'parallel' | 'around' | 'batch'>,
): Promise<BulkSession> {
  const { location } = await updateIndex(context, folder, settings.store.url);
  const { root } = location;
  const database = openIndexDatabase(location.database);
  const source = repositorySource(readableIndex(database), placesIn(root, root));
  const core = openCore({ ...context, cwd: root }, settings, { ...more, sourceOf: () => source });
  const sources = openSources({ root, repository: repositoryOf(root), syntax: core.syntax, ignore: settings.ignore });
  const calls = [...keyedCalls(callPairs(database))];
  let byFile: ReadonlyMap<string, BulkSession['calls']> | undefined;
  return {
    root,
    core,
    sources,
    calls,
    callsFrom(file) {
      byFile ??= byCallingFile(calls);
      return byFile.get(file) ?? [];
    },
    async close() {
      sources.dispose();
      await core.settle();
      core.dispose();
      database.close();
    },
  };
}

function byCallingFile(calls: BulkSession['calls']): ReadonlyMap<string, BulkSession['calls']> {
  const files = new Map<string, (typeof calls)[number][]>();
  for (const call of calls) {
    const file = pathOf(call[0]);
    const known = files.get(file);
    if (known === undefined) files.set(file, [call]);
    else known.push(call);
  }
  return files;
}
