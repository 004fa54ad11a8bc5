#!/usr/bin/env node
// Acts like the `code` executable for extension tests, without Electron: a real VS Code server with the web workbench in headless
// Chromium. Extensions and tests run in VS Code's Node (remote) extension host.
//
// Arguments, as @vscode/test-electron and @vscode/test-cli pass them (others are accepted and ignored):
//   --extensionDevelopmentPath=DIR (may repeat)  --extensionTestsPath=FILE  --user-data-dir=DIR  --extensions-dir=DIR  [FOLDER]
// Of our own:
//   --install-vsix=FILE   installed before the start     --workspace-trust  the folder opens in Restricted Mode
//   --ai-features         language models and chat on    --settings=JSON    --machine-settings=JSON
// Environment: see vscode-server.mjs, and VSH_TIMEOUT (seconds, 120), VSH_SCREENSHOT (file for a picture at the end).
// Exit: 0 tests passed, 1 a test failed, 2 the harness failed or timed out.
import fs from 'node:fs';
import path from 'node:path';
import { launchBrowser, startServer, verbose, workbenchUrl } from './vscode-server.mjs';

function parseArguments(argv) {
  const developed = [];
  const options = {};
  let folder;
  for (const argument of argv) {
    const [, key, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(argument) ?? [];
    if (!key) folder = argument;
    else if (key === 'extensionDevelopmentPath') developed.push(value);
    else options[key] = value ?? true;
  }
  return { developed, options, folder };
}

/** Runs inside the extension host in place of the tests' entry: sends their output to a file and then runs them. */
function shimSource(tests, output) {
  return `
const fs = require('fs'), util = require('util'), { pathToFileURL } = require('url');
exports.run = async () => {
  const write = (text) => fs.appendFileSync(${JSON.stringify(output)}, text);
  // VS Code gives console.* a setter that does nothing, so a plain assignment would be lost.
  for (const name of ['log', 'info', 'warn', 'error', 'debug']) {
    Object.defineProperty(console, name, { configurable: true, writable: true, value: (...a) => write(util.format(...a) + '\\n') });
  }
  process.stdout.write = (text, encoding, done) => { write(String(text)); (typeof encoding === 'function' ? encoding : done)?.(); return true; };
  const tests = ${JSON.stringify(tests)};
  try {
    const file = require.resolve(tests);
    let loaded;
    try { loaded = require(file); } catch (error) {
      if (error.code !== 'ERR_REQUIRE_ESM') throw error;
      loaded = await import(pathToFileURL(file).href);
    }
    const run = loaded.run || loaded.default?.run || loaded.default;
    if (run.length >= 2) {
      await new Promise((resolve, reject) => run(tests, (error, failed) => error ? reject(error) : failed ? reject(new Error(failed + ' tests failed')) : resolve()));
    } else await run();
  } catch (error) { write('TEST RUN FAILED: ' + (error?.stack || error) + '\\n'); throw error; }
};`;
}

function follow(file) {
  let offset = 0;
  const drain = () => {
    const bytes = fs.existsSync(file) ? fs.readFileSync(file) : Buffer.alloc(0);
    if (bytes.length > offset) process.stdout.write(bytes.subarray(offset));
    offset = Math.max(offset, bytes.length);
  };
  const timer = setInterval(drain, 100);
  return () => {
    clearInterval(timer);
    drain();
  };
}

async function runTests() {
  const { developed, options, folder } = parseArguments(process.argv.slice(2));
  if (typeof options.extensionTestsPath !== 'string') throw new Error('--extensionTestsPath=FILE is required');
  const server = await startServer({
    userDataDir: options['user-data-dir'],
    extensionsDir: options['extensions-dir'],
    vsix: options['install-vsix'] ? [options['install-vsix']] : [],
    trust: options['workspace-trust'] === true,
    ai: options['ai-features'] === true,
    settings: JSON.parse(options.settings ?? '{}'),
    machineSettings: JSON.parse(options['machine-settings'] ?? '{}'),
  });
  const output = path.join(server.scratch, 'tests.out');
  const shim = path.join(server.scratch, 'shim.cjs');
  fs.writeFileSync(output, '');
  fs.writeFileSync(shim, shimSource(path.resolve(options.extensionTestsPath), output));
  const stopFollowing = follow(output);
  let browser;
  try {
    browser = await launchBrowser();
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    if (verbose) page.on('console', (message) => console.error('[page]', message.text().slice(0, 400)));
    // The workbench of a smoke-test run calls these two functions of its page.
    const finished = new Promise((resolve) => page.exposeFunction('codeAutomationExit', (code) => resolve(code)));
    await page.exposeFunction('codeAutomationLog', (type, values) => {
      if (verbose) console.error(`[${type}]`, ...values);
    });
    await page.goto(
      workbenchUrl(server.port, folder, [
        ...developed.map((dir) => ['extensionDevelopmentPath', server.remote(dir)]),
        ['extensionTestsPath', server.remote(shim)],
        ['enableProposedApi', ''],
        ['skipWelcome', 'true'],
      ]),
    );
    const seconds = Number(process.env.VSH_TIMEOUT || 120);
    const late = new Promise((_, reject) => {
      setTimeout(() => reject(new Error(`no result after ${seconds} s`)), seconds * 1000).unref();
    });
    try {
      return await Promise.race([finished, late]);
    } finally {
      if (process.env.VSH_SCREENSHOT) await page.screenshot({ path: process.env.VSH_SCREENSHOT });
    }
  } finally {
    stopFollowing();
    await browser?.close();
    await server.stop();
  }
}

let code = 2;
try {
  code = await runTests();
} catch (error) {
  console.error(`vscode-headless: ${error.message}`);
}
process.exit(code);
