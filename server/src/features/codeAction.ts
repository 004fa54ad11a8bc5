import { type CodeAction, CodeActionKind, type Connection, type WorkspaceEdit } from 'vscode-languageserver';
import { cancellable } from './cancellation.ts';
import { type CommentPort, makeCommentEdit } from './comments.ts';
import type { Documents } from './documents.ts';
import type { Gloss, ParsedDocument } from './gloss.ts';

export const moduleCommentKind = `${CodeActionKind.Source}.codegloss.moduleComment`;
export const docCommentKind = `${CodeActionKind.RefactorRewrite}.codegloss.docComment`;

/** LSP 3.18's `CodeActionTag.LLMGenerated`. */
const llmGenerated = 1;

interface ActionData {
  readonly uri: string;
  readonly version: number;
  readonly kind: 'module' | 'doc';
  readonly symbol?: number;
}

export interface CodeActionPorts {
  readonly documents: Documents;
  readonly gloss: Gloss;
  readonly comments: CommentPort;
  readonly producerIsLocal: () => boolean;
  readonly tagSupport: boolean;
  /** Quick fixes for comments whose claims no longer hold. */
  readonly driftActions: (document: ParsedDocument, startLine: number, endLine: number) => readonly CodeAction[];
}

/**
 * Module comment (`source.*`, for the menu and for `editor.codeActionsOnSave`) and doc comment for the symbol at the cursor. Listing costs
 * nothing; the text is made when the editor resolves the action that the user chose. On save a remote producer is never asked: what is not
 * known is left out.
 */
export function registerCodeAction(connection: Connection, ports: CodeActionPorts): void {
  connection.onCodeAction(({ textDocument, range, context }, token) =>
    cancellable(token, async () => {
      const document = await ports.documents.get(textDocument.uri);
      if (document === undefined) return null;
      const wanted = (kind: string) =>
        context.only === undefined || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
      const base = { uri: document.uri, version: document.version };
      const actions: CodeAction[] = [];
      if (wanted(moduleCommentKind) && context.only !== undefined) {
        actions.push(
          action(
            'Insert or update the module comment (CodeGloss)',
            moduleCommentKind,
            { ...base, kind: 'module' },
            ports,
          ),
        );
      }
      const symbol = document.syntax.symbolAt(range.start.line);
      const declared = symbol === undefined ? undefined : document.syntax.outline.symbols[symbol];
      if (wanted(docCommentKind) && symbol !== undefined && declared !== undefined && declared.doc === undefined) {
        actions.push(
          action(
            `Write a doc comment for ${declared.name} (CodeGloss)`,
            docCommentKind,
            { ...base, kind: 'doc', symbol },
            ports,
          ),
        );
      }
      if (wanted(CodeActionKind.QuickFix))
        actions.push(...ports.driftActions(document, range.start.line, range.end.line));
      return actions;
    }),
  );
  connection.onCodeActionResolve((unresolved, token) =>
    cancellable(token, async (signal) => {
      const data = unresolved.data as ActionData;
      const document = await ports.documents.get(data.uri);
      if (document === undefined || document.version !== data.version) return unresolved;
      const result = await makeCommentEdit(ports, {
        document,
        kind: data.kind,
        ...(data.symbol === undefined ? {} : { symbol: data.symbol }),
        priority: 'hover',
        signal,
      });
      if ('reason' in result) {
        connection.window.showInformationMessage(`CodeGloss: ${result.reason}`);
        return unresolved;
      }
      const edit: WorkspaceEdit = {
        documentChanges: [{ textDocument: { uri: document.uri, version: document.version }, edits: [result.edit] }],
      };
      return { ...unresolved, edit };
    }),
  );
}

function action(title: string, kind: string, data: ActionData, { tagSupport }: CodeActionPorts): CodeAction {
  return { title, kind, data, ...(tagSupport ? { tags: [llmGenerated] } : {}) };
}
