import { type JobPlan, planJobs, runBottomUp } from './dependencyOrder.ts';
import { isRange, isType, type SummaryDocument, symbolOf, type Target } from './subjects.ts';

/**
 * Works on the parts of a file or type, what is called before what calls it, so that a caller's context says what its callees do. Results in
 * the order of the parts. After the first failure nothing new is started, what runs is awaited, and the failure is thrown.
 */
export async function inCallOrder<R>(
  document: SummaryDocument,
  parts: readonly Target[],
  work: (part: Target) => Promise<R>,
  { concurrency, signal }: { readonly concurrency: number; readonly signal: AbortSignal },
): Promise<readonly R[]> {
  const results = new Map<Target, R>();
  const stop = new AbortController();
  await runBottomUp(
    planOf(document, parts),
    async ({ members }) => {
      try {
        for (const part of members) {
          stop.signal.throwIfAborted();
          results.set(part, await work(part));
        }
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    },
    { concurrency, signal: AbortSignal.any([signal, stop.signal]) },
  );
  // The last job may fail when nothing is left to start.
  stop.signal.throwIfAborted();
  return parts.flatMap((part) => (results.has(part) ? [results.get(part) as R] : []));
}

/** Who calls whom by name alone: a wrong guess only changes the order. Runs of lines have none. */
function planOf(document: SummaryDocument, parts: readonly Target[]): JobPlan<Target> {
  const partsByName = namesOf(document, parts);
  const calls: [Target, Target][] = [];
  for (const part of parts) {
    if (isRange(part) || part === 'file') continue;
    for (const { name } of document.syntax.calls(symbolOf(document, part).range)) {
      const callee = partsByName.get(name);
      if (callee !== undefined && callee !== part) calls.push([part, callee]);
    }
  }
  return planJobs(parts, calls);
}

/** The part behind each name of a part or of a type's member; names that could mean several are left out. */
function namesOf(document: SummaryDocument, parts: readonly Target[]): ReadonlyMap<string, Target> {
  const found = new Map<string, Target | 'several'>();
  const note = (name: string, part: Target): void => {
    const known = found.get(name);
    found.set(name, known === undefined || known === part ? part : 'several');
  };
  const owners = new Map<number, Target>();
  for (const part of parts) {
    if (typeof part !== 'number') continue;
    const symbol = symbolOf(document, part);
    note(symbol.name, part);
    if (isType(symbol.kind)) owners.set(part, part);
  }
  for (const { name, parent } of document.syntax.outline.symbols) {
    const owner = parent === undefined ? undefined : owners.get(parent);
    if (owner !== undefined) note(name, owner);
  }
  return new Map([...found].flatMap(([name, part]) => (part === 'several' ? [] : [[name, part] as const])));
}
