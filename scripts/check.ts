/**
 * `npm run check`: types, lint, format, dependency direction, dead code. Then plants one violation of each kind in a copy and sees each tool
 * fail, because a check that passes silently (a tool that no longer understands the compiler, a rule whose path moved) is worse than none.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

interface Check {
  readonly name: string;
  readonly command: readonly string[];
  /** Files to plant, each of which must make the command fail with a text that holds `complaint`. */
  readonly violations: readonly { readonly file: string; readonly text: string; readonly complaint: string }[];
}

const bin = (name: string) => path.join(root, 'node_modules', '.bin', name);

const checks: readonly Check[] = [
  {
    name: 'types',
    command: [bin('tsc'), '--noEmit', '-p', 'tsconfig.json'],
    violations: [
      { file: 'server/src/planted.ts', text: 'export const first: string = [1][0];\n', complaint: 'TS2322' },
      {
        file: 'client/src/planted.ts',
        text: 'const list = ["a"];\nexport const first: string = list[0];\n',
        complaint: 'TS2322',
      },
    ],
  },
  {
    name: 'lint and format',
    command: [bin('biome'), 'ci', '--diagnostic-level=error', '.'],
    violations: [
      { file: 'server/src/planted.ts', text: 'export const value: any = 1;\n', complaint: 'noExplicitAny' },
      { file: 'server/src/planted.ts', text: 'export  const value=1\n', complaint: 'format' },
    ],
  },
  {
    name: 'dependency direction',
    command: [bin('depcruise'), '--config', '.dependency-cruiser.cjs', 'server/src', 'client/src'],
    violations: [
      ...direction('types', 'syntax/document.ts', 'types-knows-nothing-above'),
      ...direction('syntax', 'summary/planted-target.ts', 'syntax-knows-nothing-above'),
      ...direction('partition', 'features/planted-target.ts', 'partition-knows-nothing-above'),
      ...direction('repository', 'context/planted-target.ts', 'repository-knows-nothing-above'),
      ...direction('context', 'model/planted-target.ts', 'context-knows-nothing-above'),
      ...direction('agents', 'cli/planted-target.ts', 'agents-know-no-entry'),
      ...direction('syntax', 'agents/planted-target.ts', 'nothing-below-knows-agents'),
      ...direction('summary', 'model/planted-target.ts', 'summary-knows-no-feature'),
      ...direction('bulk', 'model/planted-target.ts', 'bulk-knows-no-feature'),
      ...direction('store', 'model/planted-target.ts', 'store-and-settings-lie-at-the-bottom'),
      ...direction('model', 'features/planted-target.ts', 'model-implements-ports-only'),
      planted(
        'server/src/summary/planted.ts',
        "import { TextDocument } from 'vscode-languageserver-textdocument';\nexport const it = TextDocument;\n",
        'only-features-speak-lsp',
      ),
      planted(
        'server/src/summary/planted.ts',
        "import type { Uri } from 'vscode';\nexport type It = Uri;\n",
        'server-never-imports-the-editor',
      ),
      planted(
        'client/src/planted.ts',
        "import { it } from '../../server/src/model/planted-target.ts';\nexport const a = it;\n",
        'client-takes-only-the-protocol',
      ),
      planted(
        'server/src/types/planted.ts',
        "import { it } from './planted-other.ts';\nexport const a = it;\n",
        'no-circles',
      ),
    ],
  },
  {
    name: 'dead code',
    command: [bin('knip'), '--no-progress', '--reporter', 'compact'],
    violations: [planted('server/src/syntax/planted.ts', 'export const nobodyCallsThis = 1;\n', 'planted.ts')],
  },
];

function planted(file: string, text: string, complaint: string) {
  return { file, text, complaint };
}

function direction(layer: string, target: string, complaint: string) {
  return [
    planted(`server/src/${layer}/planted.ts`, `import * as it from '../${target}';\nexport const a = it;\n`, complaint),
  ];
}

function runIn(folder: string, command: readonly string[]): { readonly status: number; readonly output: string } {
  const [program = '', ...args] = command;
  const result = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status: result.status ?? 1, output: `${result.stdout}${result.stderr}` };
}

const shownLines = 80;

/** Enough to see what is wrong: one generated file must not bury the rest. */
function shortened(output: string): string {
  const lines = output.split('\n').map((line) => line.slice(0, 200));
  return lines.length <= shownLines
    ? lines.join('\n')
    : [...lines.slice(0, shownLines), `… ${lines.length - shownLines} more lines`].join('\n');
}

/** A copy with everything that the tools read; packages by link. */
function copyTree(): string {
  const copy = mkdtempSync(path.join(root, '.cache-check-'));
  for (const entry of [
    'client',
    'server',
    'scripts',
    'test',
    'grammars',
    'package.json',
    'tsconfig.json',
    'biome.json',
    'knip.json',
    'vitest.config.ts',
    '.dependency-cruiser.cjs',
    '.gitignore',
    'package.nls.json',
  ]) {
    cpSync(path.join(root, entry), path.join(copy, entry), {
      recursive: true,
      filter: (file) => !file.endsWith('.wasm') && !file.endsWith('parser.c'),
    });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  spawnSync('git', ['init', '-q'], { cwd: copy });
  return copy;
}

function plantIn(copy: string, check: Check): readonly string[] {
  const failures: string[] = [];
  const targets = ['summary', 'features', 'context', 'model', 'agents', 'cli'].map((layer) =>
    path.join(copy, 'server/src', layer, 'planted-target.ts'),
  );
  for (const target of targets) writeFileSync(target, 'export const it = 1;\n');
  writeFileSync(
    path.join(copy, 'server/src/types/planted-other.ts'),
    "import { a } from './planted.ts';\nexport const it = (): unknown => a;\n",
  );
  for (const { file, text, complaint } of check.violations) {
    writeFileSync(path.join(copy, file), text);
    const { status, output } = runIn(copy, check.command);
    if (status === 0 || !output.includes(complaint))
      failures.push(`${check.name} let a planted '${complaint}' in ${file} pass`);
    rmSync(path.join(copy, file));
  }
  for (const target of targets) rmSync(target);
  rmSync(path.join(copy, 'server/src/types/planted-other.ts'));
  return failures;
}

const failures: string[] = [];
for (const check of checks) {
  const { status, output } = runIn(root, check.command);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${check.name}`);
  if (status !== 0) {
    console.log(shortened(output));
    failures.push(check.name);
  }
}
if (failures.length === 0) {
  const copy = copyTree();
  try {
    for (const check of checks) {
      const missed = plantIn(copy, check);
      console.log(
        `${missed.length === 0 ? 'ok    ' : 'FAILED'} ${check.name}: ${check.violations.length} planted violations found`,
      );
      failures.push(...missed);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
for (const failure of failures) console.error(failure);
process.exit(failures.length === 0 ? 0 : 1);
