import { describe, expect, it } from 'vitest';
import { type CodeAction, CodeActionKind, type WorkspaceEdit } from 'vscode-languageserver-protocol';
import type { LanguageClient } from './languageClient.ts';
import { cart, onCheapest, onTotal, withClient, withModel } from './models.ts';

const llmGenerated = 1;
const outline = { provider: 'outline' };

const actionsAt = (client: LanguageClient, uri: string, position: typeof onTotal, only?: string[]) =>
  client.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: { start: position, end: position },
    context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
  });

const textOf = (edit: WorkspaceEdit | undefined): string => {
  const [change] = edit?.documentChanges ?? [];
  return change !== undefined && 'edits' in change
    ? change.edits.map((each) => ('newText' in each ? each.newText : '')).join('')
    : '';
};

describe('code actions', () => {
  it('offer a doc comment where there is none, said to be made by a model', () =>
    withClient({}, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await actionsAt(client, uri, onTotal)).toMatchObject([
        {
          title: expect.stringContaining('total'),
          kind: 'refactor.rewrite.codegloss.docComment',
          tags: [llmGenerated],
        },
      ]);
      expect(await actionsAt(client, uri, onCheapest)).toEqual([]);
    }));

  it('offer the module comment to who asks for source actions', () =>
    withClient({}, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      const offered = await actionsAt(client, uri, onTotal, [CodeActionKind.Source]);
      expect(offered).toMatchObject([{ kind: 'source.codegloss.moduleComment', tags: [llmGenerated] }]);
      expect(await actionsAt(client, uri, onTotal, [CodeActionKind.QuickFix])).toEqual([]);
    }));

  it('carry no tag for a client that knows none', () =>
    withClient({ capabilities: { workspace: { configuration: true } } }, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      const [action] = await actionsAt(client, uri, onTotal);
      expect(action?.title).toContain('total');
      expect(action).not.toHaveProperty('tags');
    }));

  it('make their edit when the user picks one, for the version that was shown', () =>
    withClient({ settings: outline }, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart, 5);
      const [doc] = await actionsAt(client, uri, onTotal);
      const [module] = await actionsAt(client, uri, onTotal, ['source.codegloss']);
      const made = await client.request<CodeAction>('codeAction/resolve', doc);
      expect(made.edit?.documentChanges).toMatchObject([{ textDocument: { uri, version: 5 } }]);
      expect(textOf(made.edit)).toMatch(/^\/\*\*[\s\S]*\*\/\n$/);
      expect(textOf((await client.request<CodeAction>('codeAction/resolve', module)).edit)).toContain(
        'codegloss:begin',
      );
    }));

  it('make no edit for a text that has changed since', () =>
    withClient({ settings: outline }, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      const [doc] = await actionsAt(client, uri, onTotal);
      const start = { line: 0, character: 0 };
      await client.notify('textDocument/didChange', {
        textDocument: { uri, version: 2 },
        contentChanges: [{ range: { start, end: start }, text: '\n' }],
      });
      expect((await client.request<CodeAction>('codeAction/resolve', doc)).edit).toBeUndefined();
    }));
});

/** What an editor without our client is asked to apply. */
const applied = ({ received }: LanguageClient): string[] =>
  received.flatMap(({ method, params }) =>
    method === 'workspace/applyEdit' ? [textOf((params as { edit: WorkspaceEdit }).edit)] : [],
  );

describe("the server's own commands, for other editors", () => {
  const editor = { settings: outline, answers: { 'workspace/applyEdit': () => ({ applied: true }) } };
  const run = (client: LanguageClient, command: string, ...args: unknown[]) =>
    client.request('workspace/executeCommand', { command: `codegloss.server.${command}`, arguments: args });

  it('are announced', () =>
    withClient(editor, async (client) => {
      expect(client.initialized.capabilities.executeCommandProvider?.commands).toContain('codegloss.server.summarize');
    }));

  it('insert comments by asking the editor to apply an edit', () =>
    withClient(editor, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      await run(client, 'insertModuleComment', uri);
      await run(client, 'insertDocComment', uri, 0);
      expect(applied(client)).toEqual([
        expect.stringContaining('codegloss:begin'),
        expect.stringMatching(/^\/\*\*[\s\S]*\*\/\n$/),
      ]);
    }));

  it('take our block away again', () =>
    withClient(editor, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      await run(client, 'insertModuleComment', uri);
      const commented = await client.open('again.ts', 'typescript', `${applied(client)[0]}${cart}`);
      await run(client, 'removeModuleComment', commented);
      expect(applied(client)[1]).toBe('');
    }));

  it('say in a message what they made, or why they did not', () =>
    withModel(
      {},
      { initializationOptions: {}, settings: { provider: 'anthropic', model: '', endpoint: '' } },
      async (client) => {
        const uri = await client.open('cart.ts', 'typescript', cart);
        await run(client, 'summarize', uri, 0);
        const said = client.received.filter(({ method }) => method.startsWith('window/showMessage'));
        expect(said).toHaveLength(1);
        expect(said[0]?.params).toMatchObject({ message: expect.stringContaining('No API key for Anthropic') });
        await expect(run(client, 'summarize', 42)).rejects.toThrow('[uri, line]');
      },
    ));
});
