import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';

/** A place in a file of a repository; lines and characters 0-based. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly character: number;
}

/** A call with the place where a compiler says that its callee is defined, in the repository or not. */
export interface GoldCall {
  readonly at: Place;
  readonly name: string;
  /** Undefined when it is defined outside the repository, or the compiler does not know. */
  readonly callee: Place | undefined;
}

/** Calls of Python files, resolved by pyright's language server. */
export async function pythonGold(root: string, files: readonly string[]): Promise<readonly GoldCall[]> {
  const sites = await pythonSites(root, files);
  const server = spawn(
    process.execPath,
    [createRequire(import.meta.url).resolve('pyright/langserver.index.js'), '--stdio'],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  connection.onRequest('workspace/configuration', ({ items }: { items: readonly unknown[] }) => items.map(() => ({})));
  connection.onRequest(() => null);
  connection.listen();
  const rootUri = pathToFileURL(root).href;
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri,
    capabilities: { workspace: { configuration: true } },
    workspaceFolders: [{ uri: rootUri, name: 'corpus' }],
  });
  await connection.sendNotification('initialized', {});
  const calls: GoldCall[] = [];
  let opened = '';
  for (const { at, name } of sites) {
    const uri = pathToFileURL(path.join(root, at.path)).href;
    if (opened !== at.path) {
      opened = at.path;
      const text = readFileSync(path.join(root, at.path), 'utf8');
      await connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId: 'python', version: 1, text },
      });
    }
    const position = { line: at.line, character: at.character };
    const found = (await connection.sendRequest('textDocument/definition', { textDocument: { uri }, position })) as
      | readonly { readonly uri: string; readonly range: { readonly start: { line: number; character: number } } }[]
      | null;
    calls.push({ at, name, callee: inRepository(root, found?.[0]) });
  }
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  connection.dispose();
  server.kill();
  return calls;
}

function inRepository(
  root: string,
  found: { readonly uri: string; readonly range: { readonly start: { line: number; character: number } } } | undefined,
): Place | undefined {
  if (found === undefined) return undefined;
  const relative = path.relative(root, fileURLToPath(found.uri));
  return relative.startsWith('..') || path.isAbsolute(relative) ? undefined : { path: relative, ...found.range.start };
}

/** Every call in the tree, found without the product's queries. */
async function pythonSites(root: string, files: readonly string[]): Promise<readonly Omit<GoldCall, 'callee'>[]> {
  const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
  const sites: Omit<GoldCall, 'callee'>[] = [];
  for (const file of files) {
    const doc = await syntax.open('python', readFileSync(path.join(root, file), 'utf8'));
    for (const call of doc.tree.rootNode.descendantsOfType('call')) {
      const named = call?.childForFieldName('function');
      const name = named?.type === 'identifier' ? named : named?.childForFieldName('attribute');
      if (name === null || name === undefined) continue;
      const { row, column } = name.startPosition;
      sites.push({ at: { path: file, line: row, character: column }, name: name.text });
    }
    doc.dispose();
  }
  syntax.dispose();
  return sites;
}

/** Calls of TypeScript files, resolved by TypeScript's language service. */
export function typescriptGold(root: string, files: readonly string[]): readonly GoldCall[] {
  const names = files.map((file) => path.join(root, file));
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
  };
  const service = ts.createLanguageService({
    getScriptFileNames: () => names,
    getScriptVersion: () => '1',
    getScriptSnapshot: (file) => {
      const text = ts.sys.readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getCompilationSettings: () => options,
    getDefaultLibFileName: (each) => ts.getDefaultLibFilePath(each),
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });
  const program = service.getProgram();
  const calls: GoldCall[] = [];
  for (const [index, file] of names.entries()) {
    const source = program?.getSourceFile(file);
    if (source === undefined) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const called = node.expression;
        const name = ts.isPropertyAccessExpression(called) ? called.name : called;
        if (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) {
          const at = { path: files[index] ?? '', ...source.getLineAndCharacterOfPosition(name.getStart(source)) };
          const [found] = service.getDefinitionAtPosition(file, name.getStart(source)) ?? [];
          calls.push({ at, name: name.text, callee: placeOf(root, program, found) });
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  service.dispose();
  return calls;
}

function placeOf(
  root: string,
  program: ts.Program | undefined,
  found: ts.DefinitionInfo | undefined,
): Place | undefined {
  const file = found === undefined ? undefined : program?.getSourceFile(found.fileName);
  if (found === undefined || file === undefined) return undefined;
  const relative = path.relative(root, found.fileName);
  if (relative.startsWith('..') || relative.includes('node_modules')) return undefined;
  return { path: relative, ...file.getLineAndCharacterOfPosition(found.textSpan.start) };
}
