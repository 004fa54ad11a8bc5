/** Only parsing: reads and parses the sources of a folder in so many threads, as the index would, and keeps nothing. `parseOnly.ts FOLDER THREADS` */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Language, Parser } from 'web-tree-sitter';
import { repositoryAssets } from '../../server/src/syntax/assets.ts';
import { knownEndings, languageOf } from '../../server/src/syntax/detect.ts';
import { languageRow } from '../../server/src/syntax/languages.ts';

const batch = 32;
const locate = repositoryAssets(path.resolve(import.meta.dirname, '../..'));

async function parseIn(folder: string, threads: number): Promise<void> {
  const endings = knownEndings();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => endings.has(path.extname(file).toLowerCase()))
    .map((file) => path.join(folder, file));
  let next = 0;
  const work = (): Promise<void> =>
    new Promise((resolve) => {
      const worker = new Worker(import.meta.filename);
      const feed = (): void => {
        worker.postMessage(files.slice(next, next + batch));
        next += batch;
      };
      worker.on('message', feed);
      worker.on('exit', () => resolve());
      feed();
    });
  await Promise.all(Array.from({ length: threads }, work));
}

async function serve(): Promise<void> {
  await Parser.init({ locateFile: () => locate('web-tree-sitter.wasm') });
  const parsers = new Map<string, Parser>();
  parentPort?.on('message', async (files: readonly string[]) => {
    if (files.length === 0) process.exit(0);
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      const language = languageOf({ path: file, text });
      if (language === undefined) continue;
      const parser = parsers.get(language) ?? new Parser();
      if (!parsers.has(language)) parser.setLanguage(await Language.load(locate(languageRow(language).grammar.file)));
      parsers.set(language, parser);
      parser.parse(text)?.delete();
    }
    parentPort?.postMessage('done');
  });
}

const [folder = '', threads = '2'] = process.argv.slice(2);
if (isMainThread) await parseIn(folder, Number(threads));
else await serve();
