import { LRUCache } from 'lru-cache';
import { ModelError } from '../types/errors.ts';
import type { Priority, ProduceRequest } from '../types/produce.ts';
import { type Block, blockedMessages } from './messages.ts';
import { isCredentialPath } from './secretPaths.ts';
import { type SecretScan, scanForSecrets } from './secrets.ts';

/** What the gate asks of its surroundings. A port that throws or rejects closes the gate. */
export interface GatePorts {
  /** Whether the user trusts the workspace (VS Code's workspace trust; true where there is no such thing). */
  isTrusted(): boolean;
  /** Whether ignore files or settings keep the path from models. Paths as in `Subject.path`, in the folder of the document `near`. */
  isIgnored(path: string, near?: string): boolean | Promise<boolean>;
}

/** Where requests behind this gate go. */
export interface Destination {
  /** Shown to people: `Anthropic`, or the endpoint's host. */
  readonly name: string;
  /** A server on this machine: needs no choice and no consent, but passes every other step. */
  readonly isLoopback: boolean;
  /** Whether the user named this provider; never from a repository's configuration. */
  readonly isChosen: boolean;
  /** Setting `codegloss.automatic`: requests that nobody asked for (lenses, background) may go out. */
  readonly mayRunUnasked: boolean;
}

/** Bytes (UTF-8) of one request at most; about 250,000 tokens, beyond what a summary is worth. */
export const largestRequest = 800_000;

/** Scans that are remembered, so that a shared piece is scanned once. */
const rememberedScans = 2000;

/**
 * The one gate before anything leaves the machine (DESIGN.md, rule 4): workspace trust → user's choice → ignore rules → secret scan → size.
 * Every step that cannot be decided is decided as no.
 */
export class Gate {
  readonly #ports: GatePorts;
  readonly #destination: Destination;
  readonly #scans = new LRUCache<string, SecretScan>({
    max: rememberedScans,
    maxSize: 32_000_000,
    sizeCalculation: (_, text) => text.length + 1,
  });

  constructor(ports: GatePorts, destination: Destination) {
    this.#ports = ports;
    this.#destination = destination;
  }

  /** Passes, or throws `ModelError` of kind `blocked` with the reason. */
  async pass(request: ProduceRequest): Promise<void> {
    const block = await this.#blockOf(request);
    if (block !== undefined) throw new ModelError('blocked', block.message, { reason: block.reason });
  }

  /** Trust and choice alone, without looking at any text: what a status item or a lens needs to know before there is a request. */
  admission(priority: Priority): Block | undefined {
    try {
      if (this.#ports.isTrusted() !== true) return blockedMessages.untrusted(this.#destination.name);
    } catch {
      return blockedMessages.untrusted(this.#destination.name);
    }
    if (this.#destination.isLoopback) return undefined;
    if (!this.#destination.isChosen) return blockedMessages.notChosen(this.#destination.name);
    const unasked = priority === 'lens' || priority === 'background';
    return unasked && !this.#destination.mayRunUnasked
      ? blockedMessages.notAutomatic(this.#destination.name)
      : undefined;
  }

  /** Whether a text may be sent, by its own path: for a context builder that leaves out what the gate would refuse. */
  async blockOfText(path: string, text: string, near?: string): Promise<Block | undefined> {
    return (await this.blockOfPath(path, near)) ?? this.#blockOfContent(path, text);
  }

  async #blockOf(request: ProduceRequest): Promise<Block | undefined> {
    const admission = this.admission(request.priority);
    if (admission !== undefined) return admission;
    const texts = [{ path: request.subject.path, text: request.source }, ...request.pieces];
    for (const path of new Set(texts.map((each) => each.path))) {
      const block = await this.blockOfPath(path, request.subject.uri);
      if (block !== undefined) return block;
    }
    const allowed = new Set<string>();
    for (const { path, text } of texts) {
      const block = await this.#blockOfContent(path, text, allowed);
      if (block !== undefined) return block;
    }
    return this.#blockOfPrompt(request, allowed);
  }

  /** Whether nothing of a file may be sent, whatever it holds. */
  async blockOfPath(path: string, near?: string): Promise<Block | undefined> {
    try {
      if ((await this.#ports.isIgnored(path, near)) !== false) return blockedMessages.ignored(path);
    } catch {
      return blockedMessages.undecidable(path);
    }
    return isCredentialPath(path) ? blockedMessages.credentialFile(path) : undefined;
  }

  async #blockOfContent(path: string, text: string, allowed?: Set<string>): Promise<Block | undefined> {
    if (text.includes('\0')) return blockedMessages.notText(path);
    if (Buffer.byteLength(text) > largestRequest) return blockedMessages.tooLarge(path, largestRequest);
    const scan = await this.#scan(text);
    if (scan === undefined) return blockedMessages.undecidable(path);
    for (const value of scan.allowed) allowed?.add(value);
    const finding = scan.found[0];
    return finding === undefined ? undefined : blockedMessages.secret(path, finding.line, finding.what);
  }

  /** What really leaves: the prompt, which also holds texts that are no piece (names, summaries, instructions). */
  async #blockOfPrompt(request: ProduceRequest, allowed: ReadonlySet<string>): Promise<Block | undefined> {
    const path = request.subject.path;
    const bytes = request.prompt.reduce((sum, block) => sum + Buffer.byteLength(block.text), 0);
    if (bytes > largestRequest) return blockedMessages.tooLarge(path, largestRequest);
    for (const { text } of request.prompt) {
      const scan = await this.#scan(text);
      if (scan === undefined) return blockedMessages.undecidable(path);
      const finding = scan.found.find((each) => !allowed.has(each.value));
      if (finding !== undefined) return blockedMessages.secretInPrompt(path, finding.what);
    }
    return undefined;
  }

  async #scan(text: string): Promise<SecretScan | undefined> {
    const known = this.#scans.get(text);
    if (known !== undefined) return known;
    try {
      const scan = await scanForSecrets(text);
      this.#scans.set(text, scan);
      return scan;
    } catch {
      return undefined;
    }
  }
}
