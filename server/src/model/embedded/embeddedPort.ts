import type { Assets } from '../../assets.ts';
import type { Embedder } from '../../repository/embedder.ts';
import type { Producer } from '../../types/produce.ts';
import type { Clock } from '../clock.ts';
import { embeddedProducer } from './embedded.ts';
import { embeddedEmbedder } from './embeddedEmbedder.ts';
import { type FoundModel, openEmbedded } from './openEmbedded.ts';
import type { LoadedRuntime } from './tasks.ts';

/** One shipped model for all that a process asks of it. */
export interface EmbeddedPort {
  /** Undefined when the model is missing; that was said then. */
  producer(): Producer | undefined;
  /** Undefined when the model is missing, too. */
  embedder(): Embedder | undefined;
  dispose(): void;
}

/** The shipped model, looked for when it is first needed. What is wrong with it is said once; the outline speaks then. */
export function embeddedPort({
  assets,
  clock,
  onProblem,
  onLog = () => undefined,
}: {
  readonly assets: Assets;
  readonly clock: Clock;
  readonly onProblem: (message: string) => void;
  /** Told, once, what is worth a line in the log and no message. */
  readonly onLog?: (message: string) => void;
}): EmbeddedPort {
  let found: FoundModel | undefined;
  let isMissing = false;
  let wasSaid = false;
  const sayOnce = ({ problem }: LoadedRuntime): void => {
    if (problem === undefined || wasSaid) return;
    wasSaid = true;
    onLog(
      `The embedded model runs in WebAssembly, at about half the speed: its native runtime cannot be used (${problem}).`,
    );
  };
  const find = (): FoundModel | undefined => {
    if (found !== undefined || isMissing) return found;
    try {
      found = openEmbedded(assets, clock, { onLoaded: sayOnce });
    } catch (error) {
      isMissing = true;
      onProblem(`${(error as Error).message} Until then summaries are read off the code.`);
    }
    return found;
  };
  return {
    producer() {
      const model = find();
      if (model === undefined) return undefined;
      return embeddedProducer({
        ...model,
        onUnusable: (error) => onProblem(`${error.message} Summaries are read off the code instead.`),
      });
    },
    embedder() {
      const model = find();
      return model && embeddedEmbedder(model);
    },
    dispose: () => found?.model.dispose(),
  };
}
