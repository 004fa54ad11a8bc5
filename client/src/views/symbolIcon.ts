import * as vscode from 'vscode';

const icons: Readonly<Record<string, string>> = {
  module: 'symbol-module',
  namespace: 'symbol-namespace',
  package: 'symbol-package',
  class: 'symbol-class',
  method: 'symbol-method',
  property: 'symbol-property',
  field: 'symbol-field',
  constructor: 'symbol-constructor',
  enum: 'symbol-enum',
  interface: 'symbol-interface',
  variable: 'symbol-variable',
  constant: 'symbol-constant',
  struct: 'symbol-structure',
  object: 'symbol-object',
  event: 'symbol-event',
  operator: 'symbol-operator',
  routine: 'symbol-module',
  section: 'symbol-namespace',
  macro: 'symbol-constant',
};

export function symbolIcon(kind: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(Object.hasOwn(icons, kind) ? (icons[kind] ?? 'symbol-function') : 'symbol-function');
}
