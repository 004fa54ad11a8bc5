import { LRUCache } from 'lru-cache';
import type { Connection } from 'vscode-languageserver';
import { defaultSettings, parseSettings, type Settings } from '../settings.ts';

const maxScopes = 500;

/**
 * Settings per resource, pulled from the client when first needed and dropped on every change. Clients without `workspace/configuration`
 * may send them with `workspace/didChangeConfiguration`, under `codegloss`.
 */
export class Configuration {
  readonly #connection: Connection;
  readonly #pulls: boolean;
  readonly #cache = new Map<string, Promise<Settings>>();
  /** What each scope answered last: for places that cannot wait. */
  readonly #known = new LRUCache<string, Settings>({ max: maxScopes });
  readonly #listeners: (() => void)[] = [];
  #pushed: Settings = defaultSettings;
  #latest: Settings = defaultSettings;
  #reported = new Set<string>();

  constructor(connection: Connection, pulls: boolean, initial: unknown) {
    this.#connection = connection;
    this.#pulls = pulls;
    if (initial !== undefined) this.#pushed = this.#latest = this.#parse(initial);
  }

  register(): void {
    this.#connection.onDidChangeConfiguration(({ settings }) => {
      this.#cache.clear();
      const section = (settings as { codegloss?: unknown } | null)?.codegloss;
      if (!this.#pulls && section !== undefined) this.#pushed = this.#latest = this.#parse(section);
      for (const listener of this.#listeners) listener();
    });
  }

  onChanged(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Settings for a document (or the window when no URI is given). */
  async get(uri?: string): Promise<Settings> {
    if (!this.#pulls) return this.#pushed;
    const scope = uri ?? '';
    let pending = this.#cache.get(scope);
    if (pending === undefined) {
      if (this.#cache.size > maxScopes) this.#cache.clear();
      pending = this.#pull(uri);
      this.#cache.set(scope, pending);
    }
    return pending;
  }

  /** The settings last seen (of a document, where one is meant and known), for places that cannot wait. */
  latest(uri?: string): Settings {
    return (uri === undefined ? undefined : this.#known.get(uri)) ?? this.#latest;
  }

  async #pull(uri: string | undefined): Promise<Settings> {
    try {
      const raw: unknown = await this.#connection.workspace.getConfiguration(
        uri === undefined ? { section: 'codegloss' } : { scopeUri: uri, section: 'codegloss' },
      );
      const settings = this.#parse(raw);
      this.#latest = settings;
      if (uri !== undefined) this.#known.set(uri, settings);
      return settings;
    } catch {
      // A client that is shutting down answers nothing; what we knew still holds.
      return this.#latest;
    }
  }

  #parse(raw: unknown): Settings {
    const { settings, problems } = parseSettings(raw);
    for (const problem of problems) {
      if (this.#reported.has(problem)) continue;
      this.#reported.add(problem);
      this.#connection.console.warn(problem);
    }
    return settings;
  }
}
