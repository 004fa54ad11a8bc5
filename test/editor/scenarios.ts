/** One start of the editor: what is switched on, and which suites run in it. */
export interface Scenario {
  readonly name: string;
  readonly suites: readonly string[];
  /** Workspace trust on: the folder opens in Restricted Mode. */
  readonly trust?: boolean;
  /** The editor's AI features on. */
  readonly ai?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings with machine scope. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  /** Files added to the workspace before it opens. */
  readonly files?: Readonly<Record<string, string>>;
}

export const scenarios: readonly Scenario[] = [{ name: 'harness', suites: ['harness'] }];
