import { setImmediate as turn } from 'node:timers/promises';
import type { Documents } from './documents.ts';
import type { Gloss } from './gloss.ts';

/** Symbols of one document that are looked up unasked; whoever points at a later one waits for his own question. */
const mostSymbols = 400;
/** Behind everybody's back a slow answer is better than none, in milliseconds. */
const patienceMs = 5_000;

/**
 * Fetches what a team's store has of a document's symbols as soon as it is opened, one after the other, so that hovers and lenses find it here.
 * Nothing happens while there is no team.
 */
export function prefetchFromTeam(ports: {
  readonly documents: Documents;
  readonly gloss: Gloss;
  /** Whether there is a team, and a producer whose summaries a team shares. */
  readonly hasTeam: () => boolean;
  /** Resolves when the index around a document is there: before, contexts are others than those that the team's summaries stand on. */
  readonly indexed: (uri: string) => Promise<unknown> | undefined;
}): void {
  const { documents, gloss, hasTeam, indexed } = ports;
  documents.onOpened((uri) => {
    void fetchAll(uri).catch(() => undefined);
  });

  async function fetchAll(uri: string): Promise<void> {
    const opened = await documents.get(uri);
    if (opened === undefined || !hasTeam()) return;
    await indexed(uri);
    const { version } = opened;
    const count = Math.min(mostSymbols, opened.syntax.outline.symbols.length);
    for (let symbol = 0; symbol < count; symbol++) {
      const document = await documents.get(uri);
      // Closed, or edited: then the places of its symbols are others.
      if (document === undefined || document.version !== version) return;
      await gloss.lookUp({ document, symbol }, patienceMs);
      await turn();
    }
  }
}
