import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FilePartitionPorts, filePartitions, partitionSignature } from './filePartitions.ts';
import { producerChooser } from './model/boundaryChooser.ts';
import type { BoundaryCache } from './partition/boundaryChooser.ts';
import { NgramScorer } from './partition/ngramScorer.ts';
import { partitionStrategy } from './partition/strategies.ts';
import type { PartitionStrategy } from './partition/strategy.ts';
import { structureStrategy } from './partition/structure.ts';
import { decodeSource } from './repository/sourceText.ts';
import type { PartitionChoices } from './store/partitionChoices.ts';
import type { PartitionSource } from './summary/chunks.ts';
import type { PartitionStrategyName } from './types/partition.ts';
import type { Producer } from './types/produce.ts';

/** The scorer learns from so many files beside the target, and so much text. */
const mostNeighbours = 60;
const mostBytes = 1_000_000;

export interface PartitionSubject {
  /** Absolute path on this machine; undefined for a document that is no file. */
  readonly file: string | undefined;
  readonly uri: string;
  /** As the gate and its ignore rules know it. */
  readonly path: string;
}

export interface StrategySources {
  readonly signal: AbortSignal;
  /** Whom `model` asks, and what keeps the answers. */
  readonly model?: { readonly producer: Producer; readonly cache: BoundaryCache };
}

/** The strategy of a name with what it needs: the producer for `model`, the files beside the target for `surprisal`. */
export async function strategyFor(
  name: PartitionStrategyName,
  subject: PartitionSubject,
  { signal, model }: StrategySources,
): Promise<PartitionStrategy> {
  const { uri, path: shown } = subject;
  const strategy = partitionStrategy(name, {
    ...(name === 'surprisal' ? { scorer: await neighbourScorer(subject.file, signal) } : {}),
    ...(model === undefined
      ? {}
      : { model: { chooser: producerChooser(model.producer, { uri, path: shown }), cache: model.cache } }),
  });
  return strategy ?? structureStrategy;
}

/** How the summarizer has long files divided: as the user chose for the file, else as the settings say. */
export function partitionSource({
  choices,
  producer,
  setting,
}: {
  readonly choices: () => PartitionChoices;
  readonly producer: () => Producer;
  readonly setting: () => FilePartitionPorts['setting'];
}): PartitionSource {
  return {
    signature: (syntax) => partitionSignature(syntax, { choices: choices(), setting: setting() }),
    async of({ uri, path: shown, repository, syntax }, signal) {
      const file = repository !== '' && uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
      const model = { producer: producer(), cache: choices().answers };
      const strategy = (name: PartitionStrategyName, wanted: AbortSignal): Promise<PartitionStrategy> =>
        strategyFor(name, { uri, path: shown, file }, { signal: wanted, model });
      const made = await filePartitions(syntax, { choices: choices(), strategy, setting: setting() }, { signal });
      return made.partitions;
    },
  };
}

/** A scorer that has read the files of the same kind beside `file`, but not `file` itself. Files that cannot be read are left out. */
async function neighbourScorer(file: string | undefined, signal: AbortSignal): Promise<NgramScorer> {
  const scorer = new NgramScorer();
  if (file === undefined) return scorer;
  const folder = path.dirname(file);
  const ending = path.extname(file).toLowerCase();
  const names = await readdir(folder).catch(() => []);
  let left = mostBytes;
  const alike = names.filter((name) => path.extname(name).toLowerCase() === ending && name !== path.basename(file));
  for (const name of alike.sort().slice(0, mostNeighbours)) {
    signal.throwIfAborted();
    const neighbour = path.join(folder, name);
    const size = await stat(neighbour).then(
      (found) => (found.isFile() ? found.size : Infinity),
      () => Infinity,
    );
    if (size > left) continue;
    left -= size;
    const bytes = await readFile(neighbour).catch(() => undefined);
    const source = bytes === undefined ? undefined : decodeSource(bytes);
    if (source !== undefined) scorer.learn(source.text);
  }
  return scorer;
}
