import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Assets, findAssets } from '../assets.ts';
import { homeFolder, locateAssets } from '../core.ts';
import { systemClock } from '../model/clock.ts';
import { openEmbedded } from '../model/embedded/openEmbedded.ts';
import type { LoadedRuntime, RuntimeName } from '../model/embedded/tasks.ts';
import { deleteAll } from '../store/deleteAll.ts';
import { ensureDataFolder } from '../store/home.ts';
import { createSyntax } from '../syntax/syntax.ts';
import { type Command, type CommandContext, parseArguments } from './arguments.ts';
import { schemaVersion } from './batch.ts';

interface Report {
  readonly runtime: { readonly node: string; readonly platform: string; readonly bundled: boolean };
  readonly home: string;
  readonly stores: readonly { readonly file: string; readonly bytes: number }[];
  readonly providers: readonly { readonly id: string; readonly ready: boolean; readonly note: string }[];
  readonly grammars: readonly { readonly language: string; readonly file: string; readonly loads: boolean }[];
  readonly model: {
    readonly name: string;
    readonly file: string;
    readonly bytes: number;
    readonly loads: boolean;
    /** What runs it: `onnxruntime-node` (native code) or `onnxruntime-web` (WebAssembly); null when it does not load. */
    readonly runtime: RuntimeName | null;
  } | null;
  readonly problems: readonly string[];
}

export const doctorCommand: Command = {
  usage: '[--json] [--delete-all-data]',
  summary:
    'looks at the installation: runtime, folders, grammars, providers; says what is wrong and how to mend it; deletes all that is kept when told to',
  async run(context) {
    const options = { json: { type: 'boolean' }, 'delete-all-data': { type: 'boolean' } } as const;
    const { values } = parseArguments(context.args, options);
    if (values['delete-all-data'] === true) {
      const home = homeFolder(context.env);
      context.output.err(
        `codegloss: deleted ${deleteAll(home).join(', ') || 'nothing: there was nothing'} in ${home}\n`,
      );
    }
    const report = await examine(context);
    context.output.out(
      values.json === true ? `${JSON.stringify({ schema: schemaVersion, ...report }, null, 2)}\n` : printed(report),
    );
    return report.problems.length === 0 ? 0 : 1;
  },
};

async function examine(context: CommandContext): Promise<Report> {
  const problems: string[] = [];
  const assets = findAssets(import.meta.dirname);
  const home = homeFolder(context.env);
  problems.push(...homeProblems(home));
  const grammars = await loadGrammars(locateAssets(assets), problems);
  const model = await loadModel(assets, context.signal, problems);
  return {
    runtime: { node: process.version, platform: `${process.platform}-${process.arch}`, bundled: assets.bundled },
    home,
    stores: storesIn(home),
    providers: providers(context.env, model?.loads === true),
    grammars,
    model,
    problems,
  };
}

function homeProblems(home: string): readonly string[] {
  try {
    ensureDataFolder(home);
    accessSync(home, constants.W_OK);
    return [];
  } catch (error) {
    return [
      `${home} cannot be written (${(error as Error).message}): summaries are kept for one session only. Set CODEGLOSS_HOME to a folder of yours.`,
    ];
  }
}

function storesIn(home: string): Report['stores'] {
  if (!existsSync(home)) return [];
  return readdirSync(home, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.db'))
    .sort()
    .map((name) => ({ file: path.join(home, name), bytes: statSync(path.join(home, name)).size }));
}

function providers(env: CommandContext['env'], modelLoads: boolean): Report['providers'] {
  const keyed = (id: string, variable: string) => {
    const ready = (env[variable] ?? '') !== '';
    return { id, ready, note: ready ? `key in ${variable}` : `set ${variable}` };
  };
  return [
    { id: 'embedded', ready: modelLoads, note: modelLoads ? 'needs nothing' : 'see problems' },
    { id: 'outline', ready: true, note: 'needs nothing' },
    keyed('anthropic', 'ANTHROPIC_API_KEY'),
    {
      id: 'openai',
      ready: true,
      note: 'a server at --endpoint, by default http://127.0.0.1:11434/v1; OPENAI_API_KEY where it wants a key',
    },
  ];
}

async function loadGrammars(locate: (asset: string) => string, problems: string[]): Promise<Report['grammars']> {
  const syntax = createSyntax({ locate });
  const found: { language: string; file: string; loads: boolean }[] = [];
  for (const { language, file } of syntax.grammars()) {
    try {
      (await syntax.open(language, '\n')).dispose();
      found.push({ language, file, loads: true });
    } catch (error) {
      found.push({ language, file, loads: false });
      problems.push(
        `The grammar for ${language} does not load (${(error as Error).message}): install CodeGloss again.`,
      );
    }
  }
  syntax.dispose();
  return found;
}

/** Loads the built-in model and asks it for the smallest thing it can do. */
async function loadModel(assets: Assets, signal: AbortSignal, problems: string[]): Promise<Report['model']> {
  try {
    let loaded: LoadedRuntime | undefined;
    const { model, name, file, bytes } = openEmbedded(assets, systemClock, {
      onLoaded: (runtime) => {
        loaded = runtime;
      },
    });
    const loads = await model.ask({ kind: 'embedQuery', language: undefined, text: 'x' }, 'hover', signal).then(
      () => true,
      (error: Error) => {
        problems.push(`${error.message} Install CodeGloss again.`);
        return false;
      },
    );
    model.dispose();
    const { runtime = null, problem } = loaded ?? {};
    if (problem !== undefined)
      problems.push(
        `The model's native runtime cannot be used (${problem}): WebAssembly runs it, at about half the speed.`,
      );
    return { name, file, bytes, loads, runtime };
  } catch (error) {
    problems.push((error as Error).message);
    return null;
  }
}

function printed(report: Report): string {
  const { runtime, home, stores, providers: known, grammars, model, problems } = report;
  const loaded = grammars.filter(({ loads }) => loads).length;
  return [
    `runtime    Node ${runtime.node} on ${runtime.platform}${runtime.bundled ? '' : ', from sources'}`,
    `home       ${home}  (everything that CodeGloss keeps; --delete-all-data deletes it)`,
    ...stores.map(({ file, bytes }) => `store      ${file}  ${(bytes / 1e6).toFixed(1)} MB`),
    ...known.map(({ id, ready, note }) => `provider   ${id}  ${ready ? 'ready' : 'not ready'}: ${note}`),
    `grammars   ${loaded} of ${grammars.length} load`,
    `model      ${model === null ? 'none: the outline speaks' : `${model.name}  ${(model.bytes / 1e6).toFixed(0)} MB, ${model.loads ? `loads in ${model.runtime}` : 'does not load'}  ${model.file}`}`,
    problems.length === 0 ? 'no problems found' : problems.map((problem) => `problem    ${problem}`).join('\n'),
    '',
  ].join('\n');
}
