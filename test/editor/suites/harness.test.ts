import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';

suite('the harness', () => {
  test('runs in a real extension host', () => {
    assert.match(vscode.version, /^1\.\d+/);
  });
});
