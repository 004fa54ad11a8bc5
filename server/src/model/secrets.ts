import { lintSource } from '@secretlint/core';
import { creator as recommended } from '@secretlint/secretlint-rule-preset-recommend';
import { assignedSecrets, type SecretSpan } from './assignedSecrets.ts';

/** A stretch of text that looks like a credential. */
export interface SecretFinding {
  /** 0-based line in the scanned text. */
  readonly line: number;
  /** What it looks like, in a few words; never the secret. */
  readonly what: string;
  /** The matched text itself, to recognise it elsewhere. Never shown or logged. */
  readonly value: string;
}

/** A comment with this word on the same line says that the finding is none. */
export const allowSecretPragma = 'codegloss:allow-secret';

/** What a scan found: credentials, and those that their line allows. */
export interface SecretScan {
  readonly found: readonly SecretFinding[];
  readonly allowed: ReadonlySet<string>;
}

const config = { rules: [{ id: 'preset', rule: recommended, options: {} }] };

/**
 * Looks for credentials in a text: secretlint's recommended rules (tokens of known services, private keys, connection strings), then values
 * assigned to names like `password` that are too random to be words.
 */
export async function scanForSecrets(text: string): Promise<SecretScan> {
  const known = await knownServices(text);
  const findings = [...known, ...assignedSecrets(text)];
  const allowed = new Set<string>();
  const found: SecretFinding[] = [];
  const starts = lineStarts(text);
  for (const { start, end, what } of findings) {
    const line = lineOf(starts, start);
    const value = text.slice(start, end);
    if (lineText(text, starts, line).includes(allowSecretPragma)) allowed.add(value);
    else found.push({ line, what, value });
  }
  return { found: found.sort((left, right) => left.line - right.line), allowed };
}

async function knownServices(text: string): Promise<readonly SecretSpan[]> {
  const result = await lintSource({
    source: { filePath: 'text.txt', content: text, contentType: 'text', ext: '.txt' },
    options: { config, maskSecrets: true, noPhysicFilePath: true },
  });
  return result.messages.map((message) => ({
    start: message.range[0],
    end: message.range[1],
    what: serviceName(message.ruleId),
  }));
}

/** `@secretlint/secretlint-rule-github` → `github credential`. */
function serviceName(ruleId: string): string {
  const name = ruleId.replace(/^.*secretlint-rule-/, '');
  return name === 'privatekey' ? 'private key' : `${name} credential`;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function lineText(text: string, starts: readonly number[], line: number): string {
  return text.slice(starts[line] ?? 0, starts[line + 1] ?? text.length);
}
