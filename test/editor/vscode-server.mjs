// Starts a real VS Code server and a headless Chromium for it. Shared by vscode-headless.mjs and drive-ui.mjs.
//
// Environment
//   VSH_HOME      folder made by setup.sh (default: node_modules/.cache/vscode-headless under the working directory)
//   VSH_NODE      Node binary for the server        (default: VSH_HOME/node/bin/node)
//   VSH_CHROMIUM  browser                           (default: chromium on PATH)
//   VSH_VERBOSE   1 = print the server's log and the workbench's console
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

export const verbose = Boolean(process.env.VSH_VERBOSE);

const DEFAULT_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'workbench.startupEditor': 'none',
  'workbench.editor.useModal': 'off',
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'git.enabled': false,
};

function home() {
  const dir = path.resolve(process.env.VSH_HOME || 'node_modules/.cache/vscode-headless');
  const main = path.join(dir, 'node_modules/code-server/lib/vscode/out/server-main.js');
  if (!fs.existsSync(main)) throw new Error(`no VS Code server under ${dir}: run setup.sh DIR and set VSH_HOME=DIR`);
  return { dir, main, node: process.env.VSH_NODE || path.join(dir, 'node/bin/node') };
}

/** Playwright from the project if it has it, else the one setup.sh installed. */
function loadChromium() {
  for (const from of [process.cwd(), home().dir]) {
    try {
      return createRequire(path.join(from, 'package.json'))('playwright-core').chromium;
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new Error('playwright-core is not installed');
}

function chromiumPath() {
  if (process.env.VSH_CHROMIUM) return process.env.VSH_CHROMIUM;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
      // not this one
    }
  }
  throw new Error('no Chromium found: apt-get install chromium, or set VSH_CHROMIUM');
}

function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/**
 * @param {{userDataDir?: string, extensionsDir?: string, settings?: object, machineSettings?: object, vsix?: string[], env?: object,
 *   log?: string, trust?: boolean, ai?: boolean}} options
 *   `trust`: workspace trust is on, and the folder opens in Restricted Mode without being asked about.
 *   `ai`: the editor's AI features (language models, chat) are on.
 *   `machineSettings`: settings of the machine where extensions run; settings with machine scope are read only from there.
 *   `log`: VS Code log level. Not `error`: that would hide console output of tests.
 */
export async function startServer(options = {}) {
  const { main, node } = home();
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'vsh-'));
  const user = path.resolve(options.userDataDir || path.join(scratch, 'user'));
  const extensions = path.resolve(options.extensionsDir || path.join(scratch, 'extensions'));
  fs.mkdirSync(path.join(user, 'User'), { recursive: true });
  fs.mkdirSync(extensions, { recursive: true });
  const settingsFile = path.join(user, 'User/settings.json');
  if (!fs.existsSync(settingsFile)) {
    const chosen = { 'chat.disableAIFeatures': !options.ai, 'security.workspace.trust.startupPrompt': 'never' };
    fs.writeFileSync(settingsFile, JSON.stringify({ ...DEFAULT_SETTINGS, ...chosen, ...options.settings }, null, 2));
  }
  // Beside the user's own: with a folder for user data the server does not look into its own data folder for these.
  const machineFile = path.join(user, 'Machine/settings.json');
  fs.mkdirSync(path.dirname(machineFile), { recursive: true });
  fs.writeFileSync(machineFile, JSON.stringify(options.machineSettings ?? {}));

  // No extension gallery: nothing may try to reach the network.
  const env = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...options.env };
  delete env.NODE_OPTIONS;
  delete env.ELECTRON_RUN_AS_NODE;
  const dirs = [
    '--server-data-dir',
    path.join(scratch, 'server'),
    '--user-data-dir',
    user,
    '--extensions-dir',
    extensions,
  ];
  for (const file of options.vsix ?? []) {
    execFileSync(node, [main, '--accept-server-license-terms', ...dirs, '--install-extension', path.resolve(file)], {
      env,
      stdio: 'pipe',
    });
  }

  const port = await freePort();
  const flags = [
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--without-connection-token',
    '--accept-server-license-terms',
    // Without this flag a built workbench ignores extensionDevelopmentPath and extensionTestsPath in the page's address.
    '--enable-smoke-test-driver',
    '--telemetry-level',
    'off',
    ...(options.trust ? [] : ['--disable-workspace-trust']),
    ...(options.log ? ['--log', options.log] : []),
  ];
  // Its own process group, so that extension hosts and terminals can be ended with it.
  const server = spawn(node, [main, ...flags, ...dirs], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const keep = (chunk) => {
    log = (log + chunk).slice(-200_000);
  };
  server.stdout.on('data', keep);
  server.stderr.on('data', keep);
  const running = () => server.exitCode === null && server.signalCode === null;

  async function stop() {
    if (running()) {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 4000).unref())]);
    }
    try {
      process.kill(-server.pid, 'SIGKILL');
    } catch {
      // the group is gone already
    }
    fs.rmSync(scratch, { recursive: true, force: true });
    if (verbose) process.stderr.write(log);
  }

  for (const deadline = Date.now() + 30_000; ; ) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/version`)).ok) break;
    } catch {
      // not listening yet
    }
    if (!running() || Date.now() > deadline) {
      await stop();
      throw new Error(`the VS Code server did not start:\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { port, scratch, stop, remote: (file) => `vscode-remote://127.0.0.1:${port}${path.resolve(file)}` };
}

export function launchBrowser() {
  return loadChromium().launch({
    executablePath: chromiumPath(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}

/** Address of the workbench. `payload` is VS Code's list of [key, value] start options. */
export function workbenchUrl(port, folder, payload) {
  const where = folder ? `folder=${encodeURIComponent(path.resolve(folder))}` : 'ew=true';
  return `http://127.0.0.1:${port}/?${where}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}
