import {
  type CodeAction,
  CodeActionKind,
  type Connection,
  type Diagnostic,
  DiagnosticSeverity,
} from 'vscode-languageserver';
import { type DriftFinding, findDrift } from '../drift/findDrift.ts';
import { withoutClaim } from '../drift/withoutClaim.ts';
import { commands } from '../protocol.ts';
import type { Configuration } from './configuration.ts';
import type { Documents } from './documents.ts';
import type { ParsedDocument } from './gloss.ts';
import { plainLine } from './markdown.ts';

const source = 'CodeGloss';
const code = 'drift';
/** Typing goes on; a hint that comes and goes with each letter helps nobody. */
const settleMs = 600;

export interface DriftPorts {
  readonly documents: Documents;
  readonly configuration: Configuration;
  /** Whether `Show Summary` exists in the editor. */
  readonly commandLinks: boolean;
}

/** Hints at comments whose claims no longer hold, by structure alone: see `findDrift`. */
export class DriftHints {
  readonly #connection: Connection;
  readonly #ports: DriftPorts;
  readonly #settling = new Map<string, NodeJS.Timeout>();

  constructor(connection: Connection, ports: DriftPorts) {
    this.#connection = connection;
    this.#ports = ports;
    const { documents } = ports;
    documents.onOpened((uri) => this.#settle(uri, 0));
    documents.onChanged((uri) => this.#settle(uri, settleMs));
    documents.onClosed((uri) => {
      clearTimeout(this.#settling.get(uri));
      this.#settling.delete(uri);
      void connection.sendDiagnostics({ uri, diagnostics: [] });
    });
  }

  /** After a setting changed. */
  refresh(): void {
    for (const uri of this.#ports.documents.uris()) this.#settle(uri, 0);
  }

  /** Quick fixes for the hints at a line: take the claim out where it has a line of its own, and read what the code does now. */
  actions(document: ParsedDocument, startLine: number, endLine: number): readonly CodeAction[] {
    return findDrift(document.syntax)
      .filter(({ line }) => line >= startLine && line <= endLine)
      .flatMap((finding) => this.#actionsFor(document, finding));
  }

  dispose(): void {
    for (const timer of this.#settling.values()) clearTimeout(timer);
    this.#settling.clear();
  }

  #actionsFor(document: ParsedDocument, finding: DriftFinding): readonly CodeAction[] {
    const diagnostics = [diagnosticOf(document, finding)];
    const edit = withoutClaim(document.syntax, finding);
    const symbol = document.syntax.outline.symbols[finding.symbol];
    const line = symbol?.selectionRange.start.line ?? 0;
    const show = {
      title: 'Read what the code does now',
      command: commands.showSummary,
      arguments: [document.uri, line],
    };
    const what = finding.kind === 'return' ? 'the promised value' : finding.name;
    return [
      ...(edit === undefined
        ? []
        : [
            {
              title: `Take ${plainLine(what, 60)} out of the comment`,
              kind: CodeActionKind.QuickFix,
              diagnostics,
              edit: { changes: { [document.uri]: [{ range: edit, newText: '' }] } },
            },
          ]),
      ...(this.#ports.commandLinks
        ? [{ title: show.title, kind: CodeActionKind.QuickFix, diagnostics, command: show }]
        : []),
    ];
  }

  #settle(uri: string, ms: number): void {
    clearTimeout(this.#settling.get(uri));
    this.#settling.set(
      uri,
      setTimeout(() => {
        this.#settling.delete(uri);
        this.#look(uri).catch((error: unknown) => this.#connection.console.info(`Drift in ${uri}: ${String(error)}`));
      }, ms),
    );
  }

  async #look(uri: string): Promise<void> {
    const { documents, configuration } = this.#ports;
    const document = await documents.get(uri);
    if (document === undefined) return;
    const { drift } = await configuration.get(uri);
    const found = drift.enabled ? findDrift(document.syntax) : [];
    const diagnostics = found.map((finding) => diagnosticOf(document, finding));
    await this.#connection.sendDiagnostics({ uri, version: document.version, diagnostics });
  }
}

function diagnosticOf({ syntax }: ParsedDocument, { line, message }: DriftFinding): Diagnostic {
  const start = syntax.offsetAt({ line, character: 0 });
  const text = syntax.text.slice(start, start + 500).split(/\r\n|\n|\r/, 1)[0] ?? '';
  const first = text.length - text.trimStart().length;
  return {
    range: { start: { line, character: first }, end: { line, character: Math.max(first, text.trimEnd().length) } },
    severity: DiagnosticSeverity.Hint,
    source,
    code,
    message: plainLine(message, 300),
  };
}
