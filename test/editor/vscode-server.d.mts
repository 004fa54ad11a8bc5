import type { Browser } from 'playwright-core';

export interface ServerOptions {
  readonly userDataDir?: string;
  readonly extensionsDir?: string;
  readonly settings?: object;
  readonly machineSettings?: object;
  readonly vsix?: readonly string[];
  readonly env?: object;
  readonly log?: string;
  readonly trust?: boolean;
  readonly ai?: boolean;
}

export interface EditorServer {
  readonly port: number;
  /** Folder that lives as long as the server. */
  readonly scratch: string;
  stop(): Promise<void>;
  /** Address of a file as the workbench names it. */
  remote(file: string): string;
}

export const verbose: boolean;
export function startServer(options?: ServerOptions): Promise<EditorServer>;
export function launchBrowser(): Promise<Browser>;
export function workbenchUrl(port: number, folder: string, payload: readonly (readonly [string, string])[]): string;
